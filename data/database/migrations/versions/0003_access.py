"""Who sees and changes what: functions, narrowed views, grants, policies."""

from data.database.migrations import run

revision = "0003_access"
down_revision = "0002_roster"


def upgrade() -> None:
    run("0003_access.sql")
