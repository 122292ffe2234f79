"""What changed, by whom, and what was saved together."""
