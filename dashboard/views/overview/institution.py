"""The whole institution in a few lines, for whoever sees all of it: which classes moved least, which modules
fail most, rows in doubt, and how old the roster is."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from dashboard import reads
from dashboard.components import empty_and_error, links
from dashboard.components.empty_and_error import when
from dashboard.components.formats import decimals, share
from dashboard.components.table import Column, Link, Way, Ways, table
from dashboard.components.text import count, paragraph
from dashboard.pages import may_open
from data.reading.attachment import attachment
from data.reading.classes.overview import ClassSummary, failed_most, moved_least
from data.reading.data_check.found import counts
from data.reading.data_check.rules import RULES_BY_KEY
from data.roster.reading.saves import last_roster_change

MOST: Final = 3
"""So many classes, and modules, are named: more nobody reads before the first lesson, and Today comes below."""

SCORES: Final = 10
"""With fewer, one student more or less would make a module the worst."""


class Look(NamedTuple):
    """What is to be looked at first in one respect: a row of the table, and in a few words."""

    what: str
    where: Ways
    in_short: str


def is_drawn() -> bool:
    """Is the block for this person?"""
    return reads.visit().actor.role != "teacher"


def draw(classes: Sequence[ClassSummary], weeks_known: int) -> None:
    """The block; nothing for a teacher, whose classes are on the page anyway."""
    if not is_drawn():
        return
    is_checked = may_open("check", reads.visit().actor)
    asked = (
        _moved(classes) if weeks_known else None,
        _failed(),
        _doubts() if is_checked else None,
    )
    looks = [each for each in asked if each is not None]
    if looks:
        names = {one.organisation for one in classes}
        whole = names.pop() if len(names) == 1 else f"{len(names)} organisations"
        table(
            key="institution",
            caption=whole,
            columns=(Column(whole), Column("Look here first", "links")),
            rows=[(each.what, each.where) for each in looks],
            folded=f"Look here first: {', '.join(each.in_short for each in looks)}.",
            is_folded_on_phones_only=True,
            is_captioned=False,
        )
    elif calm := all_is_well(classes, is_known=bool(weeks_known), is_checked=is_checked):
        paragraph(calm)
    if is_roster_first():
        draw_roster()


def all_is_well(classes: Sequence[ClassSummary], *, is_known: bool, is_checked: bool) -> str:
    """What is said where nothing is to be looked at first: no more than is known."""
    begun = [one for one in classes if one.completed + one.in_progress]
    said = ["No row is in doubt."] if is_checked else []
    if not begun:
        said.insert(0, "No class has begun yet.")
    elif is_known and all(one.moved > 0 for one in begun):
        said.insert(0, "Every class moved in 7 days.")
    return " ".join(said)


def _moved(classes: Sequence[ClassSummary]) -> Look | None:
    """The classes that moved least, each with what a student of it completed."""
    what, least = "Moved least in 7 days", moved_least(classes, MOST)
    if least is None:
        return Look(what, Ways([], "No class completed anything."), "nothing completed in 7 days")
    if not least:
        return None
    ways = [
        Way(
            f"{one.name}: {decimals(one.moved, 1)}",
            Link("", "classroom", {"class": str(one.id)}).href,
        )
        for one in least
    ]
    where = Ways(ways, "modules completed per student", beside=True)
    return Look(what, where, f"{least[0].name} moved least")


def _failed() -> Look | None:
    """The modules with the largest share below the pass mark."""
    found = reads.ask(failed_most, SCORES, MOST)
    if not found:
        return None
    ways = [
        Way(
            f"{one.name}: {share(one.failed, one.scored)} of {one.scored:,}",
            Link("", "module", {"class": "all", "module": str(one.id)}).href,
        )
        for one in found
    ]
    where = Ways(ways, "scores below the pass mark", beside=True)
    worst = f"{found[0].name} fails most ({share(found[0].failed, found[0].scored)})"
    return Look("Modules that fail most", where, worst)


def _doubts() -> Look | None:
    """What the data check finds, most first."""
    found = {key: rows for key, rows in reads.ask(counts).items() if rows}
    if not found:
        return None
    most = sorted(found, key=found.__getitem__, reverse=True)[:2]
    kinds = [
        Way(f"{RULES_BY_KEY[key].title}: {found[key]:,}", Link("", "check", {"kind": key}).href)
        for key in most
    ]
    rows = count(sum(found.values()), "row", "rows")
    where = Ways([Way(f"{rows} in all", "check"), *kinds], beside=True)
    return Look("Rows in doubt", where, f"{rows} in doubt")


def is_roster_first() -> bool:
    """Is it among what is to be looked at first? Where it could not be read again."""
    found = reads.ask(attachment)
    return is_drawn() and found is not None and found.failed_at is not None


def draw_roster() -> None:
    """How old people and classes are: a platform's since they were read, ours since they were changed."""
    found = reads.ask(attachment)
    is_managed = may_open("school", reads.visit().actor)
    if found is not None:
        empty_and_error.draw_age()
        left_out = sum(found.not_taken.values())
        if left_out and is_managed:
            links.to("school", f"{left_out:,} left out when it was last read")
    elif is_managed and (changed := reads.ask(last_roster_change)) is not None:
        paragraph(f"People and classes were last changed: {when(changed)}.", quiet=True)
