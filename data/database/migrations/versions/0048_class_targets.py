"""What share of a class is planned to be completed by a day."""

from data.database.migrations import run

revision = "0048_class_targets"
down_revision = "0047_flag_responses"


def upgrade() -> None:
    run("0048_class_targets.sql")
