"""No name in a function means another thing where whoever causes it to run has a search path of their own.

Schema `probe` holds operators and functions that fail, named as those of PostgreSQL's that ours use. What is
called here is written without any: only a function that looks names up on the caller's path meets them.
"""

from typing import Final

from data.access.claims import ClaimsKey
from tests.people import ADMIN, ANN, BEN, CLASS_1A, COORDINATOR, COURSE, PROJECT, TEACHER, UNUSED
from tests.rls.facts import GUEST, Identity
from tests.rls.oracle import PROGRESS, batch_of
from tests.rls.probes.locks import LOCK
from tests.rls.probes.probe import ADA, ADD, CORA, IDS, PLATFORM, TESS, Probe, after, signed

SHADOWED: Final = "perform set_config('search_path', 'probe, pg_catalog', true)"


def turned(who: Identity, *calls: str, before: str = "") -> Probe:
    return after(who, f"{before}{SHADOWED}; " + "; ".join(calls), "true")


# The control: what fails there does fail.
MET: Final = Probe(
    TESS,
    f"do $probe$ begin {SHADOWED}; perform from roster.student where full_name = 'x'; end $probe$",
    "P0001 another function",
)

CALLED: Final = [
    turned(who, f"perform {call}")
    for who, calls in (
        (
            CORA,
            (
                *(
                    f"internal.my_{what}()"
                    for what in (
                        "role",
                        "students",
                        "staffed_students",
                        "classes",
                    )
                ),
                "internal.my_staffed_classes()",
                "internal.my_organisations()",
                "internal.me()",
                "auth.uid()",
                f"internal.may_undo('{batch_of(COORDINATOR)}')",
                "internal.plain('Å')",
                "internal.is_meant('Å', 'a')",
                "internal.number_in('1')",
                "internal.mark_in('1')",
                "internal.pass_mark('{}')",
                "internal.handed_in_at('{}')",
                "internal.fields_locked_with('{score}', 'Completed', 'course')",
                f"dashboard.all_stored_data('{ANN}')",
                f"dashboard.class_cells_as_of('{CLASS_1A}', '2026-01-01')",
                f"dashboard.class_rows('{CLASS_1A}', {IDS}, true)",
                "dashboard.news('2026-01-01', 9)",
                "dashboard.read_news()",
                "dashboard.sign_out()",
                f"dashboard.flags('{{{CLASS_1A}}}', '2026-01-01')",
                f"dashboard.flag_modules('{{{CLASS_1A}}}', '{{{ANN}}}')",
                "dashboard.urgent_flags('2026-01-01', 8)",
                "dashboard.rule_scores('2026-01-01')",
                "dashboard.flags_recorded()",
                f"dashboard.attention_figures('{{{CLASS_1A}}}')",
                f'dashboard.attention_preview(\'{{"figures": {{"{CLASS_1A}": {{}}}}}}\')',
                "internal.is_figure('failed', 1)",
                "internal.class_counts()",
                "dashboard.doubt_counts()",
                "internal.doubts_of_row('Completed', 5, 5, null, null, '{}', 5, 'course')",
                f"dashboard.class_completed('{CLASS_1A}')",
                "internal.has_work('{\"a\": 1}')",
                f"dashboard.module_counts('{COURSE}', '{{{CLASS_1A}}}')",
                "internal.sums_since_settled()",
                f"dashboard.module_completions('{{{CLASS_1A}}}', '{COURSE}', '2000-01-01', current_date)",
                f"dashboard.completion_times('{{{CLASS_1A}}}', '{COURSE}', '2000-01-01', current_date)",
                f"dashboard.active_weeks('{{{CLASS_1A}}}', '{COURSE}', current_date, current_date)",
            ),
        ),
        (
            GUEST,
            (
                "dashboard.demo_people()",
                "dashboard.newest_change()",
                "dashboard.classes_changed_since(0)",
                "dashboard.classes_locked_since('2020-01-01')",
                "dashboard.newest_roster_change()",
                "dashboard.rosters_changed_since(0)",
                "dashboard.sign_in('{}', 'x', 'x')",
                f"dashboard.ended_sessions('{{{UNUSED}}}')",
                "dashboard.settle()",
                "dashboard.record_flags()",
            ),
        ),
    )
    for call in calls
]

ADDED: Final = (
    f"perform dashboard.add_progress('{{{BEN}}}', '{{{PROJECT}}}', '{{InProgress}}', "
    "'{5}', '{null}', '{null}')"
)

UPDATED: Final = (
    f"perform dashboard.update_progress('{{{ANN}}}', '{{{COURSE}}}', '{{Completed}}', "
    "'{100}', '{1}', '{2026-03-01}', '{t}', '{t}', '{t}', '{t}', false)"
)

NOTE: Final = (
    "insert into dashboard.note (id, student_id, act, kind, text, revises) values "
    f"('{UNUSED}', '{ANN}', 'corrected', 'note', 'y', '{ANN}')"
)

CAUSED: Final = [
    # Every way to write the table, by whoever the platform lets write it.
    turned(PLATFORM, f"update {PROGRESS} set score = 5"),
    turned(PLATFORM, f"update {PROGRESS} set last_updated = '2026-01-01'"),
    turned(PLATFORM, f"delete from {PROGRESS}"),
    turned(PLATFORM, f"{ADD}('{BEN}', '{PROJECT}', 'InProgress')"),
    turned(
        PLATFORM, f"{ADD}('{ANN}', '{COURSE}', 'InProgress')", before=f"delete from {PROGRESS}; "
    ),
    turned(
        PLATFORM,
        f"update {PROGRESS} set module_id = '{UNUSED}'",
        before=f"delete from {PROGRESS} where module_id <> '{COURSE}'; ",
    ),
    turned(PLATFORM, "update public.modules set type = 'another'"),
    turned(PLATFORM, "update school.student set full_name = 'Zoë'"),
    turned(CORA, ADDED),
    turned(CORA, UPDATED),
    turned(
        CORA,
        "perform dashboard.doubtful_students('completed_below_100', null, null, 9)",
        before=f"{UPDATED.replace('100', '50')}; ",
    ),
    turned(CORA, LOCK),
    turned(CORA, f"update dashboard.lock set unlocked_by = '{COORDINATOR}'"),
    turned(ADA, NOTE),
]

PATHS: Final = [MET, *CALLED, *CAUSED]


def of_signed_paths(key: ClaimsKey) -> list[Probe]:
    """The same by somebody whom the platform's block acts for: the first question of all is who it is."""
    return [
        turned(PLATFORM, "perform internal.me()", before=f"{signed(key, person)}; ")
        for person in (TEACHER, ADMIN)
    ]
