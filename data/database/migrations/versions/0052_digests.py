"""Where the digest is sent, and to whom it went."""

from data.database.migrations import run

revision = "0052_digests"
down_revision = "0051_attention_figures"


def upgrade() -> None:
    run("0052_digests.sql")
