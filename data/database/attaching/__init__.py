"""Attaching to a school's own database: what is read there, what was found, and what is done."""
