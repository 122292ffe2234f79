"""One class: students by modules."""
