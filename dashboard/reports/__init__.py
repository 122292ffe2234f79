"""Reports made in the background."""
