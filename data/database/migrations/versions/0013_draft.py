"""Edits that were typed and not saved yet."""

from data.database.migrations import run

revision = "0013_draft"
down_revision = "0012_data_check"


def upgrade() -> None:
    run("0013_draft.sql")
