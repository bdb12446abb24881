"""The servers under test, each in its own file or folder."""
