"""A package of another system as people and classes: OneRoster 1.1 and 1.2, and School Data Sync v2.1.

Their tables are nearly the same. OneRoster 1.1 says a user's role and schools beside the name, the others in a
table of roles; School Data Sync names no changes, only what there is.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from data.files.importing.folding import fold
from data.files.importing.reading.zipped_tables import Record
from data.files.importing.sheet import UnreadableFile
from data.i18n.formats import quoted
from data.roster.files.given import (
    Covers,
    Given,
    GivenClass,
    GivenMember,
    GivenPerson,
    Kind,
    Place,
    RefusedLine,
)
from data.roster.files.reading.package import SDS, Package
from data.rules.roster import EMAIL, check, tidy

GONE: Final = frozenset({"tobedeleted", "inactive"})

ALL_SCHOOLS: Final = "all"

KINDS: Final[Mapping[str, Kind]] = {
    "student": "student",
    "teacher": "staff",
    "aide": "staff",
    "faculty": "staff",
    "professor": "staff",
    "lecturer": "staff",
    "instructor": "staff",
    "adjunct": "staff",
    "tutor": "staff",
}
"""Whom a school's page has; parents, guardians and administrators come in no roster file."""


class UnclearSchool(UnreadableFile):
    """A package has several `schools`, and which one is meant must be said."""

    def __init__(self, message: str, schools: Iterable[str]) -> None:
        super().__init__(message)
        self.schools = tuple(schools)


@dataclass
class _Schools:
    """Which of the package's organisations are meant: all where `ids` is None."""

    ids: frozenset[str] | None = None
    notices: list[str] = field(default_factory=list)

    def has(self, ids: Iterable[str]) -> bool:
        return self.ids is None or not self.ids.isdisjoint(ids)


def read_system(package: Package, organisation: str, school: str | None, today: date) -> Given:
    """Everybody and every class of one school. Raises UnreadableFile where it is not clear which is meant."""
    schools = _schools(package, organisation, school)
    classes = list(_classes(package, schools))
    kept = {one.key for one in classes}
    others = {one.get("sourcedid", "") for one in package.table("classes")} - kept
    members = [one for one in _members(package, today) if one.class_ not in others]
    people: list[GivenPerson] = []
    refused: list[RefusedLine] = []
    left_out: Counter[str] = Counter()
    roles = _roles(package)
    for line, record in enumerate(package.table("users"), 2):
        kind = _kind(record, roles, schools, left_out)
        if kind is None:
            continue
        person = _person(record, kind, Place(line, "users.csv"))
        if not person.is_gone and (faults := _faults(person)):
            refused.append(RefusedLine(person.place, person.full_name, faults))
        else:
            people.append(person)
    is_sds = package.source == SDS
    return Given(
        package.source,
        tuple(classes),
        tuple(people),
        tuple(members),
        tuple(refused),
        Covers(
            people=package.is_whole("users"),
            members=is_sds or package.is_whole("enrollments"),
            classes=is_sds or package.is_whole("classes"),
        ),
        (*schools.notices, *_told(package, left_out)),
        tuple(
            (one.get("sourcedid", ""), tidy(one.get("title"))) for one in package.table("lineitems")
        ),
    )


def _told(package: Package, left_out: Counter[str]) -> Iterator[str]:
    yield f"This is a package of {package.source}."
    if any(mode == "delta" for mode in package.modes.values()):
        yield "It says only what changed."
    for role, many in sorted(left_out.items()):
        yield f"{many:,} of the role “{role}” {'was' if many == 1 else 'were'} left out."


def _schools(package: Package, organisation: str, wanted: str | None) -> _Schools:
    orgs = {one.get("sourcedid", ""): one for one in package.table("orgs")}
    schools = {
        key: tidy(one.get("name"))
        for key, one in orgs.items()
        if one.get("type", "").casefold() == "school"
    }
    if len(schools) < 2 or (wanted or "").casefold() == ALL_SCHOOLS:
        return _Schools()
    named = wanted or organisation
    found = [key for key, one in orgs.items() if fold(one.get("name", "")) == fold(named)]
    if not found:
        names = ", ".join(quoted(sorted(schools.values())[:20]))
        raise UnclearSchool(
            f"The package has {len(schools)} schools, none of them “{named}”: {names}. Say which is meant.",
            sorted(schools.values()),
        )
    below = frozenset(_below(orgs, found))
    others = len(schools.keys() - below)
    words = f"Of the package’s schools “{named}” was read; {others} others were not."
    return _Schools(below, [words] if others else [])


def _below(orgs: Mapping[str, Record], found: Iterable[str]) -> set[str]:
    """These and all under them; that some are under themselves does not matter."""
    children: dict[str, list[str]] = {}
    for key, one in orgs.items():
        children.setdefault(one.get("parentsourcedid", ""), []).append(key)
    below: set[str] = set()
    waiting = list(found)
    while waiting:
        key = waiting.pop()
        if key not in below:
            below.add(key)
            waiting += children.get(key, [])
    return below


def _classes(package: Package, schools: _Schools) -> Iterator[GivenClass]:
    """Classes of one title and year are told apart by their code, or else by their id."""
    years = {
        one.get("sourcedid", ""): one.get("schoolyear", "").strip()
        for one in package.table("academicsessions")
    }
    found = []
    for line, one in enumerate(package.table("classes"), 2):
        if schools.has([one.get("schoolsourcedid") or one.get("orgsourcedid") or ""]):
            found.append((Place(line, "classes.csv"), one, _year(one, years)))
    titles = Counter((fold(one.get("title", "")), year) for _, one, year in found)
    codes = Counter(
        (fold(one.get("title", "")), year, one.get("classcode", "")) for _, one, year in found
    )
    for place, one, year in found:
        key, title, code = (
            one.get("sourcedid", ""),
            tidy(one.get("title")),
            tidy(one.get("classcode")),
        )
        if titles[fold(title), year] > 1:
            is_told = code and codes[fold(title), year, one.get("classcode", "")] == 1
            title = f"{title} ({code if is_told else key})"
        yield GivenClass(key, place, title[:200] or key, year, key, _is_gone(one))


def _year(one: Record, years: Mapping[str, str]) -> str | None:
    """OneRoster names a school year by the calendar year in which it ends."""
    sessions = (one.get("termsourcedids") or one.get("sessionsourcedids") or "").split(",")
    ends = [years[key.strip()] for key in sessions if years.get(key.strip(), "").isdecimal()]
    if not ends or not 1900 < int(ends[0]) < 2200:
        return None
    return f"{int(ends[0]) - 1}/{int(ends[0]) % 100:02d}"


def _members(package: Package, today: date) -> Iterator[GivenMember]:
    for line, one in enumerate(package.table("enrollments"), 2):
        ended = one.get("enddate", "").strip()[:10]
        is_gone = _is_gone(one) or (len(ended) == 10 and ended < today.isoformat())
        place = Place(line, "enrollments.csv")
        yield GivenMember(
            place, one.get("usersourcedid", ""), one.get("classsourcedid", ""), is_gone
        )


def _roles(package: Package) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for one in package.table("roles"):
        if not _is_gone(one):
            found.setdefault(one.get("usersourcedid", ""), []).append(one)
    return found


def _kind(
    record: Record, roles: Mapping[str, list[Record]], schools: _Schools, left_out: Counter[str]
) -> Kind | None:
    """None of somebody of another school, or of a role that nobody has here: that one is counted."""
    mine = roles.get(record.get("sourcedid", ""), [])
    orgs = [one.strip() for one in record.get("orgsourcedids", "").split(",")]
    orgs += [record.get("primaryorgsourcedid", ""), *(one.get("orgsourcedid", "") for one in mine)]
    if not schools.has(orgs):
        return None
    said = [one.get("role", "") for one in mine] or [record.get("role", "")]
    kinds = {KINDS.get(one.strip().casefold()) for one in said}
    for kind in ("staff", "student"):
        if kind in kinds:
            return kind
    if _is_gone(record) and not any(said):  # what goes may say no more than its id
        return "student"
    left_out[said[0] or "none"] += 1
    return None


def _person(record: Record, kind: Kind, place: Place) -> GivenPerson:
    key = record.get("sourcedid", "")
    mail = tidy(record.get("email"))
    user = tidy(record.get("username"))
    return GivenPerson(
        key,
        place,
        kind,
        tidy(f"{record.get('givenname', '')} {record.get('familyname', '')}"),
        mail or (user if EMAIL.fullmatch(user) else "") or None,
        tidy(record.get("identifier")) or None if kind == "student" else None,
        key,
        _is_gone(record) or record.get("enableduser", "").strip().casefold() in {"false", "0"},
    )


def _faults(person: GivenPerson) -> str:
    no_id = [] if person.key else ["The sourcedId is missing."]
    return " ".join([*no_id, *(one.message for one in check(person.values))])


def _is_gone(record: Record) -> bool:
    return record.get("status", "").strip().casefold() in GONE
