"""The platform's own sign-in service, where a database was attached before it could be named."""

from data.database.migrations import run

revision = "0038_accounts_of"
down_revision = "0037_other_statuses"


def upgrade() -> None:
    run("0038_accounts_of.sql")
