"""The proof before anything is changed: what people would see and change, held against the host's own tables.

All of it happens in a transaction that is rolled back: everything is made but what is on the host's table,
sampled people of every role act as the app would, and an oracle in plain Python says what each of them may.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from psycopg import sql
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL, make_url

from data.access.claims import ROLE, ClaimsKey
from data.access.engine import engine_for_once
from data.access.errors import DataError
from data.access.owner import refusals_in_words, run
from data.database import app_login, claims_keys
from data.database.app_login import role_of
from data.database.attaching import making
from data.database.attaching.acting import acting
from data.database.attaching.findings import AttachFinding, proved, stop
from data.database.attaching.giving_way import giving_way
from data.database.attaching.host_roster import roster_of
from data.database.attaching.making import Wanted
from data.database.attaching.oracle import HostRoster
from data.database.attaching.reporting.login import would_not_start
from data.database.attaching.saving_proof import saved

REFUSED: Final = "Have that allowed for the user of DATABASE_OWNER_URL, while it is attached."

OF_EACH: Final = 2
"""So many people are asked of each role with and without an organisation, students and strangers too."""

CALLED: Final = {
    "admin": "An administrator",
    "coordinator": "A coordinator",
    "teacher": "A teacher",
    "viewer": "A viewer",
}

NOBODY: Final = UUID(int=0)
"""Signed for, and known to nobody."""


class Rows(NamedTuple):
    """How many, and a digest that tells whether they are the same ones."""

    number: int
    digest: int


@dataclass(frozen=True)
class Compared:
    """One person: what the database lets them see and change, beside what the rules allow."""

    person: UUID
    who: str
    sees: Rows
    may_see: Rows
    changes: Rows
    may_change: Rows

    @property
    def agrees(self) -> bool:
        return self.sees == self.may_see and self.changes == self.may_change

    @property
    def sentence(self) -> str:
        """“A viewer, one organisation (id) sees 412, allowed 412; may change 0, allowed 0.”"""
        return (
            f"{self.who.removesuffix(',')} ({self.person}) sees {_told(self.sees, self.may_see)}; may change "
            f"{_told(self.changes, self.may_change)}."
        )


def _told(found: Rows, allowed: Rows) -> str:
    others = (
        ", but not the same ones" if found != allowed and found.number == allowed.number else ""
    )
    return f"{found.number:,}, allowed {allowed.number:,}{others}"


SEEN: Final = text("""
select count(*), coalesce(bit_xor(hashtextextended(student_id::text || module_id::text, 0)), 0)
from dashboard.progress
""")
CHANGED: Final = text("""
select count(*), coalesce(bit_xor(hashtextextended(student_id::text || module_id::text, 0)), 0)
from dashboard.editable_progress
""")

ALLOWED: Final = text("""
select count(*), coalesce(bit_xor(hashtextextended(student_id::text || module_id::text, 0)), 0)
from unnest(cast(:students as uuid[])) as wanted (student_id)
join public.student_module_progress using (student_id)
""")


def prove(owner_url: URL | str, login: URL | str, wanted: Wanted) -> list[AttachFinding]:
    """What people would see and change once it is attached, and what they would reach beside it.

    Nothing stays of it. Raises DataError, in words, where it cannot be made, or somebody would wait for it.
    """
    with engine_for_once(owner_url) as engine, refusals_in_words(REFUSED):
        of_one_moment = engine.execution_options(isolation_level="REPEATABLE READ")
        with (
            of_one_moment.connect() as connection,
            connection.begin() as proving,
            giving_way(engine, connection),
        ):
            try:
                key = build(connection, str(role_of(make_url(login))), wanted)
                app_login.admit(connection, make_url(login))
                roster = roster_of(
                    connection,
                    wanted.adapter,
                    wanted.role_words,
                    by_account=bool(wanted.accounts_of),
                )
                compared = compare(connection, key, roster)
                return [
                    *would_not_start(connection, make_url(login)),
                    *reached(connection),
                    *judged(connection, compared),
                    *saved(connection, key, roster, sampled(roster)),
                ]
            finally:
                proving.rollback()


def build(connection: Connection, login: str, wanted: Wanted) -> ClaimsKey:
    """All but what is placed on the platform's table; whoever is connected may speak for the app here."""
    connection.execute(text("set local jit = off"))
    making.make(connection, wanted, login)
    if not connection.scalar(text("select internal.refresh_roster()")):
        said = connection.scalar(text("select refresh_error from internal.attachment"))
        raise DataError(f"The roster could not be read through the adapter: {said}")
    owner = str(connection.scalar(text("select session_user")))
    connection.execute(
        text("insert into internal.app_login (name) values (:name)"), {"name": owner}
    )
    run(connection, sql.SQL("grant dashboard_person to {}").format(sql.Identifier(owner)))
    claims_keys.make_first(connection)
    key = claims_keys.key_in(connection)
    if key is None:
        raise DataError("The key could not be made.")
    return key


def compare(connection: Connection, key: ClaimsKey, roster: HostRoster) -> list[Compared]:
    """Sampled people of every role; `connection` is the owner's, where everything of ours was made, and `key`
    signs there. Its transaction must see one moment only (repeatable read): the platform goes on writing."""
    return [
        Compared(
            person,
            who,
            _as(connection, key, person, SEEN),
            _allowed(connection, roster.seen_by(person)),
            _as(connection, key, person, CHANGED),
            _allowed(connection, roster.changed_by(person)),
        )
        for person, who in sampled(roster)
    ]


def sampled(roster: HostRoster) -> Iterator[tuple[UUID, str]]:
    """Some of each kind, always the same, with what they are."""
    kinds = defaultdict(list)
    for one in sorted(roster.staff.values()):
        where = "all organisations" if one.organisation_id is None else "one organisation"
        state = "" if one.is_active else ", switched off"
        learns = ", a student too" if one.id in roster.students else ""
        kinds[f"{CALLED[one.role]}, {where}{state}{learns},"].append(one.id)
    for student in sorted(roster.students.values()):
        if student.id not in roster.staff:
            kinds["A student" if student.is_active else "A student, switched off,"].append(
                student.id
            )
    kinds["Somebody unknown"].append(NOBODY)
    for who, people in kinds.items():
        for person in people[:OF_EACH]:
            yield person, who


def _as(connection: Connection, key: ClaimsKey, person: UUID, question: Any) -> Rows:
    with acting(connection, key, person):
        return Rows(*connection.execute(question).one())


def _allowed(connection: Connection, students: Iterable[UUID]) -> Rows:
    return Rows(*connection.execute(ALLOWED, {"students": list(students)}).one())


DIRECTLY: Final = text("""
select array_agg(kind order by place)
from unnest(array['select', 'insert', 'update', 'delete', 'truncate']) with ordinality as known (kind, place)
where has_table_privilege(:role, 'public.student_module_progress', kind)
    or kind in ('select', 'insert', 'update')
    and has_any_column_privilege(:role, 'public.student_module_progress', kind)
""")
OF_EVERYBODY: Final = text("""
select string_agg('“' || polname || '”', ', ' order by polname)
from pg_policy
where polrelid = 'public.student_module_progress'::regclass and 0 = any(polroles) and polpermissive
""")


def reached(connection: Connection) -> Iterator[AttachFinding]:
    """Is the table itself open to people, past the views? Nothing here gives them a right on it, but a grant
    of the school's to everybody would."""
    if rights := connection.scalar(DIRECTLY, {"role": ROLE}):
        policies = connection.scalar(OF_EVERYBODY) or "none"
        yield stop(
            "progress_open",
            f"Everybody has {', '.join(rights)} on public.student_module_progress: a grant to public, and "
            f"so to the app's roles (policies that name no role: {policies}). Give it to those that need it.",
        )


BINDING: Final = text("""
select quote_ident(polname)
from pg_policy
where polrelid = 'public.student_module_progress'::regclass
    and row_security_active('public.student_module_progress')
order by 1
""")


def judged(connection: Connection, compared: Iterable[Compared]) -> Iterator[AttachFinding]:
    """A note for who agrees, and what stops it for who does not, with what makes it so."""
    causes = list(connection.scalars(BINDING))
    because = (
        f" The owner is bound by the policies {', '.join(causes)} of public.student_module_progress, and must "
        "see every row: it needs BYPASSRLS."
        if causes
        else " No policy or grant of the school's explains it: please report this."
    )
    for one in compared:
        yield (
            proved("sees", one.sentence) if one.agrees else stop("differs", one.sentence + because)
        )
