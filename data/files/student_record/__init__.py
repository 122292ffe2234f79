"""All stored data about one student, gathered and written for a subject access request."""
