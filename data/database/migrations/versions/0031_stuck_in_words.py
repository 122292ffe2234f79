"""Who is stuck, also where the platform wrote attempts and outcome as text."""

from data.database.migrations import run

revision = "0031_stuck_in_words"
down_revision = "0030_completions"


def upgrade() -> None:
    run("0031_stuck_in_words.sql")
