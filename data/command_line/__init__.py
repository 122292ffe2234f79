"""What the longer commands of `python -m data` do."""
