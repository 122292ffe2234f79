"""Statuses of the platform's own are counted apart."""

from data.database.migrations import run

revision = "0037_other_statuses"
down_revision = "0036_viewer_of_all"


def upgrade() -> None:
    run("0037_other_statuses.sql")
