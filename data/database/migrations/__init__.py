"""Alembic migrations: thin versions, one readable SQL file each."""

from pathlib import Path

from alembic import op

SQL_FILES = Path(__file__).parent / "sql"


def run(file: str) -> None:
    """Execute one SQL file as it stands: many statements, percent signs and colons included."""
    # The driver's own connection: SQLAlchemy's would bind parameters, which allows one statement only.
    driver = op.get_bind().connection.driver_connection
    if driver is None:
        raise RuntimeError("migrations need a live connection")
    driver.execute((SQL_FILES / file).read_text(encoding="utf-8"))
