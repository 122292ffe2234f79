"""Hints of what changed, for pages that are open."""

from data.database.migrations import run

revision = "0008_live"
down_revision = "0007_saved_views"


def upgrade() -> None:
    run("0008_live.sql")
