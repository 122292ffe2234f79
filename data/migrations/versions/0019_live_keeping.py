"""Open pages hear of what is kept and released."""

from data.migrations import run

revision = "0019_live_keeping"
down_revision = "0014_class_rows"


def upgrade() -> None:
    run("0019_live_keeping.sql")
