"""A student, and staff about themselves, are not told that something is locked."""

from data.database.migrations import run

revision = "0028_locks_told_by_locks"
down_revision = "0027_present_tense"


def upgrade() -> None:
    run("0028_locks_told_by_locks.sql")
