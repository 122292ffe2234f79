"""What a digest tells one of the staff: no more than they may see, in the words of the pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import chain
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.attention import Urgent, most_urgent
from data.reading.classes.news import LONGEST, ClassNews, news
from data.reading.classes.overview import options
from data.reading.filters import NEEDED
from data.rules.attention import RULES_BY_KEY

MOST_STUDENTS: Final = 8
MOST_CLASSES: Final = 12
"""So many are told of one by one; of the others how many they are."""


@dataclass(frozen=True)
class Linked:
    """One line, and the address of the page that shows it. What was stored is in it as it was stored."""

    words: str
    href: str


@dataclass(frozen=True)
class ToldStudent:
    """Somebody who needs attention: who, or where names stay out of mails of which class; why, the gravest
    reason in sentences; and the others in a few words, '' for none."""

    who: Linked
    reasons: Sequence[str]
    others: str


@dataclass(frozen=True)
class ToldClass:
    """What is new in a class, the gravest first."""

    name: Linked
    news: Sequence[Linked]


@dataclass(frozen=True)
class Digest:
    """All of it, since and until these moments. `students` and `classes` are the first of so many."""

    since: datetime
    until: datetime
    here: tzinfo
    students: Sequence[ToldStudent]
    of_students: int
    classes: Sequence[ToldClass]
    of_classes: int
    dashboard: str
    """The address of its first page."""
    about: frozenset[UUID]
    """Whose data is in it."""


class DigestOff(Exception):
    """An organisation of this person's classes does not have the digest sent; or there is no class."""


@dataclass(frozen=True)
class DigestPeriod:
    """What a digest is about: a day or a week, or since the last one where that is longer ago; days are those
    of `here`, and `dashboard` is its address."""

    days: int
    here: tzinfo
    dashboard: str

    def since(self, until: datetime, last: datetime | None) -> datetime:
        """From when on it tells what is new."""
        usual = until - timedelta(days=self.days)
        if last is None:
            return usual
        # Of a day: exactly since the last. A week is told whole, whatever came meanwhile.
        return max(last if self.days == 1 else min(last, usual), until - LONGEST)


TERMS: Final = text("""
select
    now() as now,
    dashboard.is_digest_sent() as is_sent,
    dashboard.digest_names_students() as names_students
""")


def digest_of(connection: Connection, period: DigestPeriod, last: datetime | None) -> Digest | None:
    """For whoever this transaction acts as; None where there is nothing to say.

    Raises DigestOff where nothing may be.
    """
    terms = connection.execute(TERMS).one()
    if not terms.is_sent:
        raise DigestOff
    since = period.since(terms.now, last)
    class_names = options(connection, None).classes
    found = news(connection, since, MOST_CLASSES)
    urgent = most_urgent(connection, MOST_STUDENTS)
    if not (found.classes or urgent.students):
        return None
    telling = _Telling(period, class_names, names_students=terms.names_students)
    return Digest(
        since,
        terms.now,
        period.here,
        [telling.student(one) for one in urgent.students],
        urgent.of_all,
        telling.classes(found.first),
        found.classes,
        period.dashboard + "/",
        frozenset(
            chain(
                (one.flagged.id for one in urgent.students),
                (one.student_id for one in found.first if one.student_id),
            )
        ),
    )


@dataclass(frozen=True)
class _Telling:
    period: DigestPeriod
    class_names: Mapping[UUID, str]
    names_students: bool

    def student(self, one: Urgent) -> ToldStudent:
        flagged = one.flagged
        names = [
            self.class_names[each]
            for each in dict.fromkeys(flag.class_id for flag in flagged.flags)
            if each in self.class_names
        ]
        who = one.name if self.names_students else "A student"
        reasons, others = flagged.why(self.class_names, self.period.here)
        return ToldStudent(
            self._to(f"{who}, {', '.join(names)}", "student", student=flagged.id),
            [each.sentence for each in reasons],
            others,
        )

    def classes(self, found: Iterable[ClassNews]) -> list[ToldClass]:
        by_class: dict[UUID, list[ClassNews]] = {}
        for one in found:
            by_class.setdefault(one.class_id, []).append(one)
        return [
            ToldClass(
                self._to(self.class_names[id_], "classroom", **{"class": id_}),
                [self._news(one) for one in each],
            )
            for id_, each in by_class.items()
            if id_ in self.class_names
        ]

    def _news(self, one: ClassNews) -> Linked:
        words = one.words(one.student_name if self.names_students else None)
        if one.student_id:
            return self._to(words, "student", student=one.student_id)
        needed = {"attention": NEEDED} if one.kind in RULES_BY_KEY else {}
        return self._to(words, "classroom", **{"class": one.class_id}, **needed)

    def _to(self, words: str, page: str, **parameters: UUID | str) -> Linked:
        return Linked(words, f"{self.period.dashboard}/{page}?{urlencode(parameters)}")
