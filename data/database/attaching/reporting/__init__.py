"""What the catalogue of a school's own database says, by subject; nothing is changed."""
