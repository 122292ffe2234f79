"""What is wrong with a database that was attached, asked as its owner, with what to do about each.

What is to be done is never to anything of the platform's: of that it is only said how it is.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from data.database.attaching.adapter import CONTRACT, SHIPPED, Adapter
from data.database.attaching.adapter_checks import wrong_with
from data.database.attaching.findings import AttachFinding, note, stop
from data.database.attaching.making import Wanted, kept, options
from data.database.attaching.reporting.people import unknown_role
from data.database.attaching.reporting.server import ROLES, SCHEMAS
from data.database.attaching.reporting.sources import AS_ADAPTERS_DO, sources
from data.database.attaching.reporting.table import of_table
from data.database.kinds import has_triggers
from data.i18n.dates import whole_day
from data.i18n.formats import count

ATTACHMENT: Final = text("""
select
    adapter, step, known_since, refreshed_at, refresh_failed_at, refresh_error, not_taken,
    clock_timestamp() - refreshed_at as age
from internal.attachment
""")
SECTIONS: Final = text("""
select substr(proname, 9) as relation, prosrc as section
from pg_proc
where pronamespace = cast('internal' as regnamespace) and proname like 'adapter\\_%'
""")
ERRORS: Final = text("""
select count(*) as times, max(at) as last, (array_agg(said order by id desc))[1] as said
from internal.platform_error
having count(*) > 0
""")
FACTS: Final = text("""
select
    count(*) filter (where how = 'missing') as missing,
    count(*) filter (where how = 'lone') as lone,
    count(*) filter (where how = 'other') as other,
    (select count(*) from internal.stale_fact) as remembered
from internal.astray_fact
""")
GIVEN_TO_OTHERS: Final = text("""
select
    who.rolname::text as role,
    who.rolbypassrls as reads_all,
    count(distinct pg_class.oid) as times,
    min(pg_class.oid::regclass::text) as example
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
cross join lateral (
    select grantee from aclexplode(relacl)
    union
    select grantee
    from pg_attribute
    cross join lateral aclexplode(attacl)
    where attrelid = pg_class.oid
) as given
join pg_roles as who on who.oid = grantee
where nspname = any (:ours) and who.oid <> relowner and rolname <> all (:our_roles)
group by 1, 2
order by 1
""")
FORGET: Final = "Run: delete from internal.platform_error"
HAS_STAFF: Final = text("select exists (select from school.staff where is_active)")

DONE: Final = {
    "made": "its own schemas are made",
    "filled": "the roster is copied",
    "recording": "changes are recorded, and the rows from before are not all counted",
}
UNREADABLE: Final = {"table", "rights", "row_level_security"}
"""Where its rows cannot be looked at."""

THEIRS: Final = "It is the platform's: ask whoever changed it there."

NO_ROLE: Final = "staff with a role nobody set: "


def examined(connection: Connection) -> Iterator[AttachFinding]:
    """First how it is; then what is wrong. Where attaching was not finished, that alone."""
    it = connection.execute(ATTACHMENT).one()
    again = _command(connection, it)
    if it.step != "ready":
        yield stop(
            "unfinished",
            f"Attaching was begun and not finished: {DONE[it.step]}. It goes on from there. Run: {again}",
        )
        return
    yield _standing(it, is_watched=has_triggers(connection))
    table = [*of_table(connection, triggers=False)]
    wrong = [one for one in table if one.severity == "stop"]
    yield from (stop(one.code, f"{one.sentence} {THEIRS}") for one in wrong)
    yield from (one for one in table if one.code == "index")
    if any(one.code in UNREADABLE for one in wrong):
        return
    yield from _of_adapter(connection, it, again)
    yield from _of_recording(connection, again)
    yield from _of_people(connection, it.not_taken)
    yield from _given_to_others(connection)


def _command(connection: Connection, it: Row[Any]) -> str:
    """The command that attached it, with what was said then."""
    file = f"{it.adapter}.sql"
    named = it.adapter if (SHIPPED / file).exists() else file
    said = options(kept(connection, Wanted(Adapter(it.adapter, {}), {})))
    return " ".join(["python -m data attach --adapter", named, *said])


def _standing(it: Row[Any], *, is_watched: bool) -> AttachFinding:
    since = _moment(it.known_since)
    return note(
        "attached",
        f"This database is attached by the adapter {it.adapter}"
        + (
            f": names were read {_ago(it.age)}, and changes are known since {since}."
            if is_watched
            else f", without triggers: names and counts were read {_ago(it.age)}, and changes that are made "
            f"here are known since {since}."
        ),
    )


def _ago(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    for size, name in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            return f"{count(minutes // size, name, f'{name}s')} ago"
    return "just now"


def _moment(at: datetime) -> str:
    return f"{whole_day(at, UTC)}, {at.astimezone(UTC):%H:%M} UTC"


def _of_adapter(connection: Connection, it: Row[Any], again: str) -> Iterator[AttachFinding]:
    """Does every section still answer, and did it when the roster was last read?"""
    sections = {one.relation: one.section for one in connection.execute(SECTIONS)}
    if missing := [name for name in CONTRACT if name not in sections]:
        yield stop("adapter", f"The adapter lacks {', '.join(missing)} here. Run: {again}")
        return
    with connection.begin_nested() as looking:
        connection.execute(text(AS_ADAPTERS_DO))
        wrong = wrong_with(connection, Adapter(it.adapter, sections))
        looking.rollback()
    for one in wrong:
        yield stop(
            "adapter",
            f"{one.sentence} Pages show what was read before. Correct the adapter, or a copy that you name in "
            f"its place. Run: {again}",
        )
    mute = [one for one in sources(connection, Adapter(it.adapter, sections)) if not one.is_right]
    if mute and has_triggers(connection):
        yield note(
            "sources",
            f"The triggers that tell of a changed roster are missing, or not needed any more, on "
            f"{', '.join(map(str, mute))}: its changes wait for the next reading. Run: {again}",
        )
    if it.refresh_error is not None:
        yield stop(
            "refresh",
            f"The roster could not be read on {_moment(it.refresh_failed_at)} ({it.refresh_error}). Pages show "
            f"it as it was read {_ago(it.age)}; when the adapter answers, the next page that is open reads it.",
        )


def _of_recording(connection: Connection, again: str) -> Iterator[AttachFinding]:
    for errors in connection.execute(ERRORS):
        yield stop(
            "platform_error",
            f"{count(errors.times, 'error', 'errors')} of this program came up while the platform wrote, which "
            f"went on: the last on {_moment(errors.last)} ({errors.said}). The history may lack what was "
            f"written then. When the cause is mended, forget them. {FORGET}",
        )
    if not has_triggers(connection):
        return  # the next reading counts them
    facts = connection.execute(FACTS).one()
    if any(facts):
        yield stop(
            "facts",
            f"Not counted here: {count(facts.missing, 'row', 'rows')} of the platform's; counted and gone "
            f"there: {facts.lone:,}; counted otherwise than they are: {facts.other:,}; to be counted "
            f"again, after an error: {facts.remembered:,}. These are while a page is open; "
            f"all of it is at once. Run: {again}",
        )


def _of_people(connection: Connection, not_taken: dict[str, int]) -> Iterator[AttachFinding]:
    if not connection.scalar(HAS_STAFF):
        yield stop(
            "nobody",
            "Nobody may sign in: no active staff with an e-mail of their own and a known role were read. Say "
            'what the platform\'s words mean, by attach with --role "WORD=ROLE", or correct the adapter.',
        )
    for reason, times in sorted(not_taken.items()):
        if reason.startswith(NO_ROLE):
            word = reason.removeprefix(NO_ROLE)
            yield note("unknown_role", unknown_role("" if word == "none" else word, times))
    if left_out := [
        f"{reason} ({times:,})"
        for reason, times in sorted(not_taken.items())
        if not reason.startswith(NO_ROLE)
    ]:
        yield note(
            "left_out",
            f"When the roster was last read, these were left out: {', '.join(left_out)}.",
        )


def _given_to_others(connection: Connection) -> Iterator[AttachFinding]:
    """Rights that somebody gave to roles of the school's own, as they may."""
    for one in connection.execute(
        GIVEN_TO_OTHERS, {"ours": list(SCHEMAS), "our_roles": list(ROLES)}
    ):
        reads = "no policy binds it" if one.reads_all else "only policies of yours show it rows"
        yield note(
            "given_to_others",
            f"The role {one.role} was given rights on {count(one.times, 'table', 'tables')} of this program's, "
            f"such as {one.example}: {reads}, and what it reads there is in no record of who looked.",
        )
