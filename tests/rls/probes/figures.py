"""That what pages draw is made of what was written."""

import json
from typing import Final

from data.access.claims import ClaimsKey
from tests.people import ADMIN, ANN, ASSESSMENT, CLASS_1A, COORDINATOR, COURSE
from tests.rls.oracle import PROGRESS, batch_of
from tests.rls.probes.probe import (
    ADA,
    DONE,
    PLATFORM,
    Probe,
    after,
    fact,
    is_so,
    row,
    set_details,
    set_score,
    signed,
)

STUCK: Final = {
    "lesson_quiz_results": {"a": {"attempts": 3, "passed": False, "last_attempt_at": "2026-01-02T10:00:00Z"}},
    "lesson_quiz_attempts": {"a": [{"submitted_at": "2026-01-03T10:00:00Z"}]},
    "score": "61.5",
}  # fmt: skip


def _change(**told: object) -> str:
    """A change of the details, as the history has it."""
    written = {
        "operation": "update",
        "at": "2026-01-02",
        "before": {},
        "after": {"progress_details": {}},
    }
    return f"jsonb_populate_record(null::dashboard.history, '{json.dumps(written | told)}')"


FIGURES: Final = [
    after(
        PLATFORM,
        set_details(STUCK),
        fact(
            ANN,
            COURSE,
            "attempts >= 3 and shown_score = 61.5 and score_source = 'details' and not has_problem "
            "and last_activity >= '2026-01-03'",
        ),
    ),
    after(
        PLATFORM,
        f"update {PROGRESS} set last_updated = '2026-01-01', "
        f"progress_details = '{json.dumps(STUCK)}' {row(ANN)}",
        fact(ANN, COURSE, "last_activity = '2026-01-03T10:00:00Z'"),
    ),
    after(
        PLATFORM,
        f"update {PROGRESS} set last_updated = '2026-01-01', progress_details = "
        f"'{json.dumps({'submitted_at': '2026-02-31', 'started_at': '2026-01-30'})}' {row(ANN)}",
        fact(ANN, COURSE, "last_activity = '2026-01-30T00:00:00Z'"),
    ),
    after(
        PLATFORM,
        f"update {PROGRESS} set completed_at = 'infinity' {row(ANN)}",
        fact(ANN, COURSE, "has_problem"),
    ),
    # Whoever names somebody else's batch saves nothing: what comes is the student's own.
    after(
        PLATFORM,
        f"perform set_config('dashboard.batch', '{batch_of(ADMIN)}', true); update {PROGRESS} "
        f"set last_updated = '2026-01-01', progress_details = '{json.dumps(STUCK)}' {row(ANN)}",
        fact(ANN, COURSE, "last_activity = '2026-01-03T10:00:00Z'"),
    ),
    is_so(
        PLATFORM,
        f"internal.own_change_in({_change(source='student')}) = '2026-01-02' "
        f"and internal.unexplained_change_in({_change(source='platform')}) = '2026-01-02'",
    ),
    is_so(
        PLATFORM,
        "(select unexplained_change is not null "
        f"from internal.work_recorded('{ANN}', '{ASSESSMENT}', now()))",
    ),
    is_so(
        PLATFORM,
        f"internal.completion_at('{ANN}', '{COURSE}', 'Completed', '2026-01-02') = '2026-01-02'",
    ),
    is_so(
        ADA,
        "internal.is_meant('Anne-Marie Åberg', 'aberg anne') "
        "and not internal.is_meant('Anne-Marie Åberg', 'berta')",
    ),
    is_so(
        ADA,
        "internal.pass_mark('{\"passThreshold\": \"70\"}') = 70 and internal.pass_mark('{}') = 60",
    ),
    is_so(ADA, "internal.plain('Ångström') = 'angstrom' and internal.number_in('\"7.5\"') = 7.5"),
    is_so(ADA, "internal.mark_in('7') = 7 and internal.mark_in('101') is null"),
    is_so(
        ADA, "internal.handed_in_at('{\"submitted_at\": \"2026-01-02\"}') = '2026-01-02T00:00:00Z'"
    ),
    is_so(
        ADA,
        "internal.fields_locked_with('{status}', 'Completed', 'course') "
        "= '{status,progress_percentage,completed_at}'",
    ),
    is_so(
        PLATFORM, "internal.plausible('infinity') is null and internal.plausible(now()) is not null"
    ),
    is_so(ADA, "not dashboard.is_other('Completed')"),
    is_so(PLATFORM, "internal.other_status('Completed') = 'X{Completed}'"),
    is_so(
        PLATFORM,
        "internal.status_in('Completed') = 'Completed' and internal.status_in('x') is null",
    ),
    is_so(PLATFORM, "internal.source_of(null, null) = 'platform'"),
    is_so(PLATFORM, """internal.difference('{"a": 1, "b": 2}', '{"a": 1}') = '{"b": 2}'"""),
    is_so(
        PLATFORM,
        """(
            select (before, after, is_within) = (jsonb '{"a": {"b": 2}}', jsonb '{"a": {"b": 3}}', true)
            from internal.changes_within(
                '{"a": {"b": 2, "c": 1}}', '{"a": {"b": 3, "c": 1}}', internal.details_depth()
            )
        )""",
    ),
    is_so(
        PLATFORM,
        """internal.value_before('{"a": {"b": 3, "c": 1}}', '{"a": {"b": 2}}', '{"a": {"b": 3}}', 2)
            = '{"a": {"b": 2, "c": 1}}'""",
    ),
]


def of_past_figures(key: ClaimsKey) -> list[Probe]:
    """Whose work a figure was: a past day tells it as today does."""
    alone = "delete from internal.app_login; perform set_config('request.jwt.claims', '', true)"
    later = "perform pg_sleep(0.001); at := clock_timestamp(); perform pg_sleep(0.001)"
    shown = f"from dashboard.class_cells_as_of('{CLASS_1A}', at) {row(ANN, ASSESSMENT)}"
    moved = f"update {PROGRESS} set score = 9 {row(ANN, ASSESSMENT)}"

    def past(writes: str, condition: str) -> Probe:
        corrected = (
            f"{signed(key, COORDINATOR)}; {set_score(43)}; {alone}; {writes}; {later}; {moved}"
        )
        block = (
            f"declare at timestamptz; begin {corrected}; {signed(key, COORDINATOR)}; "
            f"if not coalesce((select {condition} {shown}), false) then raise exception 'not so'; end if; end"
        )
        return Probe(PLATFORM, f"do $probe$ {block} $probe$", DONE)

    # The platform's own answers came with each, so that it has to be asked whether the figure moved.
    graded = f"update {PROGRESS} set progress_details = '{{\"score\": 1}}' {row(ANN, ASSESSMENT)}"
    return [
        past(graded, "cell = 'C55/43e'"),
        past(f"{graded}; {set_score(44)}", "cell = 'C55/44'"),
    ]
