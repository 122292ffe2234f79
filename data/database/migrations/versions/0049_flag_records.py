"""When each flag was first seen, and when it was gone."""

from data.database.migrations import run

revision = "0049_flag_records"
down_revision = "0048_class_targets"


def upgrade() -> None:
    run("0049_flag_records.sql")
