"""Rows that cannot be right, and how each is put right."""
