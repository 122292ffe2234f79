"""Students of one name told apart, wherever a list names them."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from dashboard import reads
from data.reading.students import namesakes
from data.reading.students.namesakes import labelled, sharing
from data.reading.students.students import Student


def labels(students: Iterable[tuple[UUID, str | None]]) -> dict[UUID, str]:
    """These students (id and name) as a list writes them: with the e-mail (or the end of the id) where somebody
    else whom I may see has the same name. Without those who have no name, because they are gone."""
    names = {one: name for one, name in students if name}
    found = _beside(names)
    return {one: labelled(name, found.get(one)) for one, name in names.items()}


def label(student: UUID, name: str) -> str:
    """One student, likewise."""
    return labels([(student, name)]).get(student, name)


def labels_beside_emails(students: Sequence[Student]) -> dict[UUID, str]:
    """Likewise where the list has a column of e-mails, which are not said twice."""
    found = _beside({one.id: one.name for one in students})
    emails = {one.id: one.email for one in students}
    more = {one: beside for one, beside in found.items() if beside != emails[one]}
    return {one.id: labelled(one.name, more.get(one.id)) for one in students}


def beside(names: Mapping[UUID, str]) -> Mapping[UUID, str]:
    """What stands beside the names that two of these students share: asks the database nothing where no two do.
    For a list that is whole, such as a class."""
    return _beside(sharing(names))


def _beside(names: Mapping[UUID, str]) -> Mapping[UUID, str]:
    return reads.ask(namesakes.told_apart, tuple(names.items())) if names else {}
