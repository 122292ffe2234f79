"""What some writer managed to store is loaded, or loads as nothing; it never breaks a page."""

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from psycopg.pq import Format

from data.access.tolerant_types import tolerant_json, tolerate
from tests.clusters import Cluster


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("{}", {}),
        (b'{"a": [1, 2.5, null, true, "x"]}', {"a": [1, 2.5, None, True, "x"]}),
        ('"ünï"', "ünï"),
        ("1" + "0" * 4000, 10**4000),
        ("1" + "0" * 5000, "1" + "0" * 5000),
        ('{"a": ' + "9" * 5000 + ', "b": 1}', {"a": "9" * 5000, "b": "1"}),
    ],
)
def test_json_is_read_numbers_of_thousands_of_digits_as_text(
    written: str | bytes, value: Any
) -> None:
    assert tolerant_json(written) == value


def test_json_nested_too_deep_is_text() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    assert tolerant_json(deep) == deep
    assert tolerant_json(deep.encode()) == deep


MOMENTS = [
    ("2026-03-01T10:00Z", datetime(2026, 3, 1, 10, tzinfo=UTC)),
    ("0001-01-01T00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
    ("9999-12-31T23:59:59.999999Z", datetime.max.replace(tzinfo=UTC)),
    ("infinity", None),
    ("-infinity", None),
    ("0001-12-31 BC", None),
    ("4713-01-01 BC", None),
    ("10000-01-01T00:00Z", None),
    ("294276-12-31", None),
]


@pytest.mark.parametrize("format_", [Format.TEXT, Format.BINARY])
def test_moments_that_python_cannot_hold_load_as_nothing(
    cluster_18: Cluster, format_: Format
) -> None:
    question = (
        b"select moment::timestamptz from unnest(%s::text[]) with ordinality as it (moment) "
        b"order by ordinality"
    )
    url = cluster_18.url("postgres", "postgres")
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        written = [text for text, _ in MOMENTS]
        with pytest.raises(psycopg.DataError):  # the control: what psycopg does of itself
            connection.cursor(binary=bool(format_)).execute(question, (written,)).fetchall()
        tolerate(connection)
        found = connection.cursor(binary=bool(format_)).execute(question, (written,)).fetchall()
        assert [row[0] for row in found] == [moment for _, moment in MOMENTS]
        array = b"select array['infinity', '2026-03-01T10:00Z']::timestamptz[]"
        assert connection.execute(array).fetchone() == ([None, MOMENTS[0][1]],)
