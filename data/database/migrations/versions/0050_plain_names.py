"""Names and e-mails as they are searched for."""

from data.database.migrations import run

revision = "0050_plain_names"
down_revision = "0049_flag_records"


def upgrade() -> None:
    run("0050_plain_names.sql")
