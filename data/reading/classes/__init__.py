"""What the overview, a class and its table show."""
