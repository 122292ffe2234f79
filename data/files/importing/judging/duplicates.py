"""Lines of one student and module: identical ones count once, of different ones none is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from data.files.importing.judging.verdicts import Line, LineProblem, Verdict
from data.rules.progress import Field, Key

MOST_SHOWN: Final = 3


@dataclass(frozen=True)
class Said:
    """What a line says of a student and module: the values as they were read, and in the file's words."""

    values: Mapping[Field, object]
    words: str


def without_duplicates(lines: Sequence[Line], said: Sequence[Said | None]) -> tuple[Line, ...]:
    """Mark the lines that are repeated, and all of those that disagree. A line that says nothing does not."""
    found = list(lines)
    for places in _same(lines, said):
        first = said[places[0]]
        if all(_agree(said[at], first) for at in places):
            for at in places[1:]:
                found[at] = _repeated(found[at], lines[places[0]])
        else:
            for at in places:
                found[at] = _disagreeing(at, places, lines, said)
    return tuple(found)


def _same(lines: Sequence[Line], said: Sequence[Said | None]) -> list[list[int]]:
    places: dict[Key, list[int]] = {}
    for at, (line, what) in enumerate(zip(lines, said, strict=True)):
        if line.student and line.module and what and what.values:
            places.setdefault((line.student.id, line.module.id), []).append(at)
    return [found for found in places.values() if len(found) > 1]


def _agree(one: Said | None, other: Said | None) -> bool:
    return one is not None and other is not None and one.values == other.values


def _repeated(line: Line, first: Line) -> Line:
    note = f"It says the same as line {first.line}, and counts once."
    return replace(
        line, verdict=Verdict.REPEATED, edit=None, settled=None, problems=(), notes=(note,)
    )


def _disagreeing(
    at: int, places: Sequence[int], lines: Sequence[Line], said: Sequence[Said | None]
) -> Line:
    others = [one for one in places[: MOST_SHOWN + 1] if one != at][:MOST_SHOWN]
    shown = [f"line {lines[one].line} ({what.words})" for one in others if (what := said[one])]
    rest = len(places) - 1 - len(others)
    more = f" and {rest} more, which differ. " if rest else ", which differs. "
    message = f"This student and module are also in {', '.join(shown)}{more}Keep one of them."
    line = lines[at]
    verdict = line.verdict if line.problems else Verdict.DUPLICATE
    problems = (*line.problems, LineProblem(None, message))
    return replace(line, verdict=verdict, edit=None, settled=None, problems=problems, notes=())
