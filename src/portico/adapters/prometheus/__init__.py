"""Metrics for Prometheus: counted in memory that processes share, shown as one page."""
