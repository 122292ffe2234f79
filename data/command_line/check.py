"""`python -m data check`: the doctor, who finds what is wrong and says what to do."""

import json
import sys
from collections.abc import Iterator

import click

from data.command_line.reaching import find_key, find_url
from data.database.attaching.findings import HEADINGS
from data.database.doctor import Checkup, examine
from data.database.kinds import Kind
from data.reading.data_check import whole_database
from data.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, for a program to read.")
@click.option("--names", is_flag=True, help="Name the students and modules of the examples.")
@click.pass_obj
def check(settings: Settings, as_json: bool, names: bool) -> None:
    """Report problems of the database's set-up, and rows that cannot be right.

    Exit code 1 where the set-up has problems. Rows are only listed: they are corrected on the page.
    """
    knows_owner = settings.is_embedded or settings.owner_url is not None
    owner_url = find_url(settings, owner=True) if knows_owner else None
    found = examine(find_url(settings, owner=False), owner_url, find_key(settings))
    broken = whole_database.broken_rules(owner_url) if owner_url and not found.faults else []
    if as_json:
        told = [{"code": one.code, "message": one.message} for one in found.faults]
        told += [
            {"code": one.code, "message": one.message, "severity": "note"} for one in found.notes
        ]
        click.echo(json.dumps(told + [whole_database.as_json(one, names=names) for one in broken]))
    else:
        rows = [whole_database.as_text(one, names=names) for one in broken]
        click.echo("\n".join(_lines(found, rows, knows_owner=knows_owner)))
    sys.exit(1 if found.faults else 0)


def _lines(found: Checkup, rows: list[str], *, knows_owner: bool) -> Iterator[str]:
    """What the database is, what is wrong with it, and what else is worth knowing."""
    yield from (one.message for one in found.notes if one.code == "attached")
    yield from (one.message for one in found.faults)
    yield from rows
    if not knows_owner and not found.faults:
        further = ", the adapter and the roster" if found.kind is Kind.ATTACHED else ""
        yield f"No problems found in the set-up. Set DATABASE_OWNER_URL to check the rows{further} too."
    elif not rows and not found.faults:
        yield "No problems found."
    notes = [f"- {one.message}" for one in found.notes if one.code != "attached"]
    if notes:
        yield "\n".join(["", HEADINGS["note"], *notes])
