"""What pages share on which a table comes in: where it is from, that it is open, what becomes of its lines."""
