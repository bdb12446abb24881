"""Pure values and the fold over them: actions, policies, calls, results. Nothing here knows a wire or a driver."""
