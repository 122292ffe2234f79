"""What the data check finds: how many of each kind, and which rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row, TextClause, text

from data.reading.data_check.finding import CheckRule, Finding
from data.reading.data_check.rules import RULES, RULES_BY_KEY
from data.reading.row_values import values_of_row
from data.rules.activity import idle_since

Source = Literal["dashboard.checked_row", "internal.checked_row"]
"""The rows of students I may see as staff, or all: for the owner, who checks a database and not a school."""


@dataclass(frozen=True)
class Dismissal:
    """A finding that was dismissed: by whom, when and perhaps why."""

    rule: str
    student_id: UUID
    module_id: UUID
    student_name: str | None
    module_name: str | None
    author: str | None
    reason: str | None
    at: datetime


class Doubted(NamedTuple):
    """How many rows break a rule, and of how many students."""

    rows: int = 0
    students: int = 0


def counts(connection: Connection) -> dict[str, int]:
    """How many rows break each rule, those dismissed not counted: as they are kept, whatever their number."""
    return {key: found.rows for key, found in doubted(connection).items()}


def doubted(connection: Connection) -> dict[str, Doubted]:
    """The same, and of how many students."""
    found = dict.fromkeys((rule.key for rule in RULES), Doubted())
    for key, rows, students in connection.execute(text(_COUNTS)):
        found[key] = Doubted(found[key].rows + int(rows), found[key].students + int(students))
    return found


def counts_of_everybody(connection: Connection) -> dict[str, int]:
    """The same of all rows, by a look at every one."""
    columns = ", ".join(
        f"count(*) filter (where {_broken(rule, rule.condition)}) as {rule.key}" for rule in RULES
    )
    row = connection.execute(
        text("select " + columns + " from internal.checked_row as checked")
    ).one()
    return dict(zip((rule.key for rule in RULES), row, strict=True))


def findings_of(
    connection: Connection, key: str, limit: int = 50, after: Finding | None = None
) -> list[Finding]:
    """Rows that break a rule, by student and module; the page behind `after`, the last one seen."""
    found: list[Finding] = []
    place = None if after is None else (after.student_name, after.student_id)
    while True:
        # From the last of them on: of those seen, some may have been left as they are.
        students = _doubtful(connection, key, place, limit + 1)
        rest = limit - len(found)
        found += _page(
            connection, key, [one.id for one in students], rest, found[-1] if found else after
        )
        if len(found) == limit or len(students) <= limit:
            return found
        place = students[-1].full_name, students[-1].id


def _doubtful(
    connection: Connection, key: str, place: tuple[str, UUID] | None, most: int
) -> Sequence[Row[Any]]:
    name, student = place or (None, None)
    return connection.execute(
        text(
            "select id, full_name from dashboard.doubtful_students(:rule, :name, :student, :most)"
        ),
        {"rule": key, "name": name, "student": student, "most": most},
    ).all()


def _page(
    connection: Connection, key: str, students: Sequence[UUID], limit: int, after: Finding | None
) -> list[Finding]:
    rule = RULES_BY_KEY[key]
    theirs = "checked.student_id = any(cast(:students as uuid[])) and "
    found = _question(
        rule, "dashboard.checked_row", theirs + _broken(rule, f"'{key}' = any (rules)"), after
    )
    bound = _place_of(after) | {"limit": limit, "students": students}
    return [_as_finding(rule, row) for row in connection.execute(found, bound)]


def first_of_everybody(connection: Connection, key: str, limit: int) -> list[Finding]:
    """The first rows of all that break a rule."""
    rule = RULES_BY_KEY[key]
    found = _question(rule, "internal.checked_row", _broken(rule, rule.condition), None)
    return [_as_finding(rule, row) for row in connection.execute(found, {"limit": limit})]


def _question(rule: CheckRule, source: Source, broken: str, after: Finding | None) -> TextClause:
    behind = "" if after is None else _BEHIND
    question = (
        f"{_COLUMNS}, {_digest(rule)} as values_digest from {source} as checked where {broken}"
    )
    return text(question + behind + _IN_ORDER)


_COLUMNS: Final = """
select
    student_id, module_id, student_name, module_name, module_type,
    status, progress_percentage, score, completed_at,
    completed_at::text as completed_at_text,
    last_updated::text as last_updated_text,
    last_activity,
    unexplained_change,
    internal.handed_in_at(progress_details) as handed_in_at,
    edited_by_staff
"""
_BEHIND: Final = """
and (student_name, student_id, module_name, module_id)
    > (:after_student_name, :after_student, :after_module_name, :after_module)
"""
_IN_ORDER: Final = """
order by student_name, student_id, module_name, module_id
limit :limit
"""


def _place_of(one: Finding | None) -> dict[str, Any]:
    return (
        {}
        if one is None
        else {
            "after_student_name": one.student_name,
            "after_student": one.student_id,
            "after_module_name": one.module_name,
            "after_module": one.module_id,
        }
    )


def _broken(rule: CheckRule, condition: str) -> str:
    """Only a row that breaks the rule is looked up: `and` would do so of one where that is not known, too."""
    return f"""
        case when {condition} then not exists (
            select
            from dashboard.dismissal as known
            where known.rule = '{rule.key}'
                and known.student_id = checked.student_id
                and known.module_id = checked.module_id
                and known.values_digest = {_digest(rule)}
        ) end
    """


def _digest(rule: CheckRule) -> str:
    columns = ", ".join(f"checked.{name}" for name in rule.depends_on)
    return f"md5(jsonb_build_array({columns})::text)"


_COUNTS: Final = f"""
select rule, rows, students
from dashboard.doubt_counts()
union all
select rule, -sum(dismissed), -count(*) filter (where dismissed = rows)
from (
    select broken.rule, checked.student_id, count(*) as rows, count(known.rule) as dismissed
    from dashboard.checked_row as checked
    cross join unnest(checked.rules) as broken (rule)
    left join dashboard.dismissal as known
        on known.rule = broken.rule
        and known.student_id = checked.student_id
        and known.module_id = checked.module_id
        and known.values_digest = case broken.rule
            {" ".join(f"when '{rule.key}' then {_digest(rule)}" for rule in RULES)}
        end
    where checked.student_id = any (array(select student_id from dashboard.dismissal))
    group by broken.rule, checked.student_id
) as theirs
where dismissed > 0
group by rule
"""


def _as_finding(rule: CheckRule, row: Row[Any]) -> Finding:
    return Finding(
        rule.key,
        row.student_id,
        row.module_id,
        row.student_name,
        row.module_name,
        row.module_type,
        values_of_row(row),
        row.completed_at_text,
        row.last_updated_text,
        idle_since(row.last_activity, row.unexplained_change),
        row.handed_in_at,
        row.edited_by_staff,
        row.values_digest,
    )


def dismissals(connection: Connection) -> list[Dismissal]:
    """What was dismissed, the latest first.

    A row that was changed since is listed here and found again: the dismissal was about other values.
    """
    rows = connection.execute(
        text("""
            select
                known.rule,
                known.student_id,
                known.module_id,
                student.full_name as student_name,
                module.name as module_name,
                staff.full_name as author,
                known.reason,
                known.at
            from dashboard.dismissal as known
            left join roster.student on student.id = known.student_id
            left join roster.module on module.id = known.module_id
            left join roster.staff on staff.id = known.author_id
            order by known.at desc, known.rule, known.student_id, known.module_id
        """)
    )
    return [Dismissal(*row) for row in rows]
