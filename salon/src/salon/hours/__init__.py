"""When a business is open."""
