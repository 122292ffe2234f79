"""The views ask for what is mine once a statement, whatever the plan."""

from data.database.migrations import run

revision = "0026_asked_once"
down_revision = "0025_attention"


def upgrade() -> None:
    run("0026_asked_once.sql")
