"""What the overview says of a class, and whom the rules flag in it, is kept."""

from data.database.migrations import run

revision = "0059_class_summaries"
down_revision = "0058_worked_weeks"


def upgrade() -> None:
    run("0059_class_summaries.sql")
