"""Scores as a OneRoster 1.1 package of results: changes only, so that nothing else there is taken for gone."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Final
from uuid import UUID, uuid5

from data.files.elsewhere.scores import Made, Scores
from data.files.exporting.delimited import as_delimited
from data.files.exporting.rows import Value
from data.i18n.formats import few, local
from data.reading.classes.elsewhere import KnownElsewhere
from data.rules.progress import HIGHEST, LOWEST

TABLES: Final = (
    *("academicSessions", "categories", "classes", "classResources", "courses", "courseResources"),
    *("demographics", "enrollments", "lineItems", "orgs", "resources", "results", "users"),
)
CHANGED: Final = ("lineItems", "results")
RESULTS: Final = (
    *("sourcedId", "status", "dateLastModified", "lineItemSourcedId", "studentSourcedId"),
    *("scoreStatus", "score", "scoreDate", "comment"),
)
LINE_ITEMS: Final = (
    *("sourcedId", "status", "dateLastModified", "title", "description", "assignDate", "dueDate"),
    *("classSourcedId", "categorySourcedId", "gradingPeriodSourcedId"),
    *("resultValueMin", "resultValueMax"),
)
NO_IDS: Final = (
    "No ids of another system are known for this class, or you may not see them. A roster file of that system "
    "brings them, where people and classes are not a platform’s."
)


def as_oneroster(scores: Scores, known: KnownElsewhere) -> Made:
    """A ZIP of results.csv, lineItems.csv and its manifest. What has no id there is left out, and said."""
    scores = _with_ids(scores, known)
    stamp = scores.made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("manifest.csv", _plain(_manifest()))
        parts.writestr("lineItems.csv", _plain(_line_items(scores, known, stamp)))
        parts.writestr("results.csv", _plain(_results(scores, known, stamp)))
    notes = [
        "Scores are points of 100, as lineItems.csv says. Only changes: what is not in it stays there."
    ]
    if known.source is not None:
        notes.append(f"Ids are those of {known.source}.")
    return Made(scores, file.getvalue(), "zip", (*notes, *scores.notes))


def _manifest() -> Iterator[list[Value]]:
    yield ["propertyName", "value"]
    yield ["manifest.version", "1.0"]
    yield ["oneroster.version", "1.1"]
    for one in TABLES:
        yield [f"file.{one}", "delta" if one in CHANGED else "absent"]
    yield ["source.systemName", "Progress"]


def _with_ids(scores: Scores, known: KnownElsewhere) -> Scores:
    if known.source is None:
        return scores.only([], [], NO_IDS)
    students = [(one.id, one.name) for one in scores.students]
    modules = [(one.id, one.name) for one in scores.modules]
    notes = [*_missing("Students", students, known), *_missing("Modules", modules, known)]
    return scores.only(
        [one for one, _ in students if one in known.ids],
        [one for one, _ in modules if one in known.ids],
        *notes,
    )


def _missing(kind: str, ours: Iterable[tuple[UUID, str]], known: KnownElsewhere) -> Iterator[str]:
    """Whom or what the other system could not tell."""
    ours = list(ours)
    several = [name for one, name in ours if one in known.several]
    none = [name for one, name in ours if one not in known.ids and one not in known.several]
    if none:
        yield f"{kind} left out, for {known.source} has no id of them: {few(none)}."
    if several:
        yield f"{kind} left out, for {known.source} has several ids of them: {few(several)}."


def _line_items(scores: Scores, known: KnownElsewhere, stamp: str) -> Iterator[list[Value]]:
    yield [*LINE_ITEMS]
    class_id = known.ids.get(known.class_id)
    for one in scores.modules:
        lead: list[Value] = [known.ids[one.id], "active", stamp, one.name, None, None, None]
        yield [*lead, class_id, None, None, LOWEST, HIGHEST]


def _results(scores: Scores, known: KnownElsewhere, stamp: str) -> Iterator[list[Value]]:
    yield [*RESULTS]
    day = local(scores.made_at, scores.zone).date()
    for student in scores.students:
        for module in scores.modules:
            if (score := student.scores.get(module.id)) is None:
                continue
            # A result is ours to name: the same each time, so that it is changed there and not doubled.
            result = str(uuid5(student.id, str(module.id)))
            ids: list[Value] = [
                result,
                "active",
                stamp,
                known.ids[module.id],
                known.ids[student.id],
            ]
            yield [*ids, "fully graded", score, day, None]


def _plain(table: Iterable[list[Value]]) -> bytes:
    """Without a byte order mark, which readers of these packages stumble over."""
    return as_delimited(table).decode("utf-8-sig").encode()
