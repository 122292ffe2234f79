"""`python -m tests.benchmarks`: how long the pages take, against their floors, in real Chromium.

Sizes: S is one organisation of 2,000 students × 50 modules (100,000 rows), L ten such organisations
(1 million rows), XL a hundred (10 million). The database is made once a size and kept.
"""

import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import ceil
from pathlib import Path
from typing import Any

import click
from playwright.sync_api import Browser

from data.database.kinds import Kind
from tests.benchmarks import (
    bulk,
    capacity,
    figures,
    flood,
    guard,
    machine,
    measuring,
    opening,
    questions,
    reports,
    serving,
    stored_databases,
    writers,
)
from tests.benchmarks.colleagues import colleagues
from tests.benchmarks.pages import works as all_works
from tests.benchmarks.plan import SIZES
from tests.browsing import ROOT

TURNS = 3  # of each database, where there are two
NAMES = ("W1", "W2", "W3", "W4", "W5", "W6", "W6A", "W7", "W8", "W8C", "W9", "W10")


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _end(*_: object) -> None:
    """A terminated run ends its servers too: an exception runs what stands in `finally`."""
    raise SystemExit(143)


@click.command()
@click.option("--size", type=click.Choice(list(SIZES)), default="S", show_default=True)
@click.option(
    "--works", default=",".join((opening.NAME, *NAMES)), show_default=True, help="Which works."
)
@click.option("--runs", default=9, show_default=True, help="Timed runs of each, after a warm-up.")
@click.option("--capacity", "with_capacity", is_flag=True, help="Also how many can work at once.")
@click.option("--flood", "with_flood", is_flag=True, help="Also a click while somebody floods.")
@click.option("--bulk", "with_bulk", is_flag=True, help="Also 10,000 rows saved and undone.")
@click.option("--guard", "with_guard", is_flag=True, help="Also what row level security costs.")
@click.option("--reports", "with_reports", is_flag=True, help="Also reports as PDF.")
@click.option(
    "--attached", "with_attached", is_flag=True, help="Also the works on an attached database."
)
@click.option(
    "--attached-writers", "with_writers", is_flag=True, help="Also a platform's writes meanwhile."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--data-dir", type=click.Path(path_type=Path), default=stored_databases.DEFAULT)
@click.option("--write", type=click.Path(exists=True, path_type=Path), metavar="FILE.json",
              help="Only put the figures of a report into the document.")  # fmt: skip
@click.option("--document", type=click.Path(path_type=Path), default=ROOT / ".github/OPERATING.md")
def main(
    size: str,
    works: str,
    runs: int,
    with_capacity: bool,
    with_flood: bool,
    with_bulk: bool,
    with_guard: bool,
    with_reports: bool,
    with_attached: bool,
    with_writers: bool,
    as_json: bool,
    data_dir: Path,
    write: Path | None,
    document: Path,
) -> None:
    """Measure the works W0 to W10 against their floors."""
    if write is not None:
        report = json.loads(write.read_text())
        document.write_text(figures.rewritten(document.read_text(), report))
        return
    chosen = [name.strip().upper() for name in works.split(",")]
    if unknown := sorted(set(chosen) - {opening.NAME, *NAMES}):
        raise click.BadParameter(f"no such work: {', '.join(unknown)}", param_hint="--works")
    signal.signal(signal.SIGTERM, _end)
    further = {
        "capacity": with_capacity,
        "flood": with_flood,
        "bulk": with_bulk,
        "guard": with_guard,
        "reports": with_reports,
        "writers": with_writers,
    }
    asked = [name for name, is_asked in further.items() if is_asked]
    kinds = list(Kind) if with_attached else [Kind.STANDALONE]
    report = run(data_dir.absolute(), size, chosen, runs, asked, kinds)
    click.echo(json.dumps(report, indent=2) if as_json else figures.section(report))


@dataclass(frozen=True)
class Side:
    """A database of one kind with the product over it."""

    served: serving.Served
    owner: questions.Connection
    known: questions.Known


@contextmanager
def _side(folder: Path, size: str) -> Iterator[Side]:
    with serving.dashboard(folder) as served, serving.owner(folder) as owner:
        yield Side(served, owner, questions.known(owner, SIZES[size]))


def run(
    data_dir: Path,
    size: str,
    chosen: Sequence[str],
    runs: int,
    further: Sequence[str] = (),
    kinds: Sequence[Kind] = (Kind.STANDALONE,),
) -> dict[str, Any]:
    """Everything in one run: the databases, the servers, each work, and what is asked for `further` (of the
    first kind)."""
    made = [stored_databases.database(data_dir, size, _say, kind) for kind in kinds]
    folder, note = made[0]
    load_before = machine.load()
    with ExitStack() as stack:
        sides = [stack.enter_context(_side(one, size)) for one, _ in made]
        served, owner, known = sides[0].served, sides[0].owner, sides[0].known
        (works, *attached), version = _works(sides, [one for one in chosen if one in NAMES], runs)
        first_open = None
        if opening.NAME in chosen:
            _say(f"{opening.NAME}: open a class page by its link …")
            bare = stack.enter_context(serving.trivial())
            first_open = opening.measured(served, bare, known, runs)
        # Without the browser, which would take its share of the cores.
        measures: dict[str, Callable[[], Any]] = {
            "capacity": lambda: capacity.capacity(
                served, known, colleagues(owner, known.teacher, capacity.PEOPLE)
            ),
            "flood": lambda: flood.measured(
                served.url, known.teacher, known.coordinator, known.small
            ),
            "bulk": lambda: bulk.measured(folder),
            "guard": lambda: guard.measured(folder),
            "reports": lambda: reports.measured(folder, SIZES[size].groups()),
            "writers": lambda: writers.measured(SIZES[size].rows),
        }
        found = dict.fromkeys(measures)
        for name in further:
            _say(f"{name.capitalize()} …")
            found[name] = measures[name]()
    return {
        "size": size,
        "machine": machine.described(version),
        "rows": SIZES[size].rows,
        "runs": runs,
        "load": [load_before, machine.load()],
        "database": note,
        "works": works,
        "opening": first_open,
        "attached": attached[0] if attached else None,
        **found,
    }


def _works(
    sides: Sequence[Side], chosen: Sequence[str], runs: int
) -> tuple[list[dict[str, Any]], str]:
    """Each work right after its floors, and several databases by turns, so that whatever else the machine does
    meanwhile slows all; and the browser's version."""
    works: list[dict[str, Any]] = [{} for _ in sides]
    turns = [ceil(runs / TURNS)] * TURNS if len(sides) > 1 else [runs]
    with serving.trivial() as trivial, measuring.chromium() as browser:
        for name in chosen:
            by_turns = [
                [_work(browser, trivial, side, name, some) for side in sides] for some in turns
            ]
            for side, found, measured in zip(
                sides, works, zip(*by_turns, strict=True), strict=True
            ):
                together = [list(chain.from_iterable(kind)) for kind in zip(*measured, strict=True)]
                found[name] = figures.work_figures(all_works(side.known)[name].title, *together)
        return works, browser.version


def _work(
    browser: Browser, trivial: serving.Served, side: Side, name: str, runs: int
) -> tuple[list[measuring.Run], list[measuring.Run], list[float], list[float]]:
    """A work's runs over changed data and over cached data, and its floors: a rerun, and the bare SQL."""
    work = all_works(side.known)[name]
    _say(f"{name}: {work.title} …")
    study, advance = partial(questions.study, side.owner), partial(questions.advance, side.owner)
    rerun = measuring.rerun_floor(browser, trivial, runs)
    sql = questions.sql_ms(side.owner, side.known, name, runs)
    cold, warm = measuring.Measurer(browser, side.served, study, advance, runs).measure(work)
    return cold, warm, rerun, sql


if __name__ == "__main__":
    sys.exit(main(prog_name="python -m tests.benchmarks"))
