"""When cells of classes became completed is counted once a day and kept."""

from data.database.migrations import run

revision = "0043_class_days"
down_revision = "0042_attention"


def upgrade() -> None:
    run("0043_class_days.sql")
