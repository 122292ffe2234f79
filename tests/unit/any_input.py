"""Whatever a form, a grid or a file may hand over for a field: much that is right, and all that is hostile."""

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.profiles import examples

NASTY = (
    "NaN", "-nan", "Infinity", "1e400", "-1e-400", "1.5", "50.5", "101", "-1", "9" * 5000,
    "\x00", "Completed\x00", "5\x005", "\ud800", "50\udfff", "\u202e05", "Completed\u202c", "5\u200b0",
    "\ufeff50", "infinity", "-infinity", "0000-00-00", "10000-01-01", "0044-03-15 BC", "2026-02-30",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00+14:00", "not a uuid", "Done", "COMPLETED!", "٥٠", "½", "='50'", '{"a":' * 300, "[" * 3000,
    "x" * 100_000, "'; drop table students; --", "%s %(a)s {0}", "\r\n", "\u2028", "🏴" * 400,
)  # fmt: skip
"""What a number, a date, a status or an id must not be taken for, and texts that break what carries them."""

ANYTHING = (
    st.sampled_from(NASTY)
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.dates()
    | st.text(st.characters(codec=None))
    | st.sampled_from(["9" * 99, "٥", "1e400", "infinity", "2026-03-30T08:00+20:00", b"\xff"])
)
STATUSES = st.sampled_from(["Completed", "in progress", "NotStarted", "IN PROGRESS "])
NUMBERS = (
    st.integers(0, 100)
    | st.decimals(0, 100, allow_nan=False)
    | st.from_regex(r"[+-]?[0-9]{1,3}([.,][0-9]{1,3})? ?%?", fullmatch=True)
)
DATES = st.sampled_from(["2026-01-02", "2026-01-02T08:00-07:00", "1970-01-01T00:00+14:00", ""])


def inputs(sample: int) -> settings:
    """How many inputs a way in is given: 500 in all by default, always the same; 10,000 new ones by night."""
    return settings(examples(sample), suppress_health_check=list(HealthCheck))
