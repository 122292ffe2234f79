"""The same values for many."""
