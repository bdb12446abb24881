"""Public holidays of a business, from a calendar elsewhere."""
