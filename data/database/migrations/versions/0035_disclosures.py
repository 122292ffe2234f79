"""Who looked at or exported whose data is recorded."""

from data.database.migrations import run

revision = "0035_disclosures"
down_revision = "0034_retention"


def upgrade() -> None:
    run("0035_disclosures.sql")
