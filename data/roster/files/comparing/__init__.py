"""What a file says, compared with what is there: who is who, what changes, who leaves, and what stops it."""
