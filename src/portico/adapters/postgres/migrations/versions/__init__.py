"""The framework's revisions, oldest first."""
