"""Who asks is told by a signature, and by nothing that a statement could set."""

from data.database.migrations import run

revision = "0020_signed_claims"
down_revision = "0019_live_keeping"


def upgrade() -> None:
    run("0020_signed_claims.sql")
