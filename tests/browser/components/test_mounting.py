"""Without a browser: the components mount, and take no word from it that they did not offer."""

from streamlit.testing.v1 import AppTest

from dashboard.components import status
from dashboard.views.classroom import matrix
from tests.browser.components.conftest import SCRIPT


def test_a_script_that_uses_both_components_runs_in_apptest() -> None:
    for query in ({"size": "3x2"}, {"show": "table"}):
        app = AppTest.from_file(str(SCRIPT))
        app.query_params.update(query)
        app.run(timeout=20)
        assert not app.exception


def test_the_browser_may_only_speak_of_what_was_drawn() -> None:
    def said(**value: object) -> matrix.MatrixEvent | None:
        return matrix._event(value, {"m1"}, {"s1"})

    assert said(kind="open", student="s1", module="m1") == matrix.MatrixEvent("open", "s1", "m1")
    assert said(kind="open", student="s2", module="m1") is None
    assert said(kind="open", student=["s1"], module="m1") is None
    assert said(kind="sort", by="-module:m1") == matrix.MatrixEvent("sort", by="-module:m1")
    assert said(kind="sort", by="m1") is None
    assert said(kind="sort", by="password") is None
    assert said(kind="density", by="wide") == matrix.MatrixEvent("density", by="wide")
    assert said(kind="density", by="huge") is None
    assert said(kind="density", by=["wide"]) is None
    assert said(kind="delete") is None
    block = said(kind="block", students=["s1", "s9", 3], modules=["m1"])
    assert block == matrix.MatrixEvent("block", students=("s1",), modules=("m1",))


def test_a_badge_escapes_what_it_is_given() -> None:
    drawn = status.badge("<script>")
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn
    assert status.badge("Completed", marks="f").count("aria-hidden") == 2
