"""Classes as a whole: how each stands, and what the filters offer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from data.i18n.formats import unlike
from data.reading.catalogue import Module, class_modules
from data.rules.details import type_label

TREND_WEEKS: Final = 8


@dataclass(frozen=True)
class ClassSummary:
    """One class, by a name that no other of mine has: cells by status, how many students need attention (in
    all, and by each rule that flags any), and completions week by week (oldest first, the last one is now)."""

    id: UUID
    name: str
    organisation: str
    students: int
    modules: int
    completed: int
    in_progress: int
    other: int
    needs_attention: int
    by_rule: Mapping[str, int]
    trend: tuple[int, ...]

    @property
    def cells(self) -> int:
        """Eligible cells: students × modules. A missing row counts as not started."""
        return self.students * self.modules

    @property
    def not_started(self) -> int:
        return self.cells - self.completed - self.in_progress - self.other

    @property
    def moved(self) -> float:
        """Completions per student in the last 7 days, less what was taken back; of a class with students."""
        return (self.trend[-1] - self.trend[-2]) / self.students


@dataclass(frozen=True)
class FailedModule:
    """A module by a name that none beside it has: how many cells of my classes have a score, and how many of
    these are below the pass mark."""

    id: UUID
    name: str
    scored: int
    failed: int


@dataclass(frozen=True)
class ClassOptions:
    """What the filters offer: labels by value; and how many students the chosen class has."""

    classes: Mapping[UUID, str]
    all_modules: Sequence[Module]
    students: int

    @property
    def modules(self) -> Mapping[UUID, str]:
        """Names of the chosen class's modules, by id."""
        return {module.id: module.name for module in self.all_modules}

    @property
    def types(self) -> Mapping[str, str]:
        """Labels of the module types among them."""
        return {module.type: type_label(module.type) for module in self.all_modules}


def overview(connection: Connection) -> list[ClassSummary]:
    """Every class I staff, but those that are archived."""
    rows = connection.execute(
        text("""
            select
                class.id,
                class.name,
                class.school_year,
                organisation.name as organisation,
                class_count.students,
                class_count.modules,
                class_count.completed,
                class_count.in_progress,
                class_count.other,
                class_count.needs_attention,
                class_count.by_rule
            from dashboard.class_count
            join roster.class on class.id = class_count.class_id
            join roster.organisation on organisation.id = class.organisation_id
            where class.archived_at is null
            order by organisation.name, class.name, class.school_year desc nulls last, class.id
        """)
    ).all()
    weekly, names = _weekly_completions(connection), told_apart(rows)
    return [_summary(row, names[row.id], weekly.get(row.id, {})) for row in rows]


def moved_least(classes: Iterable[ClassSummary], most: int) -> list[ClassSummary] | None:
    """The classes whose students completed least in the last 7 days, the least first: at most so many, at most
    half of them, and none that moved as much as any. None where several could have moved and none did.

    A class that nobody has begun, or that has completed everything, could not."""
    there = [
        one for one in classes if one.completed + one.in_progress and one.completed < one.cells
    ]
    furthest = max((one.moved for one in there), default=0.0)
    if len(there) > 1 and furthest <= 0:
        return None
    least = sorted((one for one in there if one.moved < furthest), key=lambda one: one.moved)
    return least[: min(most, len(there) // 2)]


def failed_most(connection: Connection, least: int, most: int) -> list[FailedModule]:
    """The modules with the largest share below their pass marks, the worst first: at most `most`, each with at
    least `least` scores from 0 to 100 in my classes, but those that are archived, and somebody below."""
    rows = connection.execute(
        text("""
            select module.id, module.name, score.scored, score.failed
            from (
                select
                    class_score.module_id,
                    sum(class_score.passed + class_score.failed)::integer as scored,
                    sum(class_score.failed)::integer as failed
                from dashboard.class_score
                join roster.class on class.id = class_score.class_id
                where class.archived_at is null
                group by class_score.module_id
            ) as score
            join roster.module on module.id = score.module_id
            where score.scored >= :least and score.failed > 0
            order by score.failed::numeric / score.scored desc, score.scored desc, module.name, module.id
            limit :most
        """),
        {"least": least, "most": most},
    ).all()
    names = unlike({row.id: row.name for row in rows})
    return [FailedModule(row.id, names[row.id], row.scored, row.failed) for row in rows]


def _summary(row: Row[Any], name: str, weekly: Mapping[int, int]) -> ClassSummary:
    counted = {key: value for key, value in row._mapping.items() if key != "school_year"}
    return ClassSummary(**counted | {"name": name}, trend=_trend(row.completed, weekly))


def _weekly_completions(connection: Connection) -> dict[UUID, dict[int, int]]:
    """For each class: completions gained in the seven days that end today (a day of UTC's), and 1, 2 … weeks
    ago."""
    rows = connection.execute(
        text("""
            select class_id, array_agg(weeks_ago) as weeks_ago, array_agg(completions) as completions
            from (
                select
                    class_id,
                    -- What was saved since this transaction began, or by a clock ahead, is of this week.
                    greatest(0, ((select timezone('UTC', now())::date) - day) / 7) as weeks_ago,
                    sum(completions)::int as completions
                from dashboard.class_completion
                where day > timezone('UTC', now())::date - 7 * :weeks
                group by 1, 2
            ) as week
            group by class_id
        """),
        {"weeks": TREND_WEEKS},
    )
    return {row.class_id: dict(zip(row.weeks_ago, row.completions, strict=True)) for row in rows}


def _trend(completed: int, weekly: Mapping[int, int]) -> tuple[int, ...]:
    """Completed cells at the end of each week: today's count, less what each later week added."""
    points = [completed]
    for weeks_ago in range(TREND_WEEKS):
        points.append(points[-1] - weekly.get(weeks_ago, 0))
    return tuple(max(0, point) for point in reversed(points))


def options(connection: Connection, class_id: UUID | None) -> ClassOptions:
    """What the class page's filters offer; modules and types are those of the chosen class, which is among the
    classes where it is archived, too."""
    classes = connection.execute(
        text("""
            select class.id, class.name, class.school_year, organisation.name as organisation
            from roster.class
            join roster.organisation on organisation.id = class.organisation_id
            -- Not those that staff who are students too only learn in.
            where class.id in (select internal.my_staffed_classes())
                and (class.archived_at is null or class.id = :class_id)
            order by organisation.name, class.name, class.school_year desc nulls last, class.id
        """),
        {"class_id": class_id},
    ).all()
    return ClassOptions(
        classes=told_apart(classes),
        all_modules=class_modules(connection, class_id) if class_id else (),
        students=connection.execute(
            text("select count(*) from roster.class_student where class_id = :class_id"),
            {"class_id": class_id},
        ).scalar_one(),
    )


def told_apart(classes: Iterable[Row[Any]]) -> dict[UUID, str]:
    """Names of classes by id; of several of one name each with its school year and organisation, as far as
    these tell them apart, else with their number: a platform may have two organisations of one name."""
    rows = list(classes)
    same: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        same[row.name].append(row)
    telling = {
        name: [
            column
            for column in ("school_year", "organisation")
            if len({getattr(one, column) for one in of_name}) > 1
        ]
        for name, of_name in same.items()
    }
    return unlike({row.id: _told_apart(row, telling[row.name]) for row in rows})


def _told_apart(row: Row[Any], columns: Sequence[str]) -> str:
    telling = [value for column in columns if (value := getattr(row, column))]
    return f"{row.name} ({', '.join(telling)})" if telling else str(row.name)
