"""What a probe is: one statement that somebody tries, and what must become of it."""

import json
import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from data.access.claims import ClaimsKey
from tests.people import (
    ADMIN,
    ANN,
    ASSESSMENT,
    COORDINATOR,
    COURSE,
    OTHER_TEACHER,
    TEACHER,
)
from tests.rls.facts import IDENTITIES, Identity
from tests.rls.matrix import REFUSED
from tests.rls.oracle import PROGRESS

PLATFORM: Final = Identity("the platform, as the owner of the tables", None)
BY_PERSON: Final = {who.person: who for who in IDENTITIES if who.person}
TESS, OTTO, CORA, ANNS, ADA = (
    BY_PERSON[one] for one in (TEACHER, OTHER_TEACHER, COORDINATOR, ANN, ADMIN)
)

DONE: Final = "0"
"""What becomes of a `do` block that ran to its end."""


@dataclass(frozen=True)
class Probe:
    """A statement, who tries it, and what must become of it."""

    who: Identity
    statement: str
    expected: str


def is_so(who: Identity, condition: str) -> Probe:
    return Probe(who, f"select 1 where {condition}", "1")


def after(who: Identity, writes: str, condition: str) -> Probe:
    """After these writes the condition holds."""
    block = f"begin {writes}; if not coalesce(({condition}), false) then raise exception 'not so'; end if; end"
    return Probe(who, f"do $probe$ {block} $probe$", DONE)


AS_APP: Final = "insert into internal.app_login values ('progress_owner') on conflict do nothing"


def signed(key: ClaimsKey, person: UUID, session: UUID | None = None) -> str:
    """From here on the platform's block acts for this person, as the app would say it."""
    claims = key.claims(person, time.time(), session)
    return f"{AS_APP}; perform set_config('request.jwt.claims', '{claims}', true)"


def as_guest(claims: str) -> str:
    """From here on the platform's block asks for nobody, with these claims of the app."""
    return f"{AS_APP}; perform set_config('request.jwt.claims', '{claims}', true)"


def refused(who: Identity, statement: str) -> Probe:
    return Probe(who, statement, REFUSED)


def row(student: object, module: object = COURSE) -> str:
    return f"where student_id = '{student}' and module_id = '{module}'"


def newest(student: object, module: object, condition: str) -> str:
    """What the newest entry of a cell's history says."""
    return f"(select {condition} from dashboard.history {row(student, module)} order by id desc limit 1)"


def fact(student: object, module: object, condition: str) -> str:
    return f"(select {condition} from dashboard.fact {row(student, module)})"


def set_score(value: int) -> str:
    return f"update {PROGRESS} set score = {value} {row(ANN, ASSESSMENT)}"


def set_details(written: object) -> str:
    return f"update {PROGRESS} set progress_details = '{json.dumps(written)}' {row(ANN)}"


ADD: Final = f"insert into {PROGRESS} (student_id, module_id, status) values "


IDS: Final = f"array['{COURSE}', '{ASSESSMENT}']::uuid[], array[60, 60]"
