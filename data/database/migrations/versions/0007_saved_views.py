"""Views of the class page that people named."""

from data.database.migrations import run

revision = "0007_saved_views"
down_revision = "0006_demo"


def upgrade() -> None:
    run("0007_saved_views.sql")
