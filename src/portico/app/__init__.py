"""The assembly: settings, wiring, lifespan."""
