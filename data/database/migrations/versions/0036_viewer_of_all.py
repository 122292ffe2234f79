"""A viewer may be one of all organisations."""

from data.database.migrations import run

revision = "0036_viewer_of_all"
down_revision = "0035_disclosures"


def upgrade() -> None:
    run("0036_viewer_of_all.sql")
