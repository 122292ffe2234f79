"""What is due goes when an administrator says so, by the one way there is; each beside what stays."""

from collections.abc import Callable
from typing import Final

from data.access.claims import ClaimsKey
from tests.people import (
    ADMIN,
    ANN,
    BEN,
    COORDINATOR,
    COURSE,
    DAN,
    EVERYWHERE,
    INSPECTOR,
    NORTH,
    SOUTH_COORDINATOR,
    UNUSED,
)
from tests.rls.oracle import batch_of
from tests.rls.probes.paths import turned
from tests.rls.probes.probe import (
    ADA,
    ANNS,
    BY_PERSON,
    CORA,
    PLATFORM,
    TESS,
    Probe,
    after,
    is_so,
    refused,
    signed,
)

Applied = Callable[..., Probe]
"""After the periods were applied, and what was written before it, a condition holds."""

APPLY: Final = f"dashboard.apply_retention('{NORTH}', now(), '{{12,12,12}}', 'North School')"
DUE: Final = "(select count(*) from internal.due_history(null, now() + interval '9 years'))"
SINCE: Final = "= '2020-01-01'"
OTHERS: Final = "23514 the periods are others"
NAMES: Final = "23514 the name that was typed is another"

NO_PERIODS: Final = [
    *(
        refused(BY_PERSON.get(who, PLATFORM), f"select {APPLY}")  # type: ignore[arg-type]
        for who in (TESS.person, CORA.person, ANNS.person, EVERYWHERE, INSPECTOR, None)
    ),
    Probe(ADA, f"select {APPLY.replace('12,12,12', '12,12,13')}", OTHERS),
    Probe(ADA, f"select {APPLY.replace(str(NORTH), str(UNUSED))}", OTHERS),
    *(
        Probe(ADA, f"select {APPLY.replace('North School', typed)}", NAMES)
        for typed in ("", "South School", "north school")
    ),
    is_so(ADA, f'{APPLY} = \'{{"leavers": 0, "notes": 0, "history": 0}}\''),
    turned(ADA, f"perform {APPLY.replace('now', 'pg_catalog.now')}"),
    turned(ADA, "perform dashboard.history_cut()"),
    *(
        turned(
            ADA,
            f"perform count(*) from internal.due_{what}('{NORTH}', '2026-01-01')",
            before=f"update school.student set is_active = false, left_on = '2000-01-01' where id = '{BEN}'; ",
        )
        for what in ("leavers", "notes", "history")
    ),
    turned(ADA, f"perform internal.entries_of('{ANN}')"),
    refused(ADA, f"select internal.retain('{NORTH}', now())"),
    *(is_so(who, f"{DUE} = 0") for who in (TESS, ANNS)),
    *(is_so(who, f"{DUE} > 0") for who in (CORA, ADA)),
    *(is_so(who, f"dashboard.history_cut() {SINCE}") for who in (ANNS, TESS, CORA, ADA)),
    is_so(BY_PERSON[SOUTH_COORDINATOR], "dashboard.history_cut() = '1900-01-01Z'"),
    refused(CORA, f"insert into school.retention (organisation_id) values ('{NORTH}')"),
    is_so(ADA, f"{APPLY.replace('now()', 'now() + interval $$9 years$$')} ->> 'history' = '0'"),
]


def of_retention(key: ClaimsKey) -> list[Probe]:
    """By an administrator, looked at as the owner of the tables, who sees all."""
    ada = signed(key, ADMIN)

    def applied(condition: str, *before: str) -> Probe:
        """Twice: people go after all else."""
        return after(PLATFORM, "; ".join([*before, ada, *[f"perform {APPLY}"] * 2]), condition)

    return [*_history(applied), *_notes(applied), *_leavers(applied)]


def _changed(student: object, ago: str, operation: str = "update") -> str:
    return (
        "insert into dashboard.history (student_id, module_id, operation, source, at) "
        f"values ('{student}', '{COURSE}', '{operation}', 'platform', now() - interval '{ago}')"
    )


def _old(student: object) -> str:
    return (
        f"(select count(*) from dashboard.history where student_id = '{student}' "
        "and at < now() - interval '1 year')"
    )


def _history(applied: Applied) -> list[Probe]:
    cut = f"(select history_cut_at {{}} from school.retention where organisation_id = '{NORTH}')"
    saved = (
        "insert into dashboard.batch (id, at, author_id, source, reason) "
        f"values ('{UNUSED}', now() - interval '2 years', '{ADMIN}', 'form', 'why')"
    )
    why = f"(select reason from dashboard.batch where id = '{UNUSED}')"
    known = f"update dashboard.fact set completion_at = now() - interval '2 years' where student_id = '{ANN}'"
    day = f"(select completion_at from dashboard.fact where student_id = '{ANN}' and module_id = '{COURSE}')"
    return [
        applied(
            f"{_old(ANN)} = 0 and {_old(DAN)} = 1",
            _changed(ANN, "2 years"),
            _changed(DAN, "2 years"),
        ),
        applied(f"{cut.format('= now() - interval $$12 months$$')}", _changed(ANN, "2 years")),
        applied(f"{cut.format(SINCE)} and {_old(DAN)} = 1", _changed(DAN, "2 years")),
        applied(
            f"exists (select from dashboard.history where at < now() - interval '300 days' "
            f"and student_id = '{ANN}')",
            _changed(ANN, "350 days"),
        ),
        applied(f"{why} is null", saved, _changed(ANN, "2 years")),
        applied(f"{day} is null", known, _changed(ANN, "2 years", "insert")),
        applied(f"{day} is not null", known, _changed(ANN, "2 years")),
        applied(
            f"(select reason = 'x' from dashboard.batch where id = '{batch_of(COORDINATOR)}')",
            _changed(ANN, "2 years"),
        ),
        applied(
            "not exists (select from internal.erasing where transaction = pg_current_xact_id())"
        ),
    ]


def _noted(student: object, ago: str) -> str:
    return (
        "insert into dashboard.note (id, student_id, author_id, act, kind, text, written_at) "
        f"values (gen_random_uuid(), '{student}', '{ADMIN}', 'written', 'note', 'x', now() - interval '{ago}')"
    )


def _notes(applied: Applied) -> list[Probe]:
    def left(student: object) -> str:
        return (
            f"(select count(*) from dashboard.note where student_id = '{student}' "
            "and written_at < now() - interval '9 months')"
        )

    return [
        applied(f"{left(BEN)} = 1", _noted(BEN, "2 years"), _noted(BEN, "350 days")),
        applied(f"{left(DAN)} = 1", _noted(DAN, "2 years")),
        applied(
            "exists (select from dashboard.erasure where counts ->> 'note' = '1')",
            _noted(BEN, "2 years"),
        ),
    ]


def _leavers(applied: Applied) -> list[Probe]:
    def gone(student: object, ago: str = "2 years") -> str:
        return (
            f"update school.student set is_active = false, left_on = now() - interval '{ago}' "
            f"where id = '{student}'"
        )

    def stays(student: object) -> str:
        return f"exists (select from school.student where id = '{student}')"

    merged = (
        f"update school.student set is_active = false, left_on = null, merged_into = '{ANN}' "
        f"where id = '{BEN}'"
    )
    ones_own = (
        "insert into school.student (id, organisation_id, full_name) "
        f"values ('{ADMIN}', '{NORTH}', 'Ada')"
    )
    return [
        applied(f"not {stays(BEN)} and {stays(ANN)} and {stays(DAN)}", gone(BEN), gone(DAN)),
        applied(f"{stays(BEN)}", gone(BEN, "350 days")),
        applied(f"not {stays(BEN)} and not {stays(ANN)}", merged, gone(ANN)),
        applied(f"{stays(BEN)}", gone(BEN), merged.replace("left_on = null, ", "")),
        applied(f"{stays(ADMIN)}", ones_own, gone(ADMIN)),
        applied(
            "exists (select from dashboard.erasure where counts ->> 'student' = '1')", gone(BEN)
        ),
    ]
