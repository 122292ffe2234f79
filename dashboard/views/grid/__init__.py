"""A class as an editable table."""
