"""What the roster is read from may tell that it was written."""

from data.database.migrations import run

revision = "0041_roster_mark"
down_revision = "0040_standings"


def upgrade() -> None:
    run("0041_roster_mark.sql")
