"""Whom and what a line means. Every answer is kept: a file names the same people over and over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from data.files.importing.columns.mapping import Columns
from data.files.importing.folding import fold, visible
from data.files.importing.meanings import STUDENT_NAMED_BY, WHICH, WHO, Meaning
from data.files.importing.roster import MOST_LOOKED_UP, KnownModule, KnownStudent, Roster
from data.files.importing.sheet import Row, as_text
from data.i18n.formats import few, quoted
from data.rules.ids import as_uuid


@dataclass(frozen=True)
class Unresolved:
    """Why a line names nobody. `is_unknown` where the name is readable, but not of the roster."""

    meaning: Meaning
    message: str
    is_unknown: bool = False


@dataclass
class Resolver:
    """Reads the names of one table with one roster."""

    columns: Columns
    roster: Roster
    _students: dict[tuple[str, ...], KnownStudent | Unresolved] = field(default_factory=dict)
    _modules: dict[tuple[str, ...], KnownModule | Unresolved] = field(default_factory=dict)
    suggestions_left: int = MOST_LOOKED_UP
    are_surnames_first: bool = False

    def settle_names(self, rows: Sequence[Row]) -> None:
        """Read the surname first where that names most, and nobody is called as it is written."""
        *_, name, first, last = STUDENT_NAMED_BY
        keys = dict.fromkeys(self._written(row, (name, first, last)) for row in rows)
        names = [visible(one or f"{given} {family}") for one, given, family in keys]
        if not any(map(self.roster.students_named, names)):
            turned = sum(bool(self.roster.students_surname_first(one)) for one in names)
            self.are_surnames_first = 2 * turned >= len(names) > 0

    def student(self, row: Row) -> KnownStudent | Unresolved:
        """Whom a line names, by id, e-mail, user name or name."""
        written = self._written(row, STUDENT_NAMED_BY)
        found = self._students.get(written)
        if found is None:
            *keys, name, first, last = map(visible, written)
            named = name or f"{first} {last}".strip()
            found = self._find_student(dict(zip(WHO, (*keys, named), strict=True)))
            self._students[written] = found
        return found

    def module(self, row: Row) -> KnownModule | Unresolved:
        """Which module it names, by id or name."""
        written = self._written(row, WHICH)
        found = self._modules.get(written)
        if found is None:
            id_, name = map(visible, written)
            found = self._modules[written] = self._find_module(id_, name)
        return found

    def _written(self, row: Row, meanings: Sequence[Meaning]) -> tuple[str, ...]:
        places = [self.columns.places.get(one) for one in meanings]
        return tuple(["" if at is None else as_text(row.at(at)) for at in places])

    def _find_student(self, keys: Mapping[Meaning, str]) -> KnownStudent | Unresolved:
        """The first key that is written decides, and none beside it may name somebody else."""
        written = {meaning: key for meaning, key in keys.items() if key}
        if list(written) == [Meaning.STUDENT]:
            written = _sorted_out(written[Meaning.STUDENT])
        if not written:
            message = "The student is missing. Write the name or the e-mail."
            return Unresolved(Meaning.STUDENT, message)
        found = {meaning: self._students_by(meaning, key) for meaning, key in written.items()}
        if len(found) > 1 and not found.get(Meaning.USERNAME, True):
            del found[Meaning.USERNAME]  # many are no part of an address
        first, *others = found
        meant = _narrowed(found)
        if not meant:
            return self._unknown(first, written[first], [found[one] for one in others])
        if len(meant) > 1:
            return Unresolved(first, _several(written[first], meant))
        for meaning in others:
            if found[meaning] and meant[0] not in found[meaning]:
                return Unresolved(meaning, _disagrees(written[meaning], first, meant[0]))
        return meant[0]

    def _students_by(self, meaning: Meaning, written: str) -> list[KnownStudent]:
        if meaning is Meaning.STUDENT and self.are_surnames_first:
            return self.roster.students_surname_first(written)
        return self.roster.students_by(meaning, written)

    def _unknown(
        self, meaning: Meaning, written: str, others: Sequence[Sequence[KnownStudent]]
    ) -> Unresolved:
        likely = self._like(written) if meaning is not Meaning.STUDENT_ID else []
        message = _unknown(written, likely)
        beside = next((one[0] for one in others if len(one) == 1), None)
        if beside is not None:
            message = (
                f"No student “{_cut(written)}” is known here, but {beside.name} is named beside. "
                "Correct this, or leave it empty."
            )
        return Unresolved(meaning, message, True)

    def _find_module(self, id_: str, name: str) -> KnownModule | Unresolved:
        if not id_ and as_uuid(name):
            id_, name = name, ""
        named = self.roster.modules_named(name)
        if id_:
            found = self.roster.module_with_id(id_)
            if found is None:
                return Unresolved(Meaning.MODULE_ID, f"There is no module {_cut(id_)}.", True)
            if named and found not in named:
                message = f"“{_cut(name)}” is another module than that of the id, {found.name}. Correct one."
                return Unresolved(Meaning.MODULE, message)
            return found
        if len(named) == 1:
            return named[0]
        if named:
            kinds = ", ".join(f"{one.type}: {one.id}" for one in named)
            message = f"Several modules are called “{_cut(name)}”. Write the id of the one meant ({kinds})."
            return Unresolved(Meaning.MODULE, message)
        if not name:
            return Unresolved(Meaning.MODULE, "The module is missing. Write its name.")
        likely = quoted(one.name for one in self._likely_modules(name))
        return Unresolved(
            Meaning.MODULE, f"There is no module “{_cut(name)}”.{_meant(likely)}", True
        )

    def _like(self, written: str) -> list[KnownStudent]:
        self.suggestions_left -= 1
        if self.suggestions_left < 0:
            return []
        return self.roster.students_surname_first(written) or self.roster.students_like(written)

    def _likely_modules(self, written: str) -> list[KnownModule]:
        self.suggestions_left -= 1
        return self.roster.modules_like(written) if self.suggestions_left >= 0 else []


def _narrowed(found: Mapping[Meaning, Sequence[KnownStudent]]) -> Sequence[KnownStudent]:
    """Whom the first key names; where these are several, those whom the next keys name too."""
    first, *others = found.values()
    for each in others:
        if len(first) > 1:
            first = [one for one in first if one in each] or first
    return first


def _disagrees(written: str, by: Meaning, found: KnownStudent) -> str:
    return (
        f"“{_cut(written)}” is another student than the one of the {by.value.lower()} beside it, "
        f"{found.name}. Correct one."
    )


def _sorted_out(written: str) -> dict[Meaning, str]:
    """A column of "students" may hold their addresses or ids."""
    if as_uuid(written):
        return {Meaning.STUDENT_ID: written}
    return {Meaning.EMAIL if "@" in written else Meaning.STUDENT: written}


def _cut(written: str) -> str:
    one_line = " ".join(written.split())
    return one_line if len(one_line) <= 80 else one_line[:79] + "…"


def _unknown(written: str, likely: Sequence[KnownStudent]) -> str:
    if fold(written).split(" ")[0] in {"total", "totals", "sum", "average", "mean"}:
        return f"“{_cut(written)}” is not a student. Leave out lines of totals."
    named = [f"{one.name} ({one.email})" if one.email else one.name for one in likely]
    return f"No student “{_cut(written)}” is known here.{_meant(named)}"


def _meant(likely: Sequence[str]) -> str:
    return f" Did you mean {' or '.join(likely)}?" if likely else ""


def _several(written: str, found: Sequence[KnownStudent]) -> str:
    mails = [one.email or f"no e-mail, id {one.id}" for one in found]
    return (
        f"“{_cut(written)}” matches {len(found)} students: {few(mails, 5)}. Write the e-mail or id."
    )
