"""Who visits whom, when and for what."""
