"""Whom the rules flag, and to whom that is told: who staffs the class, and nobody else."""

import time
from typing import Final

from data.access.claims import ClaimsKey
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
    TEACHER,
    UNUSED,
    VIEWER,
)
from tests.rls.facts import GUEST
from tests.rls.oracle import PROGRESS
from tests.rls.probes.probe import (
    ANNS,
    BY_PERSON,
    CORA,
    OTTO,
    PLATFORM,
    TESS,
    Probe,
    after,
    as_guest,
    is_so,
    refused,
    row,
    signed,
)

BOTH: Final = f"array['{CLASS_1A}', '{CLASS_1B}']::uuid[]"
FLAGS: Final = f"dashboard.flags({BOTH}, now())"
URGENT: Final = "dashboard.urgent_flags(now(), 100)"
OF: Final = f"array['{ANN}', '{CLEO}', '{DAN}']::uuid[]"
MODULES: Final = f"dashboard.flag_modules({BOTH}, {OF})"

RESPOND: Final = (
    "insert into dashboard.flag_response (id, class_id, student_id, rule, response, modules, since, note_id) "
    f"values ('{UNUSED}', '{CLASS_1A}', '{ANN}', 'failed', '{{}}', {{}}, {{}})"
)
SIGN: Final = "1, '2026-03-01 10:00+00'"
WITH_NOTE: Final = RESPOND.format("contacted", SIGN, f"'{UNUSED}'")
NOTED: Final = (
    "insert into dashboard.note (id, student_id, act, kind, text) "
    f"values ('{UNUSED}', '{{}}', 'written', 'note', 'y')"
)
HIDDEN: Final = f"not exists (select from {FLAGS} where student_id = '{ANN}' and rule = 'failed')"
FLAGGED: Final = f"exists (select from {FLAGS} where student_id = '{ANN}' and rule = 'failed')"

RESPONSES: Final = [
    after(TESS, RESPOND.format("seen", SIGN, "null"), HIDDEN),
    after(TESS, RESPOND.format("not_a_concern", "null, null", "null"), HIDDEN),
    after(TESS, RESPOND.format("seen", SIGN.replace("1", "2", 1), "null"), FLAGGED),
    after(TESS, RESPOND.format("seen", "1, now()", "null"), FLAGGED),
    after(TESS, RESPOND.format("taken_back", "null, null", "null"), FLAGGED),
    after(
        TESS,
        RESPOND.format("seen", SIGN, "null"),
        f"exists (select from dashboard.flag_response where id = '{UNUSED}' and author_id = '{TEACHER}')",
    ),
    *(
        refused(who, RESPOND.format("seen", SIGN, "null"))
        for who in (OTTO, ANNS, BY_PERSON[VIEWER])
    ),
    # With a note that is there, on this student and one's own.
    after(
        TESS,
        f"{NOTED.format(ANN)}; {WITH_NOTE}",
        f"exists (select from dashboard.flag_response where note_id = '{UNUSED}')",
    ),
    refused(TESS, WITH_NOTE),
    refused(
        TESS,
        RESPOND.replace("note_id)", "note_id, author_id)").format("seen", SIGN, f"null, '{ADMIN}'"),
    ),
    refused(TESS, f"do $do$ begin {NOTED.format(BEN)}; {WITH_NOTE}; end $do$"),
    refused(CORA, WITH_NOTE.replace(str(UNUSED), str(ANN))),
    *(
        refused(PLATFORM, statement)
        for statement in (
            "update dashboard.flag_response set response = 'seen'",
            "delete from dashboard.flag_response",
            "truncate dashboard.flag_response",
        )
    ),
]

SCORED: Final = "(select {} from dashboard.rule_scores(null) where rule = 'failed')"
ALL_TOLD: Final = "(select sum(made) from dashboard.rule_scores(null))"
ALL_THERE: Final = f"(select count(*) from internal.flag_record where student_id <> '{UNUSED}')"

SCORES: Final = [
    is_so(CORA, SCORED.format("made > 0 and still_there = made")),
    is_so(CORA, "exists (select from dashboard.flags_recorded())"),
    *(
        is_so(who, f"not exists (select from {relation})")
        for who in (TESS, BY_PERSON[VIEWER], ANNS)
        for relation in ("dashboard.rule_scores(null)", "dashboard.flags_recorded()")
    ),
    is_so(GUEST, "not dashboard.record_flags()"),  # within the hour
    # A flag that is not there any more; one that was not recorded; and what moved since.
    after(
        PLATFORM,
        f"update {PROGRESS} set score = 90 {row(ANN, ASSESSMENT)}; perform internal.record_flags('0')",
        "exists (select from internal.flag_record "
        f"where student_id = '{ANN}' and rule = 'failed' and gone_at is not null)",
    ),
    # One that is gone as its rule was switched off.
    *(
        after(
            PLATFORM,
            f"insert into dashboard.attention_change ({of}_id, figure, value, follows, author_id) "
            f"select {id_}, 'failed', 0, -1, '{ADMIN}' from school.class where id = '{CLASS_1A}'; "
            "perform internal.record_flags('0')",
            "exists (select from internal.flag_record "
            f"where student_id = '{ANN}' and rule = 'failed' and has_new_figures)",
        )
        for of, id_ in (("class", "id"), ("organisation", "organisation_id"))
    ),
    after(
        PLATFORM,
        "delete from internal.flag_record; perform internal.record_flags('0')",
        f"exists (select from internal.flag_record where student_id = '{ANN}' and rule = 'failed')",
    ),
    after(
        PLATFORM,
        "update internal.flag_record set raised_at = raised_at - interval '1 day'; "
        f"update {PROGRESS} set progress_percentage = 90 {row(ANN)}; perform internal.record_flags('0')",
        f"(select count(*) > 0 from internal.flag_record where student_id = '{ANN}' and moved_at is not null)",
    ),
    after(PLATFORM, "delete from internal.flags_recorded", "internal.record_flags('1 hour')"),
    after(PLATFORM, "null", "not internal.record_flags('1 hour')"),
]

ATTENTION: Final = [
    *RESPONSES,
    *SCORES,
    is_so(
        TESS,
        f"(select modules = 1 from {FLAGS} where student_id = '{ANN}' and rule = 'failed')",
    ),
    is_so(TESS, f"exists (select from {MODULES} where student_id = '{ANN}' and rule = 'failed')"),
    is_so(TESS, f"(select place = 1 from {URGENT} where student_id = '{ANN}' and rule = 'failed')"),
    is_so(GUEST, "dashboard.settle() = 0"),
    # A row that comes further, and one that ceases to be completed.
    after(
        PLATFORM,
        f"update {PROGRESS} set progress_percentage = 90 {row(ANN)}",
        f"(select progressed_at = now() from dashboard.fact {row(ANN)})",
    ),
    after(
        PLATFORM,
        f"update {PROGRESS} set status = 'Completed' {row(ANN)}; "
        f"update {PROGRESS} set status = 'InProgress' {row(ANN)}",
        f"(select slipped_at = now() from dashboard.fact {row(ANN)})",
    ),
    after(
        PLATFORM,
        f"update {PROGRESS} set progress_percentage = 90 {row(ANN)}; "
        f"update {PROGRESS} set status = 'Completed' {row(ANN)}; "
        f"update {PROGRESS} set status = 'InProgress' {row(ANN)}",
        "(select progressed_at is not null and slipped_at is not null "
        f"from internal.progress_recorded('{ANN}', '{COURSE}'))",
    ),
]


def of_attention(key: ClaimsKey) -> list[Probe]:
    """The same where somebody else's class, and a guest from elsewhere, are flagged too."""
    fails = (
        f"insert into school.class_student values ('{CLASS_1A}', '{DAN}'); "
        f"insert into {PROGRESS} (student_id, module_id, status, score) values "
        f"('{CLEO}', '{ASSESSMENT}', 'InProgress', 5), ('{DAN}', '{ASSESSMENT}', 'InProgress', 5) "
        "on conflict (student_id, module_id) do update set score = 5"
    )
    recorded = f"{fails}; perform internal.record_flags('0')"
    # The teacher of 1A sees its guest, the coordinator 1B: each is the other's control.
    seen = {TEACHER: DAN, COORDINATOR: CLEO}
    return [
        # A coordinator is told of all in the own organisation but for its guest, an administrator of everybody.
        after(PLATFORM, f"{recorded}; {signed(key, ADMIN)}", f"{ALL_TOLD} = {ALL_THERE}"),
        after(
            PLATFORM,
            f"{recorded}; {signed(key, COORDINATOR)}",
            f"{ALL_TOLD} = {ALL_THERE.replace(str(UNUSED), str(DAN))} and {ALL_TOLD} < {ALL_THERE}",
        ),
        after(
            PLATFORM,
            "update internal.flags_recorded set recorded_at = now() - interval '2 hours'; "
            f"{as_guest(key.guest_claims(time.time()))}",
            "dashboard.record_flags()",
        ),
        *(
            after(
                PLATFORM,
                f"{fails}; {signed(key, person)}",
                f"{'' if told == student else 'not '}"
                f"exists (select from {relation} where student_id = '{student}' and rule = 'failed')",
            )
            for relation in (FLAGS, MODULES, URGENT)
            for person, told in seen.items()
            for student in (CLEO, DAN)
        ),
    ]
