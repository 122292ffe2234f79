"""What the module page is made of, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.attention_rules.chosen import figures_of, judging
from data.reading.catalogue import Module, lessons_of
from data.reading.classes.matrix import ROWS, Matrix, MatrixStudent, matrix_of
from data.reading.classes.overview import told_apart
from data.reading.filters import Chosen, fitting
from data.rules.attention_figures import ClassFigures, stuck_after
from data.rules.details import Lesson
from data.rules.flags import StuckQuiz, stuck_quizzes

MOST_CLASSES: Final = 100
"""Of more classes than these nobody reads a comparison, and "all of mine" would be a school's whole crowd."""

LARGEST_DETAILS: Final = 500_000
"""Characters of a row's details that are read among hundreds of others; beyond that they say nothing here."""

# As ROWS tell of one class. Whoever is in two of these is one student, and stuck if any of them says so.
_ROWS_OF_CLASSES: Final = """(
    select distinct on (cell.student_id)
        cell.student_id,
        cell.full_name,
        dashboard.cell_with_marks(
            cell.cell,
            false,
            dashboard.is_failed(cell.shown_score, :pass_mark),
            cell.attempts >= held.stuck_after
        ) as cells,
        coalesce(cell.status = 'Completed', false)::integer as completed,
        coalesce(cell.status = 'InProgress', false)::integer as in_progress,
        coalesce(dashboard.is_other(cell.status), false)::integer as other,
        cell.last_activity, cell.last_change, cell.unexplained_change,
        null::jsonb as flags,
        array[cell.status] as statuses, array[cell.shown_score] as shown_scores
    from dashboard.class_cell as cell
    join unnest(cast(:classes as uuid[]), cast(:stuck_after as integer[])) as held (class_id, stuck_after)
        on held.class_id = cell.class_id
    where cell.class_id = any(:classes) and cell.module_id = :module_id
    order by cell.student_id, held.stuck_after
)"""


@dataclass(frozen=True)
class ModuleOptions:
    """What the filters offer: the classes that have the module, and the modules of the chosen class (of all,
    where all are chosen)."""

    classes: Mapping[UUID, str]
    modules: Mapping[UUID, str]


@dataclass(frozen=True)
class ModulePage:
    """One module in one class of mine, or in all of them (`chosen` has no class then).

    `found` has one column, and a row a student that fits the filters; `eligible` counts them without filters.
    `left_out` names filters that fit nothing. `figures` are of the classes that it is about, and `judged_by` of
    each student's among them; `stuck` are the stuck quizzes by student.
    """

    module: Module
    options: ModuleOptions
    chosen: Chosen
    left_out: tuple[str, ...]
    found: Matrix
    eligible: int
    figures: Mapping[UUID, ClassFigures]
    judged_by: Mapping[UUID, Sequence[ClassFigures]]
    stuck: Mapping[UUID, Sequence[StuckQuiz]]

    @property
    def may_choose_all(self) -> bool:
        """Is "all of mine" a choice?"""
        return 1 < len(self.options.classes) <= MOST_CLASSES


@dataclass(frozen=True)
class ModuleDetails:
    """The stored details of a module's students, any JSON; `lessons` are the module's, in order.
    Students without details are left out; `too_large` counts those whose details cannot be read here."""

    lessons: Sequence[Lesson]
    details: Mapping[UUID, Any]
    too_large: int


def module_page(connection: Connection, module_id: UUID, asked: Chosen) -> ModulePage | None:
    """None where no class of mine has such a module. Without a class among the filters it is about all of
    mine where there are several, but not too many; else, or with a strange class, about the first."""
    classes = _classes(connection, module_id)
    module = _module(connection, module_id) if classes else None
    if module is None:
        return None
    strange = "class" in asked and asked["class"] not in classes
    wanted = {key: value for key, value in asked.items() if key not in ("module", "type")}
    if strange or ("class" not in wanted and not 1 < len(classes) <= MOST_CLASSES):
        wanted["class"] = next(iter(classes))
    options = ModuleOptions(classes, _modules(connection, wanted.get("class")))
    chosen, stale = fitting(wanted, options)
    figures = figures_of(connection, [chosen["class"]] if "class" in chosen else classes)
    found = _rows(connection, module, chosen, figures)
    only_class = {key: value for key, value in chosen.items() if key == "class"}
    everybody = found if chosen == only_class else _rows(connection, module, only_class, figures)
    judged_by = judging(connection, figures, [one.id for one in found.students])
    return ModulePage(
        module,
        options,
        chosen,
        (*(("Class",) if strange else ()), *stale),
        found,
        len(everybody.students),
        figures,
        judged_by,
        _stuck(connection, module, found.students, judged_by),
    )


def _rows(
    connection: Connection, module: Module, chosen: Chosen, figures: Mapping[UUID, ClassFigures]
) -> Matrix:
    if "class" in chosen:
        return matrix_of(connection, chosen, ROWS, {}, [module])
    asked = {
        "classes": list(figures),
        "stuck_after": [held.stuck_after for held in figures.values()],
        "module_id": module.id,
        "pass_mark": module.pass_mark,
    }
    return matrix_of(connection, chosen, _ROWS_OF_CLASSES, asked, [module])


def _classes(connection: Connection, module_id: UUID) -> dict[UUID, str]:
    """The classes I staff that have the module, by name."""
    rows = connection.execute(
        text("""
            select class.id, class.name, class.school_year, organisation.name as organisation
            from roster.class
            join roster.organisation on organisation.id = class.organisation_id
            -- By arrays: of joined views each pair of thousands of classes is looked at.
            where class.id = any(array(
                    select class_id
                    from roster.class_module
                    where module_id = :module_id
                        and class_id = any(array(select internal.my_staffed_classes()))
                ))
                and class.archived_at is null
            order by organisation.name, class.name, class.school_year desc nulls last, class.id
        """),
        {"module_id": module_id},
    )
    return told_apart(rows)


def _module(connection: Connection, module_id: UUID) -> Module | None:
    row = connection.execute(
        text("select id, name, type, pass_mark from roster.module where id = :module_id"),
        {"module_id": module_id},
    ).one_or_none()
    return None if row is None else Module(row.id, row.name, row.type, row.pass_mark)


def _modules(connection: Connection, class_id: UUID | None) -> dict[UUID, str]:
    """Names of the class's modules in order, or of all my classes' by name."""
    rows = connection.execute(
        text("""
            select module.id, module.name
            from roster.class_module
            join roster.class on class.id = class_module.class_id
            join roster.module on module.id = class_module.module_id
            where class_module.class_id in (select internal.my_staffed_classes())
                and (class.id = :class_id or (cast(:class_id as uuid) is null and class.archived_at is null))
            group by module.id, module.name
            order by
                case when cast(:class_id as uuid) is not null then min(class_module.position) end,
                module.name,
                module.id
        """),
        {"class_id": class_id},
    )
    return {row.id: row.name for row in rows}


def _stuck(
    connection: Connection,
    module: Module,
    students: Sequence[MatrixStudent],
    judged_by: Mapping[UUID, Sequence[ClassFigures]],
) -> dict[UUID, Sequence[StuckQuiz]]:
    """The stuck quizzes of those whose cell says that they are stuck."""
    stuck = [one.id for one in students if "s" in one.cells]
    if not stuck:
        return {}
    found = module_details(connection, module.id, tuple(stuck))
    return {
        student: stuck_quizzes(details, found.lessons, stuck_after(judged_by[student]))
        for student, details in found.details.items()
    }


def module_details(
    connection: Connection, module_id: UUID, student_ids: Sequence[UUID]
) -> ModuleDetails:
    """The details of these students in the module, as they are stored."""
    rows = connection.execute(
        text("""
            select
                student_id,
                length(progress_details::text) > :largest as is_too_large,
                case
                    when length(progress_details::text) <= :largest then progress_details
                end as progress_details
            from dashboard.progress
            where module_id = :module_id
                and student_id = any(:student_ids)
                and progress_details is not null
        """),
        {
            "module_id": module_id,
            "student_ids": list(student_ids),
            "largest": LARGEST_DETAILS,
        },
    ).all()
    return ModuleDetails(
        lessons_of(connection, [module_id]).get(module_id, []),
        {row.student_id: row.progress_details for row in rows if not row.is_too_large},
        sum(row.is_too_large for row in rows),
    )
