"""Results as OneRoster packs them: a ZIP of tables, which name students and modules by ids of its own."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from data.files.importing.cells.numbers import plain, read_number
from data.files.importing.columns.recognising import DELETED
from data.files.importing.meanings import Meaning
from data.files.importing.reading.heading_line import ROSTER, as_sheet
from data.files.importing.reading.zipped_tables import BROKEN, Record, read_records, tables_in
from data.files.importing.sheet import Cell, Sheet, UnreadableFile
from data.i18n.formats import count

MOST_A_TABLE: Final = 10 * 1024 * 1024
HEADINGS: Final = (Meaning.STUDENT, Meaning.EMAIL, Meaning.USERNAME, Meaning.MODULE, Meaning.SCORE)
NEEDED: Final = ("users", "lineitems")
_PLACES: Final = Decimal("0.01")


def read_oneroster(name: str, content: bytes) -> Sheet | None:
    """The results of a package, with people and modules by name; None of any other ZIP.

    Raises UnreadableFile where it holds a roster alone, or results that name nobody.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = tables_in(parts)
            if not names.keys() & {"results", "users", "enrollments"}:
                return None
            if "results" not in names:
                raise UnreadableFile(ROSTER)
            missing = [f"{one}.csv" for one in NEEDED if one not in names]
            if missing:
                raise UnreadableFile(
                    f"The package has results, but no {' and no '.join(missing)} to say whose they are and "
                    "of which module. Export it whole."
                )
            return _results(
                name,
                {
                    one: read_records(parts, names[one], MOST_A_TABLE)
                    for one in ("results", *NEEDED)
                },
            )
    except BROKEN:
        return None  # what it is then is said of it as a spreadsheet


def _results(name: str, tables: Mapping[str, list[Record]]) -> Sheet:
    users, items = ({one.get("sourcedid", ""): one for one in tables[key]} for key in NEEDED)
    lines = list(_lines(tables["results"], users, items))
    headings: list[Cell] = [one.value for one in HEADINGS]
    table = [(1, headings), *lines]
    left = len(tables["results"]) - len(lines)
    notices = ["A OneRoster package: points are percent of each item’s highest possible."]
    if left:
        notices.append(f"{count(left, 'deleted result was', 'deleted results were')} left out.")
    if partial := sum(map(_is_partial, tables["results"])):
        marked = count(partial, "result is marked", "results are marked")
        notices.append(f"{marked} only in part, and read like the others.")
    return as_sheet(name, table, notices=tuple(notices))


def _is_partial(result: Record) -> bool:
    is_deleted = result.get("status", "").casefold() == DELETED
    return not is_deleted and result.get("scorestatus", "").casefold() == "partially graded"


def _lines(
    results: list[Record], users: Mapping[str, Record], items: Mapping[str, Record]
) -> Iterator[tuple[int, list[Cell]]]:
    """Each result that counts, with the line it has in its table."""
    for line, result in enumerate(results, 2):
        if result.get("status", "").casefold() == DELETED:
            continue
        student, item = result.get("studentsourcedid", ""), result.get("lineitemsourcedid", "")
        user, work = users.get(student, {}), items.get(item, {})
        called = f"{user.get('givenname', '')} {user.get('familyname', '')}".strip()
        yield (
            line,
            [
                called or student,
                user.get("email", ""),
                user.get("username", ""),
                work.get("title", item),
                _score(result, work),
            ],
        )


def _score(result: Record, work: Record) -> str:
    """In percent where the item says of how much; what is exempt has none."""
    if result.get("scorestatus", "").casefold() in {"exempt", "not submitted"}:
        return "EX"
    written, lowest = result.get("score", "").strip(), work.get("resultvaluemin", "")
    points, most = _number(written), _number(work.get("resultvaluemax", ""))
    if points is None:
        return written
    if not most:  # refused, as no number
        return f"{written} of an unknown maximum"
    if _number(lowest):
        return f"{written} from {lowest} to {plain(most)}"
    return f"{plain((points * 100 / most).quantize(_PLACES))} %"


def _number(written: str) -> Decimal | None:
    found = read_number(written, ".")
    return None if found is None else found.value
