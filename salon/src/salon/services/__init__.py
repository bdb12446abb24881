"""What a business offers, how long it takes and what it costs."""
