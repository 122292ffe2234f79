"""What an outage's SQLSTATE or sentence means: to a person at a page, and to whoever runs the dashboard."""

from typing import Final

AWAY: Final = {"08", "57", "53", "58"}
"""Classes: connection, operator intervention, resources, system."""

UNMADE, BROKEN = "08001", "08006"
"""SQL's own states of a connection: where there was no server to tell one."""

READ_ONLY, FULL, CROWDED = "25006", "53100", "53300"
REFUSED_PASSWORD, SHUT_OUT = "28P01", "42501"

READ_ONLY_CAUSE: Final = (
    "The database can only be read just now: it is a standby, or was set to read only. Nothing was saved. Have "
    "DATABASE_URL lead to the primary, or name several servers: the primary is found among them."
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

PROTOCOL: Final = "08P01"
BY_STATE: Final = {
    "3D000": "The server has no database of the name in the URL.",
    "28000": "The server does not let this user in: it does not know the user, or no line of its pg_hba.conf "
    "lets the user reach this database from this machine, or only with TLS (?sslmode=require in the URL).",
    REFUSED_PASSWORD: "The server refuses the user's password, or does not know the user: it does not tell "
    "which. If the URL is right, somebody changed the password: python -m data migrate sets that of the app's "
    "login again.",
    SHUT_OUT: "The user may not connect to this database: python -m data migrate lets the app in again.",
    CROWDED: "The server has no connection left: raise its max_connections, or find what takes them. A "
    "process of this program takes up to 21.",
    "57P03": "The server is starting, stopping or recovering.",
}

TLS_ONLY: Final = "The server lets this user in with TLS only. Write ?sslmode=require into the URL."

BY_WORDS: Final = (
    (
        r"session is read-only|server is in hot standby",
        "Of the servers in the URL only standbys answer, or such as can only be read, and another is asked for "
        "(target_session_attrs).",
    ),
    (
        r"failed to resolve host|could not translate host name",
        "The host in the URL is not known here. Is its name right, and does DNS work? In a password @ is "
        "written %40.",
    ),
    (
        r"timeout expired|timed out",
        "The host in the URL does not answer. Is it right, does it run, and does a firewall let this machine "
        "through? A pooler is as silent while it gets no connection to the server behind it.",
    ),
    (
        r"Connection refused|No such file or directory|Not a directory",
        "Nothing listens at the host and port in the URL. Are they right, and does the server run?",
    ),
    (
        r"No route to host|Network is unreachable",
        "No network leads from here to the host in the URL.",
    ),
    (
        r"does not support SSL",
        "The URL asks for TLS (sslmode), which the server does not offer.",
    ),
    (
        r"certificate verify failed|does not match host name|root certificate file",
        "The server's TLS certificate could not be verified, as sslmode in the URL asks. Name the authority's "
        "certificate with sslrootcert, and the host as the certificate does.",
    ),
    (
        r"no password supplied",
        "The server asks for a password, and the URL has none.",
    ),
    (
        r"invalid response to SSL negotiation|expected authentication request",
        "What answers at the host and port in the URL is no PostgreSQL.",
    ),
    (
        r"cannot connect to server|server login (has been failing|failed)|query_wait_timeout",
        "A pooler answers at the host and port in the URL, and has no connection to the server behind it. "
        "Does that run, and has the pooler its address and password?",
    ),
    (
        r"invalid connection option|invalid \w+ value|bad value for|unrecognized configuration parameter|"
        r"definition of service|protocol version range",
        "The URL has an option that is not known, or a value that the option cannot have.",
    ),
    (
        r"unsupported startup parameter",
        "The pooler does not take an option that the URL sets. Leave it out, or have the pooler ignore it "
        "(ignore_startup_parameters).",
    ),
    (r"SSL required", TLS_ONLY),
    (
        r"SSL error|SSL SYSCALL",
        "The server and this machine did not come to terms about TLS.",
    ),
)
"""Said by this side or by a pooler, in English always."""

OF_A_POOLER: Final = (
    (r"password authentication failed|no such user", REFUSED_PASSWORD),
    (r"no such database", "3D000"),
    (r"permission denied for database", SHUT_OUT),
    (r"no more connections allowed", CROWDED),
)
"""What PgBouncer says, in English always, under one SQLSTATE for all, `PROTOCOL`."""
