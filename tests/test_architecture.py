"""Imports run one way, and what is forbidden everywhere is forbidden by a test."""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = sorted([*ROOT.glob("dashboard/**/*.py"), *ROOT.glob("data/**/*.py")])


def imports(file: Path) -> set[str]:
    """The modules a file imports, by their full names; `from x import y` counts as x.y too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name} imports relatively"
            found |= {f"{node.module}.{name.name}" for name in node.names} | {str(node.module)}
    return found


def importers(pattern: str, of: str) -> list[str]:
    """Files matching the pattern that import a module beginning with `of`."""
    return [
        str(file.relative_to(ROOT))
        for file in sorted(ROOT.glob(pattern))
        if any(name == of or name.startswith(f"{of}.") for name in imports(file))
    ]


def test_there_is_something_to_look_at() -> None:
    assert len(OURS) > 40
    assert importers("dashboard/views/*/page.py", "dashboard.reads")


@pytest.mark.parametrize("module", ["streamlit", "dashboard", "plotly"])
def test_data_imports_nothing_of_the_dashboard(module: str) -> None:
    assert importers("data/**/*.py", module) == []


def test_the_rules_import_only_the_standard_library() -> None:
    files = sorted(ROOT.glob("data/rules/progress/*.py"))
    assert len(files) > 2
    foreign = {
        name
        for file in files
        for name in imports(file)
        if not name.startswith("data.rules.progress.")
        and name.split(".")[0] not in sys.stdlib_module_names
    }
    assert foreign == set()


def test_what_runs_apart_from_the_server_imports_nothing_of_ours() -> None:
    programs = [ROOT / "data" / "files" / "sandbox.py", *ROOT.glob("data/**/*_worker.py")]
    assert len(programs) == 3
    for file in programs:
        assert not {name.split(".")[0] for name in imports(file)} & {"data", "dashboard"}


@pytest.mark.parametrize("layer", ["components", "details"])
def test_what_draws_knows_neither_views_nor_navigation(layer: str) -> None:
    for upper in ("dashboard.views", "dashboard.navigation", "dashboard.app"):
        assert importers(f"dashboard/{layer}/**/*.py", upper) == []


def test_no_view_imports_a_view() -> None:
    views = ROOT / "dashboard" / "views"
    rooms = sorted(folder.name for folder in views.iterdir() if (folder / "page.py").exists())
    assert len(rooms) == 10
    for room in rooms:
        others = [
            name
            for file in (views / room).rglob("*.py")
            for name in imports(file)
            if name.startswith("dashboard.views.") and name.split(".")[2] != room
        ]
        assert others == [], room


def test_only_reads_keep_answers() -> None:
    users = {
        str(file.relative_to(ROOT))
        for file in OURS
        if re.search(r"st\.cache_(data|resource)\b", file.read_text(encoding="utf-8"))
    }
    # Beside the answers, only the database itself is kept.
    assert users == {"dashboard/reads/__init__.py", "dashboard/signin/gate.py"}


def test_the_dashboard_holds_no_sql() -> None:
    assert importers("dashboard/**/*.py", "sqlalchemy") == []
    assert importers("dashboard/**/*.py", "psycopg") == []


def test_there_is_no_folder_named_pages() -> None:
    assert not (ROOT / "dashboard" / "pages").exists()


def test_every_page_in_the_navigation_has_its_view_and_every_view_its_page() -> None:
    navigation = (ROOT / "dashboard" / "navigation.py").read_text(encoding="utf-8")
    listed = set(re.findall(r'Page\("(\w+)"', navigation))
    assert listed == {file.parent.name for file in (ROOT / "dashboard" / "views").glob("*/page.py")}


@pytest.mark.parametrize(
    "forbidden",
    [
        r"except (Exception|BaseException)",
        r"except:",
        r"unsafe_allow_html",
        r"data-testid",
        r"(text|execute)\(f[\"']",
        r"st\.(title|markdown|write|caption|error|warning|success|info|toast|metric)\(",
    ],
)
def test_what_is_forbidden_stands_nowhere(forbidden: str) -> None:
    culprits = [
        file.name for file in OURS if re.search(forbidden, file.read_text(encoding="utf-8"))
    ]
    assert culprits == []


def test_every_widget_has_a_key() -> None:
    widgets = {
        "button", "checkbox", "date_input", "file_uploader", "multiselect", "number_input",
        "radio", "selectbox", "slider", "tabs", "text_area", "text_input", "toggle",
    }  # fmt: skip
    seen = 0
    for file in OURS:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id == "st" and node.func.attr in widgets:
                seen += 1
                keywords = {keyword.arg for keyword in node.keywords}
                assert keywords & {"key", None}, f"{file.name}:{node.lineno}"
    assert seen > 10
