"""Customers of a business that are kept in a database elsewhere."""
