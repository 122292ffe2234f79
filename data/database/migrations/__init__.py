"""Numbered migrations by Alembic: what a change of the schema's files asks of the tables of older databases."""

from pathlib import Path

from alembic import op

HERE = Path(__file__).parent


def run(file: str) -> None:
    """Execute one SQL file as it stands: many statements, percent signs and colons included."""
    # The driver's own connection: SQLAlchemy's would bind parameters, which allows one statement only.
    driver = op.get_bind().connection.driver_connection
    if driver is None:
        raise RuntimeError("migrations need a live connection")
    driver.execute((HERE / file).read_text(encoding="utf-8"))
