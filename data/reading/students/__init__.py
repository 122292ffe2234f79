"""One student's progress, and how it compares."""
