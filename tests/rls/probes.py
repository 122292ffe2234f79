"""What no row of the matrix shows: that triggers and functions do their work. Each probe is one statement."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from data.claims import ClaimsKey
from tests.people import (
    ADMIN,
    ANN,
    ASSESSMENT,
    BEN,
    CLASS_1A,
    CLASS_1B,
    CLEO,
    COORDINATOR,
    COURSE,
    DAN,
    PROJECT,
    SOUTH,
    TEACHER,
    UNUSED,
)
from tests.rls.facts import ANON, IDENTITIES, Identity
from tests.rls.forging import forged_claims
from tests.rls.matrix import REFUSED
from tests.rls.oracle import PROGRESS, batch_of

PLATFORM: Final = Identity("the platform, as the owner of the tables", None)
BY_PERSON: Final = {who.person: who for who in IDENTITIES if who.person}
TESS, CORA, ANNS, ADA = (BY_PERSON[one] for one in (TEACHER, COORDINATOR, ANN, ADMIN))

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


def refused(who: Identity, statement: str) -> Probe:
    return Probe(who, statement, REFUSED)


def _row(student: object, module: object = COURSE) -> str:
    return f"where student_id = '{student}' and module_id = '{module}'"


def _newest(student: object, module: object, condition: str) -> str:
    """What the newest entry of a cell's history says."""
    return f"(select {condition} from dashboard.history {_row(student, module)} order by id desc limit 1)"


def _fact(student: object, module: object, condition: str) -> str:
    return f"(select {condition} from dashboard.fact {_row(student, module)})"


def _score(value: int) -> str:
    return f"update {PROGRESS} set score = {value} {_row(ANN, ASSESSMENT)}"


def _details(details: object) -> str:
    return f"update {PROGRESS} set progress_details = '{json.dumps(details)}' {_row(ANN)}"


ADD: Final = f"insert into {PROGRESS} (student_id, module_id, status) values "
KEEP: Final = (
    "insert into dashboard.kept (student_id, module_id, fields, reason) "
    f"values ('{CLEO}', '{COURSE}', '{{status}}', 'why')"
)
ATTEMPT: Final = f"exists (select from dashboard.kept_attempt {_row(CLEO)} and field = '{{}}')"
STANDING: Final = f"from dashboard.kept {_row(CLEO)} and released_at is null"
FORGED_ANN: Final = f"set_config('request.jwt.claims', '{{\"sub\": \"{ANN}\"}}', true) is not null"
FORGED: Final = f"set_config('request.jwt.claims', '{{\"sub\": \"{ADMIN}\"}}', true) is not null"
STUCK: Final = {
    "lesson_quiz_results": {"a": {"attempts": 3, "passed": False, "last_attempt_at": "2026-01-02T10:00:00Z"}},
    "lesson_quiz_attempts": {"a": [{"submitted_at": "2026-01-03T10:00:00Z"}]},
    "score": "61.5",
}  # fmt: skip

APPEND_ONLY: Final = [
    refused(PLATFORM, statement)
    for statement in (
        "update dashboard.history set source = source",
        "delete from dashboard.history",
        "truncate dashboard.history",
        "update dashboard.batch set reason = 'another'",
        "delete from dashboard.batch",
        "delete from dashboard.kept",
        "delete from dashboard.kept_attempt",
        "update dashboard.note set text = 'another'",
        "delete from dashboard.note",
        f"truncate {PROGRESS}",
        "update dashboard.kept set reason = 'another'",
    )
]

HISTORY: Final = [
    after(
        PLATFORM,
        _score(42),
        _newest(
            ANN,
            ASSESSMENT,
            "source = 'platform' and author_id is null and after ->> 'score' = '42'",
        )
        + f" and {_fact(ANN, ASSESSMENT, 'shown_score = 42 and not edited_by_staff')}",
    ),
    after(
        CORA,
        _score(43),
        _newest(ANN, ASSESSMENT, f"source = 'staff' and author_id = '{COORDINATOR}'")
        + f" and {_fact(ANN, ASSESSMENT, 'edited_by_staff')}",
    ),
    after(
        CORA,
        f"perform set_config('dashboard.batch', '{batch_of(COORDINATOR)}', true); {_score(44)}",
        _newest(ANN, ASSESSMENT, f"source = 'form' and batch_id = '{batch_of(COORDINATOR)}'"),
    ),
    after(
        CORA,
        f"perform set_config('dashboard.batch', '{batch_of(ADMIN)}', true); {_score(44)}",
        _newest(ANN, ASSESSMENT, "source = 'staff' and batch_id is null"),
    ),
    after(
        PLATFORM,
        f"{ADD}('{BEN}', '{PROJECT}', 'InProgress')",
        _newest(BEN, PROJECT, "operation = 'insert'") + f" and {_fact(BEN, PROJECT, 'true')}",
    ),
    after(
        PLATFORM,
        f"delete from {PROGRESS} {_row(BEN)}",
        _newest(BEN, COURSE, "operation = 'delete' and completions = -1")
        + f" and {_fact(BEN, COURSE, 'true')} is null",
    ),
    after(
        PLATFORM,
        f"{_details({'a': 1, 'b': 2})}; {_details({'a': 1, 'b': 3})}",
        _newest(ANN, COURSE, """before -> 'progress_details' = '{"b": 2}'"""),
    ),
    # A student's own work, as the platform's own server writes it.
    after(
        PLATFORM,
        f"perform set_config('request.jwt.claims', '{{\"sub\": \"{ANN}\"}}', true); {_score(5)}",
        _newest(ANN, ASSESSMENT, "source = 'student'"),
    ),
    refused(CORA, f"update {PROGRESS} set score = 7 {_row(ANN, ASSESSMENT)} and {FORGED}"),
    refused(
        CORA,
        f"update {PROGRESS} set score = 7 {_row(ANN, ASSESSMENT)} and {FORGED_ANN}",
    ),
]

FACTS: Final = [
    after(
        PLATFORM,
        _details(STUCK),
        _fact(
            ANN,
            COURSE,
            "is_stuck and shown_score = 61.5 and score_source = 'details' and not has_problem "
            "and last_activity >= '2026-01-03'",
        ),
    ),
    after(
        PLATFORM,
        f"update {PROGRESS} set last_updated = '2026-01-01', "
        f"progress_details = '{json.dumps(STUCK)}' {_row(ANN)}",
        _fact(ANN, COURSE, "last_activity = '2026-01-03T10:00:00Z'"),
    ),
    after(
        PLATFORM,
        f"update {PROGRESS} set last_updated = '2026-01-01', progress_details = "
        f"'{json.dumps({'submitted_at': '2026-02-31', 'started_at': '2026-01-30'})}' {_row(ANN)}",
        _fact(ANN, COURSE, "last_activity = '2026-01-30T00:00:00Z'"),
    ),
    after(
        PLATFORM,
        f"update {PROGRESS} set completed_at = 'infinity' {_row(ANN)}",
        _fact(ANN, COURSE, "has_problem"),
    ),
    is_so(
        ADA,
        "internal.pass_mark('{\"passThreshold\": \"70\"}') = 70 and internal.pass_mark('{}') = 60",
    ),
    is_so(ADA, "internal.plain('Ångström') = 'angstrom' and internal.number_in('\"7.5\"') = 7.5"),
    is_so(
        ADA, "internal.handed_in_at('{\"submitted_at\": \"2026-01-02\"}') = '2026-01-02T00:00:00Z'"
    ),
    is_so(
        ADA,
        "internal.fields_kept_with('{status}', 'Completed', 'course') "
        "= '{status,progress_percentage,completed_at}'",
    ),
    is_so(
        PLATFORM, "internal.plausible('infinity') is null and internal.plausible(now()) is not null"
    ),
    is_so(PLATFORM, "internal.source_of(null, null) = 'platform'"),
    is_so(PLATFORM, """internal.difference('{"a": 1, "b": 2}', '{"a": 1}') = '{"b": 2}'"""),
    is_so(
        PLATFORM,
        """internal.changed_side('{"progress_details": {"a": 1, "b": 2}}', """
        """'{"progress_details": {"a": 1}}') = '{"progress_details": {"b": 2}}'""",
    ),
]

KEPT: Final = [
    # What the platform writes over what is kept is put back and noted.
    after(
        PLATFORM,
        f"update dashboard.kept set released_by = '{ADMIN}' {_row(CLEO)}; "
        f"insert into dashboard.kept (student_id, module_id, fields, author_id, reason, held) values "
        f"('{CLEO}', '{COURSE}', '{{status,progress_percentage,completed_at}}', '{ADMIN}', 'x', "
        "'{\"status\": \"InProgress\", \"progress_percentage\": 10, \"completed_at\": null}'); "
        f"update {PROGRESS} set status = 'Completed', progress_percentage = 100 {_row(CLEO)}",
        f"(select status = 'InProgress' and progress_percentage = 10 from {PROGRESS} {_row(CLEO)}) "
        f"and {ATTEMPT.format('status')} and {_fact(CLEO, COURSE, 'is_kept')}",
    ),
    after(
        CORA,
        KEEP,
        f"(select author_id = '{COORDINATOR}' and held ->> 'status' = 'InProgress' "
        f"and 'progress_percentage' = any (fields) {STANDING})",
    ),
    after(
        CORA,
        f"{KEEP}; perform set_config('dashboard.batch', '{batch_of(COORDINATOR)}', true); "
        f"update {PROGRESS} set progress_percentage = 55 {_row(CLEO)}",
        f"(select held ->> 'progress_percentage' = '55' and batch_id is not null {STANDING})",
    ),
    after(PLATFORM, f"delete from {PROGRESS} {_row(CLEO)}", ATTEMPT.format("row")),
    after(
        PLATFORM,
        f"update {PROGRESS} set module_id = '{UNUSED}' {_row(CLEO)}",
        ATTEMPT.format("row"),
    ),
    after(
        PLATFORM,
        f"delete from {PROGRESS} {_row(CLEO)}; insert into {PROGRESS} (student_id, module_id, score) "
        f"values ('{CLEO}', '{COURSE}', 5)",
        _fact(CLEO, COURSE, "is_kept")
        + f" and (select score is null from {PROGRESS} {_row(CLEO)})",
    ),
    after(
        CORA,
        f"update dashboard.kept set released_by = '{COORDINATOR}' {_row(CLEO)}",
        f"(select released_at > now() - interval '1 minute' from dashboard.kept {_row(CLEO)}) "
        f"and not {_fact(CLEO, COURSE, 'is_kept')}",
    ),
]  # fmt: skip

IDS: Final = f"array['{COURSE}', '{ASSESSMENT}']::uuid[], array[60, 60]"
CALLS: Final = [
    is_so(TESS, f"2 = (select count(*) from dashboard.class_rows('{CLASS_1A}', {IDS}, true))"),
    is_so(
        TESS,
        f"(select cells = 'I40;C55/55f' and completed = 1 from "
        f"dashboard.class_rows('{CLASS_1A}', {IDS}, true) where student_id = '{ANN}')",
    ),
    is_so(TESS, f"0 = (select count(*) from dashboard.class_rows('{CLASS_1B}', {IDS}, true))"),
    is_so(TESS, f"6 = (select count(*) from dashboard.class_cells_as_of('{CLASS_1A}', now()))"),
    is_so(TESS, f"0 = (select count(*) from dashboard.class_cells_as_of('{CLASS_1B}', now()))"),
    after(
        ADA,
        f"{_score(31)}; {_score(32)}",
        f"(select shown_score = 55 from dashboard.class_cells_as_of('{CLASS_1A}', now()) "
        f"where student_id = '{ANN}' and module_id = '{ASSESSMENT}')",
    ),
    is_so(CORA, f"internal.may_undo('{batch_of(COORDINATOR)}')"),
    is_so(TESS, f"not internal.may_undo('{batch_of(COORDINATOR)}')"),
    refused(
        CORA,
        "insert into dashboard.batch (id, author_id, source, undoes) values "
        f"(gen_random_uuid(), '{COORDINATOR}', 'undo', '{UNUSED}')",
    ),
    refused(
        CORA,
        "insert into dashboard.batch (id, author_id, source) values "
        f"(gen_random_uuid(), '{ADMIN}', 'form')",
    ),
    refused(
        TESS,
        "insert into dashboard.batch (id, author_id, source) values "
        f"(gen_random_uuid(), '{TEACHER}', 'form')",
    ),
    refused(
        CORA,
        "insert into dashboard.batch (id, author_id, source, undoes) values "
        f"(gen_random_uuid(), '{COORDINATOR}', 'form', '{batch_of(COORDINATOR)}')",
    ),
    after(
        CORA,
        "insert into dashboard.batch (id, author_id, source) values "
        f"('{UNUSED}', '{COORDINATOR}', 'form')",
        f"exists (select from dashboard.batch where id = '{UNUSED}')",
    ),
    is_so(ANON, "5 = (select count(*) from dashboard.demo_people())"),
    is_so(ANON, "dashboard.newest_change() > 0"),
    is_so(ANON, "exists (select from dashboard.classes_changed_since(0))"),
    is_so(ANON, "exists (select from dashboard.classes_kept_since('2020-01-01'))"),
    refused(ANON, "select internal.my_students()"),
    refused(TESS, "select internal.author()"),
    refused(TESS, "select dashboard.demo_people()"),
    is_so(TESS, f"internal.me() = '{TEACHER}' and internal.my_role() = 'teacher'"),
    is_so(TESS, f"auth.uid() = '{TEACHER}'"),
    is_so(PLATFORM, "auth.uid() is null and internal.author() is null"),
]

NOTE: Final = (
    "insert into dashboard.note (id, student_id, act, kind, text, revises{}) values "
    "('{}', '{}', '{}', 'note', 'y', {}{})"
)
NOTES: Final = [
    after(
        TESS,
        NOTE.format("", UNUSED, ANN, "written", "null", ""),
        f"(select author_id = '{TEACHER}' and note_id = id from dashboard.note where id = '{UNUSED}')",
    ),
    after(
        ADA,
        NOTE.format("", UNUSED, ANN, "corrected", f"'{ANN}'", ""),
        f"(select note_id = '{ANN}' from dashboard.note where id = '{UNUSED}')",
    ),
    refused(TESS, NOTE.format(", author_id", UNUSED, ANN, "written", "null", f", '{ADMIN}'")),
    refused(TESS, NOTE.format("", UNUSED, CLEO, "written", "null", "")),
    refused(ANNS, NOTE.format("", UNUSED, ANN, "written", "null", "")),
    is_so(CORA, f"exists (select from dashboard.held('{ANN}'))"),
    is_so(TESS, f"not exists (select from dashboard.held('{ANN}'))"),
    is_so(CORA, f"not exists (select from dashboard.held('{DAN}'))"),
]

IN_OTHERS_NAMES: Final = [
    refused(
        CORA,
        "insert into dashboard.left_as_is (rule, student_id, module_id, judged, author_id) "
        f"values ('y', '{ANN}', '{COURSE}', repeat('0', 32), '{ADMIN}')",
    ),
    refused(CORA, f"update dashboard.left_as_is set author_id = '{ADMIN}' {_row(ANN)}"),
    refused(
        CORA, KEEP.replace("reason)", "reason, author_id)").replace("'why')", f"'why', '{ADMIN}')")
    ),
    refused(CORA, f"update dashboard.kept set released_by = '{ADMIN}' {_row(ANN)}"),
    refused(
        TESS,
        "insert into dashboard.saved_view (organisation_id, name, parameters) "
        f"values ('{DAN}', 'new', '{{}}')",
    ),
    refused(TESS, f"update dashboard.saved_view set organisation_id = '{DAN}'"),
    after(
        TESS,
        f"insert into dashboard.draft (class_id, edits) values ('{CLASS_1A}', '[]')",
        f"exists (select from dashboard.draft where person_id = '{TEACHER}' and class_id = '{CLASS_1A}')",
    ),
    after(
        TESS,
        "insert into dashboard.saved_view (name, parameters) values ('mine', '{}')",
        f"exists (select from dashboard.saved_view where owner_id = '{TEACHER}' and name = 'mine')",
    ),
    after(
        CORA,
        "insert into dashboard.left_as_is (rule, student_id, module_id, judged) "
        f"values ('z', '{ANN}', '{COURSE}', repeat('0', 32))",
        f"exists (select from dashboard.left_as_is where rule = 'z' and author_id = '{COORDINATOR}')",
    ),
]

PEEKS: Final = [
    # Whoever may put a failing expression into a query would learn of rows that are not shown.
    Probe(
        who,
        f"select from {view} as row where 1 / (case when row::text like '%{hidden}%' then 0 else 1 end) = 1",
        str(seen),
    )
    for who, view, hidden, seen in (
        (ANNS, "roster.student", DAN, 1),
        (ANNS, "roster.class", CLASS_1B, 1),
        (ANNS, "roster.class_student", DAN, 1),
        (ANNS, "roster.class_module", CLASS_1B, 3),
        (ANNS, "dashboard.change", DAN, 3),
        (TESS, "roster.class_teacher", CLASS_1B, 1),
        (TESS, "roster.organisation", "South", 1),
        (TESS, "roster.staff", "Sol", 5),
        (TESS, "dashboard.checked_row", CLEO, 3),
        (TESS, "dashboard.class_cell", CLEO, 6),
        (TESS, "dashboard.class_count", CLASS_1B, 1),
        (TESS, "dashboard.class_completion", CLASS_1B, 2),
    )
]

# A statement that reads no column is bound by the policy of what it does alone, and by none of reading.
UNREAD: Final = [
    Probe(who, statement, expected)
    for statement, *answers in (
        ("update dashboard.draft set edits = '[]'", "1", "1", "0"),
        ("delete from dashboard.draft", "1", "1", "0"),
        ("update dashboard.saved_view set name = 'x'", "1", "1", "0"),
        ("delete from dashboard.saved_view", "1", "1", "0"),
        (f"update {PROGRESS} set score = 1", "0", "4", "0"),
        ("delete from dashboard.left_as_is", "0", "3", "0"),
        ("update dashboard.left_as_is set judged = repeat('1', 32)", "0", REFUSED, "0"),
    )
    for who, expected in zip((TESS, CORA, ANNS), answers, strict=True)
]


def of_key(key: ClaimsKey) -> list[Probe]:
    """Probes that need a signature of somebody's at hand."""

    def signed(person: UUID) -> str:
        claims = key.claims(person, time.time())
        return (
            "insert into internal.app_login values ('progress_owner') on conflict do nothing; "
            f"perform set_config('request.jwt.claims', '{claims}', true)"
        )

    def sees_nothing(of: str) -> str:
        return f"not exists (select from internal.my_{of}())"

    nobody = " and ".join(
        map(sees_nothing, ("students", "editable_students", "classes", "staffed_classes"))
    )
    gone = f"{nobody} and {sees_nothing('organisations')} and internal.my_role() is null"
    guest = f"insert into school.class_student values ('{CLASS_1A}', '{DAN}')"
    return [
        after(
            TESS,
            f"perform set_config('request.jwt.claims', '{claims}', true)",
            "internal.me() is null",
        )
        for claims in forged_claims(key).values()
    ] + [
        after(PLATFORM, f"{signed(ADMIN)}", f"internal.me() = '{ADMIN}'"),
        # A login that `migrate` does not know speaks for nobody.
        after(
            PLATFORM, f"{signed(ADMIN)}; delete from internal.app_login", "internal.me() is null"
        ),
        after(
            PLATFORM,
            f"{signed(ADMIN)}; update internal.claims_key set ends_at = now() - interval '1 second'",
            "internal.me() is null",
        ),
        *(
            after(
                PLATFORM,
                f"{signed(person)}; update school.{table} set is_active = false where id = '{person}'",
                gone,
            )
            for table, person in (
                *(("staff", TEACHER), ("staff", COORDINATOR), ("staff", ADMIN), ("student", ANN)),
            )
        ),
        # Who taught a class and is something else now.
        after(
            PLATFORM,
            f"{signed(TEACHER)}; update school.staff set role = 'coordinator', "
            f"organisation_id = '{SOUTH}' where id = '{TEACHER}'",
            f"not exists (select from internal.my_students() as it where it = '{ANN}') "
            f"and not exists (select from internal.my_staffed_classes() as it where it = '{CLASS_1A}')",
        ),
        # A guest from another organisation is not the coordinator's.
        *(
            after(PLATFORM, f"{guest}; {signed(COORDINATOR)}", condition)
            for condition in (
                f"not exists (select from dashboard.class_cell where student_id = '{DAN}')",
                f"(select students = 2 from dashboard.class_count where class_id = '{CLASS_1A}')",
                f"2 = (select count(*) from dashboard.class_rows('{CLASS_1A}', {IDS}, true))",
            )
        ),
        after(
            PLATFORM,
            f"{guest}; update {PROGRESS} set status = 'Completed' {_row(DAN)}; {signed(COORDINATOR)}",
            f"2 = (select count(*) from dashboard.class_completion where class_id = '{CLASS_1A}')",
        ),
        after(
            PLATFORM,
            "delete from internal.demo_marker",
            "not exists (select from dashboard.demo_people())",
        ),
    ]


PROBES: Final = [
    *(*APPEND_ONLY, *HISTORY, *FACTS, *KEPT, *CALLS, *NOTES, *IN_OTHERS_NAMES, *PEEKS, *UNREAD),
]
