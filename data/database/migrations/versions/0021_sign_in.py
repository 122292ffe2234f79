"""Who signs in is bound to somebody on the staff; each sign-in is a session that ends."""

from data.database.migrations import run

revision = "0021_sign_in"
down_revision = "0020_signed_claims"


def upgrade() -> None:
    run("0021_sign_in.sql")
