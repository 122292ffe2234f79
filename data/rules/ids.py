"""Ids as they are written in addresses, files and commands."""

from uuid import UUID


def as_uuid(written: str) -> UUID | None:
    """The id that is written here, or None where there is none."""
    try:
        return UUID(written)
    except ValueError:
        return None
