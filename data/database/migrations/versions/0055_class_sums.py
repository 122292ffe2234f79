"""What of the sums of classes is whose is kept in one row."""

from data.database.migrations import run

revision = "0055_class_sums"
down_revision = "0054_class_scores"


def upgrade() -> None:
    run("0055_class_sums.sql")
