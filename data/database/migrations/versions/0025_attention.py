"""The overview says how many of a class need attention."""

from data.database.migrations import run

revision = "0025_attention"
down_revision = "0024_sign_in_over"


def upgrade() -> None:
    run("0025_attention.sql")
