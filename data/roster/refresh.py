"""Reading a platform's people and classes again, at once."""

from sqlalchemy import text

from data.access import audit
from data.access.session import Actor, acting_as
from data.reading.attachment import attachment
from data.rules.progress import Problem


def read_again(actor: Actor) -> Problem | None:
    """What stood in the way, if anything did: then all is as it was read last.

    Raises DatabaseAway or DatabaseNotReady where the database is not there.
    """
    with acting_as(actor) as connection:
        is_read = bool(connection.scalar(text("select dashboard.refresh_roster()")))
        now = attachment(connection)
    problem = None if is_read else _why(now.error if now else None)
    if problem:
        audit.refused("roster read again", actor, problem)
    else:
        audit.record("roster read again", actor)
    return problem


def _why(error: str | None) -> Problem:
    if error:
        return Problem(None, "unread", f"It could not be read: {error}. Nothing was changed.")
    return Problem(
        None,
        "busy",
        "It is being read just now, or only an administrator may. Look again in a moment.",
    )
