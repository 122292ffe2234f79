"""From the schema that grew by migrations to the one in files: roles of our own, everything closed."""

from data.database.migrations import run

revision = "0027_present_tense"
down_revision = "0026_asked_once"


def upgrade() -> None:
    run("0027_present_tense.sql")
