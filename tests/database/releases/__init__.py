"""Releases beside each other: a database that a newer one migrated serves the one before too."""
