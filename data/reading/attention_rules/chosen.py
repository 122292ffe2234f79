"""What holds for an organisation and its classes: the figures they chose, and the days off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, text

from data.rules.attention_figures import USUAL, ClassFigures, Figures


@dataclass(frozen=True)
class AttentionChoice:
    """What somebody chose: `own` by figure, and `newest`, the change of each figure that is the last (also one
    that took a choice back), which the next change follows."""

    own: Mapping[str, int] = field(default_factory=dict)
    newest: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ClassRules:
    """A class that is in use, and what it chose itself."""

    id: UUID
    name: str
    choice: AttentionChoice


@dataclass(frozen=True)
class Holiday:
    """Days off, the first and the last included."""

    id: UUID
    name: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class OrganisationRules:
    """An organisation's choice, its classes by name, and its days off, the latest first."""

    id: UUID
    choice: AttentionChoice
    classes: tuple[ClassRules, ...]
    holidays: tuple[Holiday, ...]

    def below(self, class_id: UUID | None) -> Figures:
        """What holds where nothing is chosen: for a class the organisation's, else what is usual."""
        return USUAL if class_id is None else {**USUAL, **self.choice.own}

    def choice_of(self, class_id: UUID | None) -> AttentionChoice:
        """The class's own, or with None the organisation's."""
        found = (one.choice for one in self.classes if one.id == class_id)
        return next(found, AttentionChoice()) if class_id else self.choice

    def held(self, class_id: UUID | None) -> Figures:
        """The figures that hold there."""
        return {**self.below(class_id), **self.choice_of(class_id).own}


def attention_rules(connection: Connection, organisation_id: UUID) -> OrganisationRules:
    """Of this organisation, as far as I may see it."""
    classes = connection.execute(
        text("""
            select id, name
            from roster.class
            where organisation_id = :organisation and archived_at is null
            order by lower(name), id
        """),
        {"organisation": organisation_id},
    ).all()
    choices = _choices(connection, organisation_id)
    holidays = connection.execute(
        text("""
            select id, name, first_day, last_day
            from dashboard.holiday
            where organisation_id = :organisation and removed_at is null
            order by first_day desc, last_day desc, id
        """),
        {"organisation": organisation_id},
    )
    return OrganisationRules(
        organisation_id,
        choices.get(organisation_id, AttentionChoice()),
        tuple(ClassRules(id_, name, choices.get(id_, AttentionChoice())) for id_, name in classes),
        tuple(Holiday(*row) for row in holidays),
    )


def organisation_of(connection: Connection, class_id: UUID) -> UUID | None:
    """Whose class it is; None where it is none of mine."""
    found: UUID | None = connection.scalar(
        text("select organisation_id from roster.class where id = :id"), {"id": class_id}
    )
    return found


def _choices(connection: Connection, organisation_id: UUID) -> dict[UUID, AttentionChoice]:
    rows = connection.execute(
        text("""
            select distinct on (organisation_id, class_id, figure)
                coalesce(class_id, organisation_id) as of_id, figure, value, number
            from dashboard.attention_change
            where organisation_id = :organisation
                or class_id in (select id from roster.class where organisation_id = :organisation)
            order by organisation_id, class_id, figure, number desc
        """),
        {"organisation": organisation_id},
    )
    own: dict[UUID, dict[str, int]] = {}
    newest: dict[UUID, dict[str, int]] = {}
    for of_id, figure, value, number in rows:
        newest.setdefault(of_id, {})[figure] = number
        if value is not None:
            own.setdefault(of_id, {})[figure] = value
    return {of_id: AttentionChoice(own.get(of_id, {}), newest[of_id]) for of_id in newest}


def figures_of(connection: Connection, classes: Iterable[UUID]) -> dict[UUID, ClassFigures]:
    """What holds for each of these classes, as far as I staff them."""
    rows = connection.execute(
        text(
            "select class_id, figures, off from dashboard.attention_figures(cast(:classes as uuid[]))"
        ),
        {"classes": list(classes)},
    )
    return {
        class_id: ClassFigures(figures, tuple((one.lower, one.upper) for one in off or ()))
        for class_id, figures, off in rows
    }


def judging(
    connection: Connection, figures: Mapping[UUID, ClassFigures], students: Iterable[UUID]
) -> dict[UUID, Sequence[ClassFigures]]:
    """What holds for each of these students, who are all in one of these classes or another: of their classes,
    where those differ."""
    first, *others = figures.values()
    if all(other == first for other in others):
        return dict.fromkeys(students, (first,))
    rows = connection.execute(
        text("""
            select student_id, array_agg(class_id)
            from roster.class_student
            where class_id = any(cast(:classes as uuid[]))
            group by student_id
        """),
        {"classes": list(figures)},
    )
    return {student: [figures[each] for each in classes] for student, classes in rows}
