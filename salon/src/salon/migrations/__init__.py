"""The Salon's migrations."""
