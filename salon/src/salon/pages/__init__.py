"""The pages for a browser, working without JavaScript."""
