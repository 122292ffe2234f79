"""The rules of the domain: pure, and of the standard library only."""
