"""Corrections that hold when the platform writes something else."""

from data.database.migrations import run

revision = "0011_kept"
down_revision = "0010_history_reading"


def upgrade() -> None:
    run("0011_kept.sql")
