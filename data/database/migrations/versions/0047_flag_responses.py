"""What staff responded to flags."""

from data.database.migrations import run

revision = "0047_flag_responses"
down_revision = "0046_history_student"


def upgrade() -> None:
    run("0047_flag_responses.sql")
