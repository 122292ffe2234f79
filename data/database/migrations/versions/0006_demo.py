"""The marker without which there are no demo people."""

from data.database.migrations import run

revision = "0006_demo"
down_revision = "0005_facts"


def upgrade() -> None:
    run("0006_demo.sql")
