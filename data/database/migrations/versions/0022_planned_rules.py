"""The rules keep their plans: what row level security costs, brought to a third."""

from data.database.migrations import run

revision = "0022_planned_rules"
down_revision = "0021_sign_in"


def upgrade() -> None:
    run("0022_planned_rules.sql")
