"""What staff write about a class."""
