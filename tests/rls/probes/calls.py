"""What the functions that people may call tell them, and what they may not call."""

from typing import Final

from tests.people import (
    ADMIN,
    ANN,
    ASSESSMENT,
    CLASS_1A,
    CLASS_1B,
    COORDINATOR,
    COURSE,
    TEACHER,
    UNUSED,
)
from tests.rls.facts import GUEST
from tests.rls.oracle import batch_of
from tests.rls.probes.probe import (
    ADA,
    CORA,
    IDS,
    PLATFORM,
    TESS,
    after,
    is_so,
    refused,
    set_score,
)
from tests.rls.staff_students import KAI

NEWS: Final = "from dashboard.news('2020-01-01', 9)"
KAI_COMPLETES: Final = (
    "update public.student_module_progress set status = 'Completed', completed_at = now() "
    f"where student_id = '{KAI}'"
)

CALLS: Final = [
    is_so(ADA, "dashboard.refresh_roster() is not null"),
    is_so(TESS, f"2 = (select count(*) from dashboard.class_rows('{CLASS_1A}', {IDS}, true))"),
    is_so(
        TESS,
        f"(select cells = 'I40;C55/55f' and completed = 1 from "
        f"dashboard.class_rows('{CLASS_1A}', {IDS}, true) where student_id = '{ANN}')",
    ),
    is_so(TESS, f"0 = (select count(*) from dashboard.class_rows('{CLASS_1B}', {IDS}, true))"),
    is_so(
        TESS,
        "(select array_agg(class_id) = "
        f"'{{{CLASS_1A}}}' from dashboard.module_counts('{COURSE}', '{{{CLASS_1A}, {CLASS_1B}}}'))",
    ),
    is_so(
        TESS,
        f"(select array_agg(distinct class_id) = '{{{CLASS_1A}}}' "
        f"from dashboard.module_completions('{{{CLASS_1A}, {CLASS_1B}}}', null, '2000-01-01', current_date))",
    ),
    is_so(TESS, f"6 = (select count(*) from dashboard.class_cells_as_of('{CLASS_1A}', now()))"),
    is_so(TESS, f"0 = (select count(*) from dashboard.class_cells_as_of('{CLASS_1B}', now()))"),
    after(
        ADA,
        f"{set_score(31)}; {set_score(32)}",
        f"(select shown_score = 55 from dashboard.class_cells_as_of('{CLASS_1A}', now()) "
        f"where student_id = '{ANN}' and module_id = '{ASSESSMENT}')",
    ),
    is_so(TESS, f"array(select distinct class_id {NEWS}) = array['{CLASS_1A}'::uuid]"),
    is_so(CORA, f"2 = (select count(distinct class_id) {NEWS})"),
    is_so(ADA, f"exists (select {NEWS} where student_id = '{ANN}' and kind = 'failed')"),
    after(
        ADA,
        f"update school.student set is_active = false where id = '{ANN}'",
        f"not exists (select {NEWS} where student_id = '{ANN}')",
    ),
    # Of staff who are students too only where they are no staff any more.
    after(ADA, KAI_COMPLETES, f"not exists (select {NEWS} where student_id = '{KAI}')"),
    after(
        ADA,
        f"{KAI_COMPLETES}; update school.staff set is_active = false where id = '{KAI}'",
        f"exists (select {NEWS} where student_id = '{KAI}')",
    ),
    is_so(ADA, "dashboard.read_news() = '2026-01-01'"),
    is_so(TESS, "dashboard.read_news() is null"),
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
    is_so(GUEST, "13 = (select count(*) from dashboard.demo_people())"),
    is_so(GUEST, "dashboard.newest_change() > 0"),
    is_so(GUEST, "exists (select from dashboard.classes_changed_since(0))"),
    is_so(GUEST, "exists (select from dashboard.classes_locked_since('2020-01-01'))"),
    is_so(GUEST, "dashboard.newest_roster_change() > 0"),
    is_so(GUEST, "exists (select from dashboard.rosters_changed_since(0))"),
    # Who takes the guest's role with a statement of their own is not the app, and is told nothing.
    *(
        after(
            TESS,
            "perform set_config('role', 'dashboard_guest', true)",
            f"not exists (select from {called} as it where it::text <> '0')",
        )
        for called in (
            "dashboard.demo_people()",
            "dashboard.newest_change()",
            "dashboard.classes_changed_since(0)",
            "dashboard.classes_locked_since('2020-01-01')",
            "dashboard.newest_roster_change()",
            "dashboard.rosters_changed_since(0)",
            f"dashboard.ended_sessions('{{{CLASS_1A}}}')",
        )
    ),
    is_so(GUEST, f"exists (select from dashboard.ended_sessions('{{{CLASS_1A}}}'))"),
    # Nothing where there are many more modules than the class has.
    *(
        is_so(
            TESS,
            f"{found} = (select count(*) from dashboard.class_rows('{CLASS_1A}', "
            f"array_fill('{COURSE}'::uuid, array[{asked}]), array_fill(60.0, array[{asked}]), true))",
        )
        for asked, found in ((1003, 2), (1004, 0))
    ),
    # Details that hold nothing are no work.
    is_so(TESS, "internal.has_work('{\"a\": 1}') and not internal.has_work('{\"a\": 0}')"),
    refused(GUEST, "select dashboard.read_news()"),
    refused(GUEST, "select internal.my_students()"),
    refused(TESS, "select internal.author()"),
    refused(TESS, "select dashboard.demo_people()"),
    is_so(TESS, f"internal.me() = '{TEACHER}' and internal.my_role() = 'teacher'"),
    is_so(TESS, f"auth.uid() = '{TEACHER}'"),
    is_so(PLATFORM, "auth.uid() is null and internal.author() is null"),
]
