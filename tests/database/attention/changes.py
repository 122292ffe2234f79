"""What a platform, its students and its faults make of a row: sound ones, and every odd one."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from tests.database.attention.row import DAY, Moment, Row

POISON: Final = ("infinity", "-infinity", "0044-03-15 12:00:00+00 BC", "12026-01-01T00:00:00Z")
SCORES: Final = (
    *(None, None, Decimal(20), Decimal("59.99"), Decimal(60), Decimal("66.6666666666666667")),
    *(Decimal(0), Decimal(100), Decimal("100.01"), Decimal(140), Decimal(-1), Decimal("NaN")),
)
LESSONS: Final = [str(UUID(int=9000 + number)) for number in range(6)]

Change = Callable[[random.Random, Row, datetime], Row]


def worked(rng: random.Random, row: Row, now: datetime) -> Row:
    """Further in it, and perhaps through; not every writer bumps `last_updated`."""
    percentage = min(100, (row.percentage or 0) + rng.randint(0, 35))
    details = dict(row.details) if isinstance(row.details, dict) else {}
    details |= {"last_viewed_lesson_sequence": rng.randint(1, 9)}
    row = replace(row, status="InProgress", percentage=percentage, details=details)
    if rng.random() < 0.8:
        row = replace(row, last_updated=now)
    return finished(rng, row, now) if percentage == 100 else row


def finished(rng: random.Random, row: Row, now: datetime) -> Row:
    """Completed: without a day as often as not, and sometimes failed."""
    return replace(
        row,
        status="Completed",
        percentage=rng.choice([100, 100, 55, None]),
        score=rng.choice([None, None, Decimal(rng.randint(30, 100))]),
        completed_at=rng.choice([None, now, now - timedelta(hours=5)]),
        last_updated=now,
    )


def watched(rng: random.Random, row: Row, now: datetime) -> Row:
    """A video on, and no further."""
    details = dict(row.details) if isinstance(row.details, dict) else {}
    return replace(row, details=details | {"video_playback_position": rng.randint(1, 9999)})


def tried(rng: random.Random, row: Row, now: datetime) -> Row:
    """A lesson's quiz, once more."""
    details = dict(row.details) if isinstance(row.details, dict) else {}
    found = details.get("lesson_quiz_results")
    results: dict[str, Any] = dict(found) if isinstance(found, dict) else {}
    lesson = rng.choice(LESSONS[:2])
    before = results.get(lesson)
    attempts = before.get("attempts", 0) if isinstance(before, dict) else 0
    count = int(float(attempts)) + rng.choice([1, 1, 2, 3])
    results[lesson] = {
        "attempts": rng.choice([count, str(count), f"{count}.0"]),
        "passed": rng.choice([False, False, False, "failed", 0, True, "passed", None]),
        rng.choice(["last_attempt_at", "last_attempted_at"]): written(rng, now),
        "score": rng.randint(0, 5),
    }
    details["lesson_quiz_results"] = results
    status = "InProgress" if row.status == "NotStarted" else row.status
    return replace(row, status=status, details=details)


def written(rng: random.Random, now: datetime) -> Any:
    """A moment as details hold it: mostly of these hours, often not one at all."""
    moment = now - timedelta(minutes=rng.randint(0, 600))
    shapes = [
        *(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), moment.isoformat(), moment.isoformat()),
        *(moment.strftime("%Y-%m-%d %H:%M:%S"), moment.strftime("%Y-%m-%d")),
        (now + timedelta(hours=rng.randint(1, 20))).isoformat(),
        *(
            "2026-02-30T10:00Z",
            "9999-01-01",
            "infinity",
            "now",
            "yesterday",
            "1969-07-20T20:17:00Z",
        ),
        *("2026-11-01T10:00:00+05:30", 1770000000, None, "", {"at": moment.isoformat()}),
    ]
    return rng.choices(shapes, [3, 3, 3, 2, 2, 2, *[0.5] * 11])[0]


def recomputed(rng: random.Random, row: Row, now: datetime) -> Row:
    """The platform counts again, and says something else; the details stay."""
    status = rng.choice(["InProgress", "InProgress", "Completed", row.status, "NotStarted"])
    percentage = rng.choice([row.percentage, row.percentage, 80, 40, None, 0])
    return replace(row, status=status, percentage=percentage, last_updated=stamp(rng, now))


def told(rng: random.Random, row: Row, now: datetime) -> Row:
    """Details of another kind: some with moments, some not even an object."""
    details = rng.choice(
        [
            {
                "submitted_at": written(rng, now),
                "score_percentage": rng.choice([91.5, "44", "x", None]),
            },
            {
                "started_at": written(rng, now),
                "score": rng.choice([30, "12.5", 140, -1, True, [3]]),
            },
            {"project_submitted": True, "completion_date": written(rng, now), "score": 70},
            {"lesson_quiz_attempts": {LESSONS[0]: [3, None, {"submitted_at": written(rng, now)}]}},
            {"lesson_quiz_results": rng.choice([3, None, "x", {LESSONS[0]: 5, LESSONS[1]: None}])},
            *({}, {"unknown": [1, None]}, None, [1], "text", 5),
        ]
    )
    return replace(row, details=details)


def spoilt(rng: random.Random, row: Row, now: datetime) -> Row:
    """One column that holds what no teacher could mean, or what contradicts the others."""
    return rng.choice(
        [
            replace(row, score=rng.choice(SCORES)),
            replace(row, last_updated=rng.choice(_odd(now))),
            replace(row, completed_at=rng.choice(_odd(now))),
            replace(row, status="NotStarted", percentage=rng.choice([40, 100])),
            replace(row, status="Completed", percentage=rng.choice([None, 0, 55]), score=None),
            replace(row, status="InProgress", percentage=rng.choice([None, 0, 100])),
            replace(row, status="Paused"),
            told(rng, row, now),
        ]
    )


def _odd(now: datetime) -> list[Moment]:
    return [*POISON, now + 3 * DAY, now + DAY / 2]


def mended(rng: random.Random, row: Row, now: datetime) -> Row:
    """What was odd is sound again."""
    return replace(
        row,
        score=rng.choice([None, Decimal(75)]),
        details=row.details if isinstance(row.details, dict) else None,
        last_updated=now,
        completed_at=None,
    )


def graded(rng: random.Random, row: Row, now: datetime) -> Row:
    return replace(row, score=rng.choice([*SCORES, Decimal(rng.randint(0, 100))]), last_updated=now)


def touched(_rng: random.Random, row: Row, _now: datetime) -> Row:
    """Written as it stands."""
    return row


def stamp(rng: random.Random, now: datetime) -> Moment:
    """`last_updated`, as writers leave it."""
    back = timedelta(days=rng.choice([0, 0, 0, 0.3, 2, 6, 7, 9, 20, 50]))
    return now - back


CHANGES: Final[dict[Change, int]] = {
    worked: 30,
    watched: 20,
    tried: 16,
    finished: 10,
    recomputed: 10,
    told: 6,
    spoilt: 6,
    mended: 8,
    graded: 8,
    touched: 4,
}


def change(rng: random.Random, row: Row | None, now: datetime) -> Row:
    """Of what there is, or of nothing yet."""
    made = rng.choices(list(CHANGES), list(CHANGES.values()))[0]
    return made(rng, row or Row(last_updated=stamp(rng, now)), now)
