"""Roles and the host platform's tables, as the embedded database has them."""

from data.database.migrations import run

revision = "0001_platform"
down_revision = None


def upgrade() -> None:
    run("0000_roles.sql")
    run("0001_platform.sql")
