"""The page that every page begins as: what is said and loaded ahead, which an upgrade may move."""

import re
import shutil
from pathlib import Path

import pytest

from dashboard.web import front, private


def links(page: str) -> list[str]:
    return re.findall(r'<link rel="modulepreload" crossorigin href="\./static/js/([^"]+)">', page)


def test_the_scripts_are_told_where_the_server_is_before_they_run() -> None:
    told = front.PAGE.index(private.SERVER_IS_HERE)
    assert told < front.PAGE.index('<script type="module"')
    # What it is called is not public: the scripts that read it must still do.
    scripts = (one.read_text("utf-8") for one in (front.STATIC / "static/js").glob("index.*.js"))
    assert any("BACKEND_BASE_URL" in one and "window.__streamlit" in one for one in scripts)


def test_what_every_page_draws_is_loaded_with_the_page_once_and_with_what_it_needs() -> None:
    its = links((front.STATIC / "index.html").read_text("utf-8"))
    ahead = links(front.PAGE)
    assert ahead[: len(its)] == its
    further = ahead[len(its) :]
    assert len(set(ahead)) == len(ahead)
    assert {one.split(".")[0] for one in further} >= {*private.DRAWN, "purify"}
    for name in further:
        text = (front.STATIC / "static/js" / name).read_text("utf-8")
        needed = re.findall(r'from"\./([^"]+)"', text)
        assert {one for one in needed if one not in front.PAGE} == set()


def test_no_font_is_loaded_that_no_page_uses() -> None:
    assert 'rel="preload"' in (front.STATIC / "index.html").read_text("utf-8")
    assert 'rel="preload"' not in front.PAGE


@pytest.mark.parametrize("moved", ["a part", "the page"])
def test_an_upgrade_that_moves_it_is_refused(tmp_path: Path, moved: str) -> None:
    (tmp_path / "static").mkdir()
    shutil.copytree(front.STATIC / "static" / "js", tmp_path / "static" / "js")
    page = (front.STATIC / "index.html").read_text("utf-8")
    (tmp_path / "index.html").write_text(page, "utf-8")
    assert front.front(tmp_path) == front.PAGE
    if moved == "a part":
        next((tmp_path / "static" / "js").glob("Html.*.js")).unlink()
    else:
        (tmp_path / "index.html").write_text(
            page.replace('rel="preload"', 'rel="prefetch"'), "utf-8"
        )
    with pytest.raises(ValueError, match="Streamlit"):
        front.front(tmp_path)
