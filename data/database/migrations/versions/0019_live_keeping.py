"""Open pages hear of what is kept and released."""

from data.database.migrations import run

revision = "0019_live_keeping"
down_revision = "0018_writing_many"


def upgrade() -> None:
    run("0019_live_keeping.sql")
