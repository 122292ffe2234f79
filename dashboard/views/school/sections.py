"""The only list of the School page's sections. The URL says which is open (`?show=`): only it is drawn."""

from collections.abc import Callable
from typing import Final, NamedTuple

from dashboard import reads
from dashboard.components import empty_and_error, section_bar
from dashboard.components.section_bar import SectionLink
from dashboard.views.school import digest, platform, roster_saves
from dashboard.views.school.attention_rules import section as attention_rules
from dashboard.views.school.classes import section as classes
from dashboard.views.school.data_protection import section as data_protection
from dashboard.views.school.modules import section as modules
from dashboard.views.school.roster_file import section as roster_file
from dashboard.views.school.staff import section as staff
from dashboard.views.school.students import section as students
from dashboard.web import wire
from data.access.roles import EDITORS
from data.roster.reading.managed import ManagedSchool

SHOW: Final = "show"


class SchoolSection(NamedTuple):
    """One section: its name in the URL, its title, what draws it, and for whom."""

    key: str
    title: str
    draw: Callable[[ManagedSchool], None]
    roles: tuple[str, ...] = EDITORS


SECTIONS: Final = (
    SchoolSection("classes", "Classes", classes.draw),
    SchoolSection("students", "Students", students.draw),
    SchoolSection("modules", "Modules", modules.draw),
    SchoolSection("staff", "Staff", staff.draw),
    SchoolSection("file", "From a file", roster_file.draw),
    SchoolSection("attention", "Attention rules", attention_rules.draw),
    SchoolSection("changes", "Changes", roster_saves.draw),
    SchoolSection("digest", "Digest", digest.draw),
    SchoolSection("data-protection", "Data protection", data_protection.draw, ("admin",)),
)

OF_A_PLATFORM: Final = (
    SchoolSection("platform", "From the platform", platform.draw),
    *(one for one in SECTIONS if one.key in ("attention", "digest", "data-protection")),
)
"""Where nothing of it is entered here."""


def draw(school: ManagedSchool, asked: str) -> None:
    """The row of sections, and the one that is asked for; the first where the URL asks for none."""
    offered = OF_A_PLATFORM if empty_and_error.is_attached() else SECTIONS
    mine = [one for one in offered if reads.visit().actor.role in one.roles]
    shown = next((one for one in mine if one.key == asked), mine[0])
    section_bar.draw("school", [_way(one, mine[0], shown) for one in mine])
    # An open list is judged anew in each run: that is long for a hint. Of no organisation there is none.
    if shown.key != "file" and school.organisations:
        wire.watch_school()
    shown.draw(school)


def _way(section: SchoolSection, first: SchoolSection, shown: SchoolSection) -> SectionLink:
    params = {} if section is first else {SHOW: section.key}
    return SectionLink(section.title, params, section is shown)
