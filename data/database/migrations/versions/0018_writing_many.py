"""Writing thousands of rows at once: the same history and the same facts for half the work."""

from data.database.migrations import run

revision = "0018_writing_many"
down_revision = "0015_notes"


def upgrade() -> None:
    run("0018_writing_many.sql")
