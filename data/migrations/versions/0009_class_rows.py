"""The class page and the overview, answered student by student."""

from data.migrations import run

revision = "0009_class_rows"
down_revision = "0008_live"


def upgrade() -> None:
    run("0009_class_rows.sql")
