"""`python -m data retention` and `history`: what is due under an organisation's periods, and its removal; the
months of the history, archived and dropped."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from data.command_line.reaching import find_url
from data.data_protection.retention import Due, Periods, Removed, due_as_owner, remove_due_as_owner
from data.database.backup import months
from data.i18n.formats import count
from data.settings import Settings


@click.command()
@click.option("--apply", "applies", is_flag=True, help="Remove what is due, for good.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for a program to read.")
@click.option("--names", is_flag=True, help="Name those who left.")
@click.pass_obj
def retention(settings: Settings, applies: bool, as_json: bool, names: bool) -> None:
    """Print what is due under the periods that administrators set on the page School.

    Of the leavers only how many, unless names are asked for.
    """
    owner_url = find_url(settings, owner=True)
    found = [
        (one, remove_due_as_owner(owner_url, one) if applies and one.is_any else None)
        for one in due_as_owner(owner_url)
        if one.periods != Periods()
    ]
    if as_json:
        click.echo(json.dumps([_as_json(one, removed, names) for one, removed in found]))
        return
    for one, removed in found:
        click.echo("\n".join(_lines(one, removed, names)))
    if not found:
        click.echo("No organisation has a period: everything is kept.")


@click.group()
def history() -> None:
    """The months of the history: list them, archive one to a file, drop one that is in a file.

    `restore` reads such a file back.
    """


@history.command(name="list")
@click.pass_obj
def list_months(settings: Settings) -> None:
    """Print the months that there are, the oldest first."""
    for one in months.listed(find_url(settings, owner=True)):
        entries = f"{count(one.entries, 'entry', 'entries')}, {one.bytes / 1e6:,.1f} MB"
        note = "dropped: only what pages ask for" if one.is_dropped else "may be dropped"
        said = f"{one.month.name}: {entries}"
        click.echo(f"{said} ({note})" if one.may_go else said)


@history.command()
@click.argument("month")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def archive(settings: Settings, month: str, file: Path) -> None:
    """Write a month's entries to FILE, or into a folder, and read it back. Nothing is dropped.

    The file names people and what they did: it is as secret as the database.
    """
    manifest, path = months.archive(find_url(settings, owner=True), month, file)
    click.echo("\n".join([f"Written to {path}, and read back.", *manifest.told()]))


@history.command()
@click.argument("month")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def drop(settings: Settings, month: str, file: Path) -> None:
    """Drop the oldest month, after its entries were compared with those of its archive.

    What pages say of later times stays. `python -m data restore FILE` brings it back.
    """
    entries = months.drop(find_url(settings, owner=True), month, file)
    click.echo(f"Dropped: {count(entries, 'entry', 'entries')} of {month}.")


def _lines(one: Due, removed: Removed | None, names: bool) -> list[str]:
    if not one.is_any:
        return [f"{one.organisation}: nothing is due."]
    span = f", from {one.first:%Y-%m-%d} to {one.last:%Y-%m-%d}" if one.first and one.last else ""
    due = Removed(len(one.leavers), one.notes, one.history)
    lines = [f"{one.organisation}: due are {_counted(due)}{span}."]
    if names:
        lines += [f"  {leaver.full_name}, left on {leaver.left_on}" for leaver in one.leavers]
    return lines if removed is None else [*lines, f"  Removed: {_counted(removed)}."]


def _counted(counts: Removed) -> str:
    return (
        f"{counts.leavers:,} who left, {counts.notes:,} notes and {counts.history:,} changes "
        "of progress"
    )


def _as_json(one: Due, removed: Removed | None, names: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "organisation": one.organisation,
        "months": asdict(one.periods),
        "due": {"leavers": len(one.leavers), "notes": one.notes, "history": one.history},
        "first": one.first and one.first.isoformat(),
        "last": one.last and one.last.isoformat(),
        "removed": removed and asdict(removed),
    }
    if names:
        told["names"] = [leaver.full_name for leaver in one.leavers]
    return told
