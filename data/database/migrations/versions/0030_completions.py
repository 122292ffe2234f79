"""When a row was completed, stored beside it: its own date, else the history's."""

from data.database.migrations import run

revision = "0030_completions"
down_revision = "0029_activity"


def upgrade() -> None:
    run("0030_completions.sql")
