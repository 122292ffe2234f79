"""Who is stuck is said by the figures of each class."""

from data.database.migrations import run

revision = "0056_stuck_by_class"
down_revision = "0055_class_sums"


def upgrade() -> None:
    run("0056_stuck_by_class.sql")
