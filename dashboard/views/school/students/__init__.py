"""Students: looked for, one corrected, many changed at once."""
