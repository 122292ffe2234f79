"""What was made of a gradebook, in sentences: nothing is left out or reckoned without a word."""

from collections.abc import Iterator, Sequence

from data.files.importing.columns.gradebook import Gradebook
from data.files.importing.columns.mapping import Columns
from data.files.importing.roster import Roster
from data.files.importing.sheet import Row, Sheet, as_text, is_blank
from data.i18n.formats import count, few, quoted
from data.rules.progress import HIGHEST


def gradebook_notices(
    sheet: Sheet, before: Columns, columns: Columns, found: Gradebook, roster: Roster
) -> tuple[str, ...]:
    """`before` is what the headings alone say, `columns` what became of it."""
    return (
        *_modules(columns),
        *_points(columns),
        *_unknown(sheet, columns, found, roster),
        *_unused(before, columns, found),
        *_lines(found),
    )


def _modules(columns: Columns) -> Iterator[str]:
    if modules := {one.module for one in columns.modules.values()}:
        own = "module has a column of its own", "modules have columns of their own"
        yield f"A row per student: {count(len(modules), *own)}."


def _points(columns: Columns) -> Iterator[str]:
    """Of how many points each column is."""
    out_of = [
        f"“{columns.headings[at]}” of {one.most:f}"
        for at, one in columns.modules.items()
        if one.most is not None and one.most != HIGHEST
    ]
    if out_of:
        yield f"Points become percent of the highest possible: {few(out_of)}."


def _unknown(sheet: Sheet, columns: Columns, found: Gradebook, roster: Roster) -> Iterator[str]:
    """Columns that are called like no module, with what may be meant."""
    for at, heading in enumerate(sheet.headings):
        if at in columns.modules or columns.guesses[at] is not None or not heading:
            continue
        if at in found.totals or at in found.spare:
            continue
        names = found.works[at].title.names if at in found.works else (heading,)
        likely = quoted(one.name for one in roster.modules_like(names[-1]))
        if likely or at in found.works:
            meant = f" Did you mean {' or '.join(likely)}?" if likely else ""
            yield f"{columns.called(at)} names no module here and is not used.{meant}"


def _unused(before: Columns, columns: Columns, found: Gradebook) -> Iterator[str]:
    headings = columns.headings
    if found.totals:
        names = few(quoted(headings[at] for at in found.totals))
        yield f"Totals are no module’s score, so they are not used: {names}."
    if found.spare:
        names = few(quoted(headings[at] for at in found.spare))
        yield f"Not used, for they are letters, or another column says the module’s percent: {names}."
    dropped = [
        f"“{headings[at]}”"
        for at, guess in enumerate(before.guesses)
        if guess is not None and columns.guesses[at] is None and at not in columns.modules
        and at not in found.totals
    ]  # fmt: skip
    if dropped:
        yield f"Not used, because modules have columns of their own: {few(dropped)}."


def _lines(found: Gradebook) -> Iterator[str]:
    if found.above:
        yield f"Lines above the students were left out: {_listed(found.above)}."
    if found.nobody:
        yield lines_told(found.nobody)


def lines_told(rows: Sequence[Row]) -> str:
    """Which lines are no student's."""
    return f"Lines of a test student or of sums were left out: {_listed(rows)}."


def _listed(rows: Sequence[Row]) -> str:
    return few([f"{row.line} ({_label(row)})" for row in rows])


def _label(row: Row) -> str:
    return next((as_text(cell).strip() for cell in row.cells if not is_blank(cell)), "no name")
