"""What the law asks: erasing a student, not storing for longer than needed, telling who has seen what."""
