"""When each flag was first seen, and when it was gone."""

from data.database.migrations import run

revision = "0048_flag_records"
down_revision = "0047_flag_responses"


def upgrade() -> None:
    run("0048_flag_records.sql")
