"""A backup: one file with what a database holds, made while it is in use and read back; and its restore."""
