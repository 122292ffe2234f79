"""Rows that cannot be right."""
