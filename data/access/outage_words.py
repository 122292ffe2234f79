"""What an outage's SQLSTATE means: to a person at a page, and to whoever runs the dashboard."""

from typing import Final

AWAY: Final = {"08", "57", "53", "58"}
"""Classes: connection, operator intervention, resources, system."""

UNMADE, BROKEN = "08001", "08006"
"""SQL's own states of a connection: where there was no server to tell one."""

READ_ONLY, FULL, CROWDED = "25006", "53100", "53300"
REFUSED_PASSWORD, SHUT_OUT = "28P01", "42501"

READ_ONLY_CAUSE: Final = (
    "The database can only be read just now: it is a standby, or was set to read only. Nothing was saved. Have "
    "DATABASE_URL lead to the primary; of several hosts, target_session_attrs=read-write chooses it."
)
OUTAGES: Final = {
    READ_ONLY: (
        "The database can only be read just now, so nothing was saved. Earlier saves are there: wait a while "
        "and try again.",
        READ_ONLY_CAUSE,
    ),
    FULL: (
        "The database has no room left, so nothing was saved. Earlier saves are there. Tell whoever looks "
        "after this dashboard, and try again later.",
        "The disk of the database is full: make room on it. Nothing that was saved is lost, and no restart is "
        "needed.",
    ),
    CROWDED: (
        "Too many use the database just now. Nothing is lost: wait a minute and try again.",
        "The server has no connection left.",
    ),
}

LOGIN: Final = {
    REFUSED_PASSWORD: (
        "The database refuses the password of the app's login. If DATABASE_URL is right, somebody changed it: "
        "python -m data migrate sets it again; the embedded database does so when the app is started again."
    ),
    SHUT_OUT: (
        "The app's login may not connect to this database any more. Run: python -m data migrate; the embedded "
        "database lets it in when the app is started again."
    ),
}
"""Which waiting does not mend."""
