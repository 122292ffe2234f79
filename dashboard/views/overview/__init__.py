"""The overview of all classes."""
