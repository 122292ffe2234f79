"""The database itself: the embedded server, the schema, migrations, and the preflight at start."""
