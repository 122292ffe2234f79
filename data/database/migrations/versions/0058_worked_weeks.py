"""In which weeks students worked on a module is kept."""

from data.database.migrations import run

revision = "0058_worked_weeks"
down_revision = "0057_stuck_by_class"


def upgrade() -> None:
    run("0058_worked_weeks.sql")
