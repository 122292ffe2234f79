"""The class page and the overview, answered student by student."""

from data.database.migrations import run

revision = "0014_class_rows"
down_revision = "0013_draft"


def upgrade() -> None:
    run("0014_class_rows.sql")
