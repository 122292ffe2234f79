"""Where numbering begins: what came before is in the schema's files, and a new database is made from those."""

revision = "0026_asked_once"
down_revision = None


def upgrade() -> None:
    """No database is brought to here: it is either older than this program knows, or made whole."""
