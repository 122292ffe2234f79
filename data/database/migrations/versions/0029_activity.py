"""Whose work a change was, stored beside each row: activity is the student's own."""

from data.database.migrations import run

revision = "0029_activity"
down_revision = "0028_locks_told_by_locks"


def upgrade() -> None:
    run("0029_activity.sql")
