"""What the rules of attention ask of facts and standings."""

from data.database.migrations import run

revision = "0042_attention"
down_revision = "0041_roster_mark"


def upgrade() -> None:
    run("0042_attention.sql")
