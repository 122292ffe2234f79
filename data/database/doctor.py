"""What `python -m data check` tells: what each start asks, what takes time, and what the owner alone sees."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.engine import URL, make_url

from data.access.claims import ClaimsKey
from data.access.engine import engine_for_once
from data.access.errors import DataError, outages_in_words, to_operator
from data.access.owner import as_owner
from data.database import migrate
from data.database.app_login import role_of
from data.database.attaching import checkup
from data.database.attaching.findings import AttachFinding
from data.database.kinds import Kind, kind_of
from data.database.preflight import Fault, faults
from data.i18n.formats import count

HEARD_WITHIN: Final = 10.0  # seconds
SKEW: Final = 60.0  # seconds; sign-in services are believed within two minutes

NOT_MADE: Final = {"version", "encoding", "rights", "revision"}
"""Faults with which nothing else can be asked."""

NONE_AHEAD: Final = (
    "No month of the history is made ahead, as the program does it while somebody has a page open: what is "
    "written then is kept in one table, of which no month can be archived. Run: python -m data migrate"
)

HAS_LOGIN: Final = text("select exists (select from pg_roles where rolname = :name)")
HAS_MONTHS_AHEAD: Final = text("""
select exists (
    select
    from internal.history_months() as known
    where known.first > now() at time zone 'UTC'
        and known.first <= now() at time zone 'UTC' + interval '1 month'
)
""")
RECORD_FLAGS: Final = text("select internal.record_flags(interval '1 hour')")
COUNTED: Final = {
    "standings": ("The overview's counts of {} were wrong", "student", "students"),
    "sums": ("The overview's weeks and scores of {} were wrong", "class", "classes"),
    "summaries": ("What the overview says of {} was wrong", "class", "classes"),
    "doubts": ("The data check's counts of {} were wrong", "row or student", "rows or students"),
}
"""What is counted once and kept, as in the name of the function that finds where it is wrong."""

CLOCK: Final = text("select extract(epoch from clock_timestamp())::float8")


@dataclass(frozen=True)
class Checkup:
    """`faults` are to be mended; `notes` are worth knowing, what the database is first."""

    faults: list[Fault]
    notes: list[Fault] = field(default_factory=list)
    kind: Kind = Kind.STANDALONE


def examine(url: URL | str, owner_url: URL | str | None, key: ClaimsKey | None) -> Checkup:
    """Of the app's login at `url`; as the owner too, where that is known. Raises DataError, in words."""
    found = _at_start(url, owner_url, key)
    if any(one.code in NOT_MADE for one in found):
        return Checkup(found)
    told = _attached(owner_url) if owner_url is not None else []
    if (unfinished := [one for one in told if one.code == "unfinished"]) != []:
        return Checkup([Fault(one.code, one.sentence) for one in unfinished], kind=Kind.ATTACHED)
    wrong = [Fault(one.code, one.sentence) for one in told if one.severity == "stop"]
    # Without the table nothing of ours on it can be there either.
    found = wrong if any(one.code == "table" for one in wrong) else wrong + found
    notes = [Fault(one.code, one.sentence) for one in told if one.severity != "stop"]
    kind = Kind.ATTACHED if told else Kind.STANDALONE
    if owner_url is not None and not found:
        with as_owner(owner_url) as connection:
            found += _of_counts(connection)
            if not connection.scalar(HAS_MONTHS_AHEAD):
                found.append(Fault("months", NONE_AHEAD))
            connection.execute(RECORD_FLAGS)
    if not found:
        with engine_for_once(url) as engine, outages_in_words():
            with engine.connect() as connection:
                kind = kind_of(connection)
                found += _of_clock(connection)
                notes += _of_release(connection)
            notes += _of_pooler(engine)
    return Checkup(found, notes, kind)


def _at_start(
    url: URL | str, owner_url: URL | str | None, key: ClaimsKey | None
) -> list[Fault]:  # fmt: skip
    try:
        return faults(url, key)
    except DataError as error:
        if owner_url is None:
            raise
        with as_owner(owner_url) as connection:
            return [_kept_out(connection, str(role_of(make_url(url))), error)]


def _kept_out(connection: Connection, login: str, error: DataError) -> Fault:
    """Why the app's login gets no connection where the owner has one."""
    if migrate.is_foreign(connection):
        return Fault("revision", migrate.FOREIGN)
    if not connection.scalar(HAS_LOGIN, {"name": login}):
        return Fault(
            "login",
            f"There is no login {login} on this server: the copy of a database that is restored brings "
            "none. Run: python -m data migrate",
        )
    return Fault("login", to_operator(error))


def _attached(owner_url: URL | str) -> list[AttachFinding]:
    with as_owner(owner_url) as connection:
        is_attached = kind_of(connection) is Kind.ATTACHED
        return list(checkup.examined(connection)) if is_attached else []


def _of_counts(connection: Connection) -> Iterator[Fault]:
    for code, (sentence, *words) in COUNTED.items():
        note_wrong = getattr(func.internal, f"note_wrong_{code}")
        if wrong := int(connection.scalar(select(note_wrong())) or 0):
            yield Fault(
                code,
                f"{sentence.format(count(wrong, *words))}, as after a trigger was switched off. They are "
                "counted again: nothing is to be done.",
            )


def _of_release(connection: Connection) -> Iterator[Fault]:
    if migrate.is_served(connection):
        yield Fault(
            "release",
            f"The database is at {migrate.revision(connection)}, of a newer release that this program can work "
            "with. Update the program: only the newer one tells drift.",
        )


def _of_clock(connection: Connection) -> Iterator[Fault]:
    ahead = float(connection.scalar(CLOCK) or 0) - time.time()
    if abs(ahead) > SKEW:
        yield Fault(
            "clock",
            f"The database's clock is {abs(ahead) / 60:.0f} minutes {'ahead of' if ahead > 0 else 'behind'} "
            "this machine's: times are wrong, and sign-ins are refused or end too late. Set both by NTP.",
        )


def _of_pooler(engine: Engine) -> Iterator[Fault]:
    if not _hears(engine):
        yield Fault(
            "pooler",
            "What this program tells itself through DATABASE_URL does not arrive, as behind a pooler that is "
            "shared by transactions (often port 6543): pages hear of changes a second later. Name the direct "
            "address or the one for sessions to have them hear at once.",
        )


def _hears(engine: Engine) -> bool:
    """Does a notification come through, from one connection to another?"""
    payload = uuid4().hex
    with engine.connect() as one, engine.begin() as other:
        one.execution_options(isolation_level="AUTOCOMMIT").execute(text("listen progress_checked"))
        other.execute(text("select pg_notify('progress_checked', :it)"), {"it": payload})
        other.commit()
        driver = one.connection.driver_connection
        # To its end: until then it keeps the connection to itself.
        heard = list(driver.notifies(timeout=HEARD_WITHIN, stop_after=1)) if driver else []
        return [one.payload for one in heard] == [payload]
