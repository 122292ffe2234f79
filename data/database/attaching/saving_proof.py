"""Is what people may save here saved? One of each kind changes a row and adds one, and both are taken back.

The platform's own triggers may refuse what nobody foresaw. Nobody waits: a row that somebody writes just now is
let be.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from data.access.claims import ClaimsKey
from data.access.errors import said, sqlstate
from data.database.attaching.acting import acting
from data.database.attaching.findings import AttachFinding, proved, stop
from data.database.attaching.oracle import HostRoster
from data.rules.progress import EMPTY_ROW, Edit, Field, Values
from data.writing.rows import Wish, insert, update

TAKEN: Final = ("55P03", "40001")
"""Somebody writes this row just now, or did since the proof began."""

STORED: Final = text("""
select student_id, module_id
from public.student_module_progress
where student_id = any(cast(:students as uuid[]))
order by student_id, module_id
limit 1
""")
MISSING: Final = text("""
select wanted.student_id, module.id
from unnest(cast(:students as uuid[])) as wanted (student_id)
cross join school.module
where not exists (
    select
    from public.student_module_progress as known
    where known.student_id = wanted.student_id and known.module_id = module.id
)
order by 1, 2
limit 1
""")
VALUES: Final[Values] = {Field.SCORE: Decimal(77)}


def saved(
    connection: Connection, key: ClaimsKey, roster: HostRoster, people: Iterable[tuple[UUID, str]]
) -> Iterator[AttachFinding]:
    """What each kind of person saved, and what stops it where somebody cannot."""
    connection.execute(text("set local lock_timeout = '100ms'"))
    seen = set[str]()
    for person, who in people:
        mine = list(roster.changed_by(person))
        if not mine or who in seen:
            continue
        seen.add(who)
        for what, question, write in (("changes", STORED, update), ("adds", MISSING, insert)):
            row = connection.execute(question, {"students": mine}).first()
            if row is None:
                continue
            wish = Wish(Edit(row[0], row[1], VALUES, EMPTY_ROW), VALUES, EMPTY_ROW)
            try:
                with acting(connection, key, person):
                    refused = write(connection, [wish])
            except DBAPIError as error:
                if sqlstate(error) not in TAKEN and not (what == "adds" and _lacks_column(error)):
                    yield _failed(f"{who} {what} no row", said(error))
                continue
            if refused:
                yield _failed(f"{who} {what} no row", "the row is not theirs to change")
            else:
                yield proved("saves", f"{who} {what} a row: saved, and taken back.")


def _lacks_column(error: DBAPIError) -> bool:
    """Is it a column of the platform's that must be given? The report has that agreed to already."""
    table = error.orig.diag.table_name if isinstance(error.orig, psycopg.Error) else None
    return sqlstate(error) == "23502" and table == "student_module_progress"


def _failed(what: str, why: str) -> AttachFinding:
    told = " ".join(why.split())
    return stop(
        "cannot_save",
        f"{what}, which the rules allow: {told}. Have the platform allow it, or let everybody only read "
        'here, such as by --role "admin=viewer".',
    )
