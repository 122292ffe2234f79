"""Scores as other systems import them: files of their shape, and their own file filled in. Pure."""
