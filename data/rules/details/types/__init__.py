"""One file a module type."""
