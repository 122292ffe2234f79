"""Rows that cannot be right, and those that are to be left as they are."""

from data.database.migrations import run

revision = "0012_data_check"
down_revision = "0011_kept"


def upgrade() -> None:
    run("0012_data_check.sql")
