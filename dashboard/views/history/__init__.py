"""Every change, and undoing it."""
