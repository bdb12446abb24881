"""What a business has in a calendar elsewhere."""
