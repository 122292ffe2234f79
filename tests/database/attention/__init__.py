"""Who needs attention: what the database says, held against plain Python under a clock that can be set."""
