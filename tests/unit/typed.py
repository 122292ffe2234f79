"""Whatever a form, a grid or a file may hand over for a field: much that is right, and all that is hostile."""

from hypothesis import strategies as st

ANYTHING = (
    st.none()
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
