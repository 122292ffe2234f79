"""Files of others into one shape: lists of an office, and packages of other systems."""
