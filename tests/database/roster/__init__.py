"""Changes of the roster: saved, refused, overtaken, undone."""
