"""Classes: their teachers, students and modules, and the next year."""
