"""Mutants that nobody could notice by what they do, each with the reason why.

At start-up they are noticed all the same (data/database/schema_expected.py), as every edit is: that proves
nothing.
Whatever else only the definitions notice wants a probe (tests/rls/probes), or a group here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tests.rls.mutant import SCHEMAS, Connection

ME: Final = "( SELECT internal.me() AS me)"
EDITABLE: Final = (
    "(EXISTS ( SELECT\n   FROM roster.editable\n  WHERE (editable.id = {}.student_id)\n OFFSET 0))"
)


@dataclass(frozen=True)
class Group:
    """Mutants, and the one reason why what people and programs meet is the same with and without them."""

    reason: str
    mutants: frozenset[str]


NOTES_OF_STANDINGS: Final = frozenset(
    {
        *(
            mutant
            for table in ("dashboard.fact", "school.class_student", "school.class_module")
            for what in ("inserts", "updates", "deletes")
            if (table, what) != ("dashboard.fact", "inserts")
            for mutant in (
                f"trigger note_{what} on {table} dropped",
                f"alter table {table} disable trigger note_{what}",
            )
        ),
        "trigger note_deletes on dashboard.history dropped",
        "alter table dashboard.history disable trigger note_deletes",
        "trigger note_news on dashboard.history dropped",
        "alter table dashboard.history disable trigger note_news",
        "trigger note_pass_marks on public.modules dropped",
        "alter table public.modules disable trigger note_pass_marks",
        *(
            mutant
            for table, what in (
                *(("dashboard.attention_change", "figures"), ("dashboard.holiday", "figures")),
                *(("dashboard.holiday", "removals"), ("school.student", "summaries")),
                *((f"school.{one}", "summaries") for one in ("class", "staff")),
                *(("school.staff", "new_summaries"), ("school.staff", "lost_summaries")),
            )
            for mutant in (
                f"trigger note_{what} on {table} dropped",
                f"alter table {table} disable trigger note_{what}",
            )
        ),
        *(
            f"internal.note_{what}(){mutant}"
            for what in (
                *("students", "modules", "pass_marks", "forgotten", "figures", "summaries"),
                *("news", "facts"),
            )
            for mutant in (" dropped", ", another body (0: begin return coalesce(new, old); end)")
        ),
        *(
            f"internal.{what}{mutant}"
            for what in (
                "note_wrong_standings()",
                "note_wrong_sums()",
                "note_wrong_summaries()",
                "settle(integer)",
            )
            for mutant in (" dropped", ", another body (0: select null::integer)")
        ),
        "internal.doubts_of_row(public.progress_status,integer,numeric,timestamp with time zone,"
        "timestamp with time zone,jsonb,numeric,text), another body (0: select null::text[])",
        "internal.doubts_of(uuid,uuid), another body (0: select null::text[])",
        "internal.settle_doubts(uuid[]), another body (0: select)",
        *(
            f"internal.wrong_news(){mutant}"
            for mutant in (
                *(" dropped", ", another body (0: looser)"),
                ", another body (1: select null::uuid where false)",
            )
        ),
        "internal.judge_modules() dropped",
        "internal.judge(uuid[],uuid[]), another body (0: select)",
        "internal.judge_modules(), another body (0: begin return coalesce(new, old); end)",
        "trigger judge_modules on public.modules dropped",
        "alter table public.modules disable trigger judge_modules",
    }
)

WRITTEN_DOWN: Final = (
    Group(
        "Whose counts are no longer sure is noted, and counted or judged again: no question of rights. "
        "test_standings.py, test_class_sums.py, test_doubts.py, test_class_summaries.py and test_news.py in "
        "tests/database ask after each change.",
        NOTES_OF_STANDINGS,
    ),
    Group(
        "Months are made, dropped and restored by the owner alone, or by the app for nobody in particular: no "
        "question of rights. test_history_months.py, test_dropped_months.py and test_restored_months.py in "
        "tests/database ask what comes of it.",
        frozenset({
            *(
                f"internal.{what} {lost}"
                for what in (
                    *("drop_month(date,bigint,text)", "essence(jsonb)", "guard_month(regclass)"),
                    *("history_months()", "hold_history()", "make_month(date)", "restore_month(date)"),
                    *("keep_months(timestamp with time zone,integer)", "what_stays(timestamp with time zone)"),
                )
                for lost in ("dropped", "with the caller's path")
            ),
            "internal.has_month(timestamp with time zone) dropped",
            "dashboard.keep_months() with the caller's rights",
            "dashboard.keep_months() with the caller's path",
            "dashboard.keep_months(), another body (0: select null::integer)",
            "internal.keep_months(timestamp with time zone,integer), another body (0: select null::integer)",
            "internal.essence(jsonb), another body (0: select null::jsonb)",
            "internal.restore_month(date), another body (0: select null::bigint)",
            *(
                f"internal.{what}, another body (0: select)"
                for what in ("drop_month(date,bigint,text)", "guard_month(regclass)", "hold_history()")
            ),
            "internal.make_month(date), another body (0: select)",
        }),
    ),
    Group(
        "Whether it is told as it was kept, or worked out now: that is the same (test_class_summaries.py).",
        frozenset({
            "internal.noted_classes(), another body (0: looser)",
            "internal.sure_classes(uuid[],timestamp with time zone,boolean), another body "
            "(0: select null::uuid[])",
            "internal.news_from(), another body (0: RETURN null::timestamp with time zone)",
            "internal.untouched_classes(uuid[],timestamp with time zone), another body "
            "(0: select null::uuid[])",
        }),
    ),
    Group(
        "Its function has the owner's rights and tells only of classes that are one's own.",
        frozenset({"view dashboard.class_count without its barrier"}),
    ),
    Group(
        "Only the owner's functions write what it notes of, and it compares rows or two numbers: it looks "
        "nothing up that anybody could have put before PostgreSQL's own.",
        frozenset({
            "internal.note_facts() with the caller's rights",
            "internal.note_facts() with the caller's path",
            "internal.note_forgotten() with the caller's rights",
            "internal.note_forgotten() with the caller's path",
            "internal.note_figures() with the caller's path",
            "internal.note_news() with the caller's rights",
            "internal.note_news() with the caller's path",
            "internal.note_worked_weeks() with the caller's path",
            "internal.note_students() with the caller's path",
            "internal.note_pass_marks() with the caller's path",
            "dashboard.settle() with the caller's path",
        }),
    ),
    Group(
        "Who counts among a class's students when the middle one is looked for: no question of rights, and "
        "asked by tests/database/attention.",
        frozenset(
            f"internal.raised(uuid[],timestamp with time zone,boolean,jsonb), another body ({number}: looser)"
            for number in range(2)
        ),
    ),
    Group(
        "Why a flag is not there any more: no question of rights, and asked by tests/database/scores.",
        frozenset(
            f"internal.record_flags(interval), another body ({number}: looser)" for number in (2, 3)
        ),
    ),
    Group(
        "It checks a column that nobody may give or change (column grants, tests/rls/rights.py): what it "
        "compares is the column's default, or what the condition on the old row has looked at already.",
        frozenset({
            "alter policy coordinators_correct on public.student_module_progress: with check true",
            f"alter policy staff_save_views on dashboard.saved_view: with check without (owner_id = {ME})",
            f"alter policy owners_change_views on dashboard.saved_view: with check without (owner_id = {ME})",
            f"alter policy editors_unlock on dashboard.lock: with check without {EDITABLE.format('lock')}",
            "alter policy editors_dismiss_again on dashboard.dismissal: with check without "
            + EDITABLE.format("dismissal"),
            "alter policy people_change_their_drafts on dashboard.draft: with check true",
        }),
    ),
    Group(
        "What was not opened by its author was undone before (internal.enforce_lock asks the same): "
        "the row has the locked values, and nothing is left to follow.",
        frozenset({"internal.follow_inserted_rows(), another body (1: looser)"}),
    ),
    Group(
        "With the caller's rights it sees less of what is the caller's to see anyway: who may change a "
        "student sees that student's history, and who keeps a roster sees all of it and what became of it.",
        frozenset({
            "internal.may_undo(uuid) with the caller's rights",
            "internal.may_undo_roster(uuid) with the caller's rights",
            "internal.my_managed_classes() with the caller's rights",
            "internal.my_managed_students() with the caller's rights",
            "internal.my_managed_ids() with the caller's rights",
        }),
    ),
    Group(
        "Who reads the mark without its owner's rights is the owner; everybody else is refused either way.",
        frozenset({"internal.refuse_rewriting() with the caller's rights"}),
    ),
    Group(
        "Where there are triggers they have nothing to do: only an attached database without them records what "
        "is saved by their own bodies.",
        frozenset(
            f"internal.{what}, another body (0: RETURN null::void)"
            for what in ("remember_rows(uuid[],uuid[])", "record_changed()", "record_added(uuid[],uuid[])")
        ),
    ),
    Group(
        "What calls it with the owner's rights has an empty path already; whoever else calls it has no more "
        "rights in it than without.",
        frozenset({"internal.plain_name(text) with the caller's path"}),
    ),
    Group(
        "Their bodies call functions by their whole names: they look nothing up.",
        frozenset({
            "internal.keep_plain() with the caller's path",
            "internal.keep_found_by() with the caller's path",
        }),
    ),
    Group(
        "The owner alone calls it, once, where rows and history were loaded beside each other: what it sets is "
        "held by tests/database/demo and tests/figures.",
        frozenset({
            "internal.recall_work() dropped",
            "internal.recall_work(), another body (0: select)",
        }),
    ),
    Group(
        "Its condition is about who asks, not about the row: PostgreSQL asks it once, before it reads any.",
        frozenset({
            "view roster.module without its barrier",
            "view roster.lesson without its barrier",
        }),
    ),
    Group(
        "Its condition costs PostgreSQL less than whatever tells a row by failing: it is asked first.",
        frozenset({
            "view roster.anybody without its barrier",
            "view roster.editable without its barrier",
            "view roster.class_student without its barrier",
        }),
    ),
)  # fmt: skip

WITHIN: Final = (
    "Nobody may call it (rights), no policy, view, trigger or default does, and each function that does fixes "
    "the path and has the owner's rights: it never meets a caller's."
)

FUNCTIONS: Final = f"""
select
    proname,
    oid::regprocedure::text,
    prosrc || coalesce((select aggtransfn::text from pg_aggregate where aggfnoid = pg_proc.oid), ''),
    prosecdef,
    coalesce(array_to_string(proconfig, ' '), '') like '%search_path=%',
    has_function_privilege('dashboard_person', oid, 'execute')
        or has_function_privilege('dashboard_guest', oid, 'execute')
        or exists (
            select
            from pg_depend
            where refclassid = 'pg_proc'::regclass and refobjid = pg_proc.oid
                and classid <> 'pg_proc'::regclass
        )
from pg_proc
where pronamespace::regnamespace::text in {SCHEMAS}
"""


@dataclass(frozen=True)
class Function:
    name: str
    signature: str
    source: str
    is_definer: bool
    fixes_path: bool
    is_reached: bool  # by people, or by a policy, view, trigger or default


def within(connection: Connection) -> Group:
    """Functions that are only called from within: told by the catalogue, so that none is taken for one."""
    connection.execute("select set_config('search_path', '', false)")  # names are written whole
    functions = [Function(*one) for one in connection.execute(FUNCTIONS.encode()).fetchall()]
    path = {
        f"{one.signature} with the caller's path"
        for one in functions
        if one.fixes_path and _is_within(one, functions, "fixes_path")
    }
    rights = {
        f"{one.signature} with the caller's rights"
        for one in functions
        if one.is_definer and _is_within(one, functions, "is_definer")
    }
    return Group(WITHIN, frozenset(path | rights))


def _is_within(one: Function, functions: Iterable[Function], what: str) -> bool:
    if one.is_reached:
        return False
    named = re.compile(rf"\binternal\.{one.name}\b")
    callers = [other for other in functions if other != one and named.search(other.source)]
    return all(getattr(other, what) or _is_within(other, functions, what) for other in callers)
