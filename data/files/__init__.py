"""What comes in and goes out as a file; what parses or typesets it runs in a sandbox."""
