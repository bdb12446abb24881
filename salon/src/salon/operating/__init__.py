"""The pages of those who run the installation."""

from salon.operating.experiments import operating

__all__ = ["operating"]
