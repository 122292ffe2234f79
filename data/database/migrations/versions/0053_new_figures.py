"""That a flag is gone after a figure or a holiday was changed."""

from data.database.migrations import run

revision = "0053_new_figures"
down_revision = "0052_digests"


def upgrade() -> None:
    run("0053_new_figures.sql")
