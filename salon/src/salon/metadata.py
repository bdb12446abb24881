"""The Salon's tables, gathered for its migrations."""

from sqlalchemy import MetaData

metadata = MetaData()
