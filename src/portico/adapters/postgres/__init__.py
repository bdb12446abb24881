"""PostgreSQL: the one database, embedded or your own."""
