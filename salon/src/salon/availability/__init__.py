"""When somebody can still be booked."""
