"""Roles of the school's own, which know nothing of this program, work on with their rights and policies."""

from typing import Final

from tests.people import ANN, ASSESSMENT, BEN, CLEO, COURSE, PROJECT, UNUSED
from tests.rls.oracle import PROGRESS
from tests.rls.probes.probe import ADD, PLATFORM, after, fact, newest, row, set_score

# A condition that no planner knows beforehand: else it would not look at the other policies at all.
ALWAYS: Final = "current_user = 'theirs'"


def theirs_on(rights: str, relation: str) -> str:
    """From here on the block is a role's that has these rights on this table, and a policy of its own."""
    schema = relation.split(".")[0]
    return "; ".join((
        "create role theirs",
        "grant theirs to progress_owner",
        f"grant usage on schema {schema} to theirs",
        f"grant {rights} on {relation} to theirs",
        f"create policy theirs on {relation} to theirs using ({ALWAYS}) with check ({ALWAYS})",
        "perform set_config('role', 'theirs', true)",
    ))  # fmt: skip


OURS_AGAIN: Final = "perform set_config('role', 'none', true)"

# --- reading and writing by their own policies ---

CHANGEABLE: Final = {
    PROGRESS: "score",
    "dashboard.lock": "reason",
    "dashboard.dismissal": "reason",
    "dashboard.draft": "edits",
    "dashboard.saved_view": "name",
    "public.organisations": "name",
    "public.modules": "name",
    "public.lessons": "title",
    "school.student": "full_name",
    "school.staff": "full_name",
    "school.class": "name",
    "school.class_module": "position",
    "school.source_id": "our_id",
    "school.retention": "notes_months",
    "dashboard.holiday": "name",
    "school.digest": "is_sent",
}
"""Tables of ours that people change, and a column of each."""

ADDED_TO: Final = (
    *CHANGEABLE,
    *("dashboard.batch", "dashboard.note", "dashboard.flag_response"),
    *("dashboard.class_target", "dashboard.roster_batch"),
    "dashboard.attention_change",
    *(
        "school.class_student",
        "school.class_teacher",
        "school.retired_module",
        "school.roster_lock",
    ),
)
READ: Final = (
    *ADDED_TO,
    *("dashboard.fact", "dashboard.history", "dashboard.lock_attempt", "dashboard.roster_change"),
    "dashboard.erasure",
)

REPORTS: Final = [
    *(
        after(
            PLATFORM,
            f"{theirs_on('select', name)}; perform from {name} limit 1; "
            "if not found then raise exception 'nothing is seen'; end if",
            "true",
        )
        for name in READ
    ),
    *(
        after(
            PLATFORM,
            f"{theirs_on('insert, select', name)}; insert into {name} overriding system value "
            f"select * from {name} where not {ALWAYS}",
            "true",
        )
        for name in ADDED_TO
    ),
    *(
        after(
            PLATFORM,
            f"{theirs_on('update, select', name)}; update {name} set {column} = {column} where not {ALWAYS}",
            "true",
        )
        for name, column in CHANGEABLE.items()
    ),
    *(
        after(
            PLATFORM,
            f"{theirs_on('delete, select', name)}; delete from {name} where not {ALWAYS}",
            "true",
        )
        for name in (
            *("dashboard.dismissal", "dashboard.draft", "dashboard.saved_view"),
            *("public.modules", "public.lessons", "school.student", "school.staff", "school.class"),
            *("school.class_student", "school.class_teacher", "school.class_module"),
            *("school.retired_module", "school.source_id", "school.roster_lock"),
        )
    ),
]

# --- writing the platform's own table, with no rights on anything of ours ---

WRITER: Final = theirs_on("select, insert, update, delete", PROGRESS)

WRITES: Final = [
    after(
        PLATFORM,
        f"{WRITER}; {set_score(41)}; {OURS_AGAIN}",
        newest(ANN, ASSESSMENT, "source = 'platform' and after ->> 'score' = '41'")
        + f" and {fact(ANN, ASSESSMENT, 'shown_score = 41')}",
    ),
    after(
        PLATFORM,
        f"{WRITER}; {ADD}('{BEN}', '{PROJECT}', 'InProgress'); {OURS_AGAIN}",
        newest(BEN, PROJECT, "operation = 'insert'") + f" and {fact(BEN, PROJECT, 'true')}",
    ),
    # A lock holds, and what they tried is recorded.
    after(
        PLATFORM,
        f"{WRITER}; update {PROGRESS} set score = 41 {row(CLEO)}; {OURS_AGAIN}",
        f"(select score is null from {PROGRESS} {row(CLEO)}) "
        f"and exists (select from dashboard.lock_attempt {row(CLEO)} and attempted = '41')",
    ),
    after(
        PLATFORM,
        f"{WRITER}; delete from {PROGRESS} {row(CLEO)}; {OURS_AGAIN}",
        f"exists (select from dashboard.lock_attempt {row(CLEO)} and attempted = 'deleted')",
    ),
    after(
        PLATFORM,
        f"{WRITER}; update {PROGRESS} set module_id = '{UNUSED}' {row(CLEO)}; {OURS_AGAIN}",
        f"exists (select from dashboard.lock_attempt {row(CLEO)} and attempted = 'moved')",
    ),
    after(
        PLATFORM,
        f"{WRITER}; delete from {PROGRESS} {row(CLEO)}; "
        f"{ADD}('{CLEO}', '{COURSE}', 'InProgress'); {OURS_AGAIN}",
        fact(CLEO, COURSE, "is_locked"),
    ),
]

# --- what nobody reads ---

UNREAD_BY_ALL: Final = (
    "auth.users",
    "public.organisations",
    "public.modules",
    "public.lessons",
    "school.student",
    "school.staff",
    "school.class",
    "school.class_student",
    "school.class_module",
    "school.class_teacher",
    "internal.demo_marker",
    "internal.claims_key",
    "internal.app_login",
    "dashboard.identity",
    "dashboard.staff_session",
    "dashboard.sessions_valid_after",
    "school.retired_module",
    "school.source_id",
    "school.roster_lock",
    "internal.erasing",
    "internal.dropped_month",
    "internal.dropped_trace",
    "internal.worked_week",
    "internal.standing",
    "internal.unsettled",
    "internal.class_day",
    *("internal.class_score", "internal.student_part", "internal.class_summary"),
    "internal.class_news",
    "internal.doubt",
    "internal.flag_record",
    "internal.flags_recorded",
    *("internal.news_read", "internal.digest_reader"),
    "dashboard.disclosure",
)

# Whoever grants too much one day has granted nothing yet.
LOCKED: Final = [
    after(
        PLATFORM,
        f"if not exists (select from {name}) then raise exception 'nothing is there'; end if; "
        "create role theirs; grant theirs to progress_owner; "
        f"grant usage on schema {name.partition('.')[0]} to theirs; grant select on {name} to theirs; "
        "perform set_config('role', 'theirs', true)",
        f"not exists (select from {name})",
    )
    for name in UNREAD_BY_ALL
]
