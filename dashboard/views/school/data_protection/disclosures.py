"""Who looked at one student's data or exported it, as a table and as a file."""

from datetime import tzinfo
from typing import Final

from dashboard import reads
from dashboard.components import pager
from dashboard.components.formats import minute, zone
from dashboard.components.links import download
from dashboard.components.table import Column, table
from dashboard.components.text import heading, paragraph
from dashboard.reads import fresh
from data.access.session import Actor
from data.data_protection.disclosures import KINDS, disclosures, disclosures_csv
from data.files.exporting.names import safe_name
from data.roster.reading.students import StudentEntry
from data.rules.roster import ROLES
from data.writing.disclosures import disclosed_by

A_PAGE: Final = 50

RECORDED: Final = (
    "A page that shows the student is recorded once a day for each person, with the class where it was a "
    "class’s; a file each time. Names in lists, and what is printed or copied from a page, are not recorded."
)


def draw(one: StudentEntry) -> None:
    """The newest lines, the way to older ones, and all of them as a file."""
    heading(f"Who has seen the data of {one.full_name}", 2)
    paragraph(RECORDED, quiet=True)
    here, actor = zone(), reads.visit().actor
    found = reads.ask(disclosures, one.id, pager.number(), A_PAGE)
    table(
        key="disclosures",
        caption="Who has seen it, newest first",
        columns=(Column("When", "date", align="left"), "Who", "Role then", "What", "Class"),
        rows=[
            (
                minute(line.at, here),
                line.who,
                ROLES.get(line.role, line.role),
                KINDS[line.kind],
                line.class_name,
            )
            for line in found
        ],
        empty="Nobody has, since this is recorded.",
    )
    pager.draw(str(found[-1].id) if len(found) == A_PAGE else None)
    if found:
        download(
            "Download CSV",
            lambda: _file(one, actor, here),
            f"{safe_name(f'Who has seen {one.full_name}', 'Student')}.csv",
            key="disclosures_csv",
        )


def _file(one: StudentEntry, actor: Actor, here: tzinfo) -> bytes:
    """All of them; that they are exported is the newest."""
    disclosed_by(actor, "file", [one.id])
    return disclosures_csv(fresh.ask_as(actor, disclosures, one.id), here)
