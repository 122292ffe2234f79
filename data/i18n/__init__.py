"""Dates, numbers and sentences in the viewer's language and zone."""
