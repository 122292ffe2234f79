"""Notes on students, and everything that is held on one."""

from data.database.migrations import run

revision = "0015_notes"
down_revision = "0014_class_rows"


def upgrade() -> None:
    run("0015_notes.sql")
