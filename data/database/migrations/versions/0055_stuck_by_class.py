"""Who is stuck is said by the figures of each class."""

from data.database.migrations import run

revision = "0055_stuck_by_class"
down_revision = "0054_class_scores"


def upgrade() -> None:
    run("0055_stuck_by_class.sql")
