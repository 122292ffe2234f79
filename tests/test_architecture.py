"""Imports run one way, and what is forbidden everywhere is forbidden by a test."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from dashboard.pages import PAGES

ROOT = Path(__file__).resolve().parents[1]
OURS = sorted([*ROOT.glob("dashboard/**/*.py"), *ROOT.glob("data/**/*.py")])


@cache
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


def files_with(pattern: str) -> list[str]:
    """Files of ours whose text matches the pattern."""
    return [
        str(file.relative_to(ROOT))
        for file in OURS
        if re.search(pattern, file.read_text(encoding="utf-8"))
    ]


def test_there_is_something_to_look_at() -> None:
    assert len(OURS) > 40
    assert importers("dashboard/views/*/page.py", "dashboard.reads")


def test_imports_run_one_way() -> None:
    """As `.importlinter` says: floors, no circle, no page in another, no SQL in the dashboard.

    In a process of its own: it turns off every logger that there is, and with them what other tests wait for.
    """
    lint = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    result = subprocess.run(lint, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Contracts: 7 kept, 0 broken." in result.stdout


def test_no_test_turns_other_loggers_off() -> None:
    """Else what is waited for in a log comes or not, by which tests ran before in the same process."""
    for file in sorted((ROOT / "tests").rglob("*.py")):
        assert not {name.split(".")[0] for name in imports(file)} & {"importlinter"}, file
        assert "logging.config" not in imports(file), file


@pytest.mark.parametrize("package", ["data", "dashboard"])
def test_a_package_has_few_rooms(package: str) -> None:
    rooms = {room.name for room in (ROOT / package).iterdir() if list(room.rglob("*.py"))}
    assert 6 < len(rooms) <= 14


def test_no_folder_holds_more_than_a_person_takes_in() -> None:
    for folder in {file.parent for file in OURS}:
        assert len(list(folder.glob("[!_]*.py"))) <= 14, folder


def test_a_migration_is_an_sql_file_of_the_next_number_and_nothing_else() -> None:
    folder = ROOT / "data" / "database" / "migrations"
    found = (file for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc")
    files = sorted(file.name for file in found)
    assert files.pop() == "__init__.py"
    numbers = [int(name[:4]) for name in files if name.endswith(".sql")]
    assert len(numbers) == len(files), files
    assert numbers == list(range(27, 27 + len(files)))


def test_components_are_few_and_what_one_page_alone_uses_is_in_its_folder() -> None:
    components = ROOT / "dashboard" / "components"
    files = [file for file in components.rglob("*") if file.suffix in {".py", ".js", ".css"}]
    assert 10 < len(files) <= 25
    pages = {file.parent for file in ROOT.glob("dashboard/views/*/page.py")}
    for file in components.glob("[!_]*"):
        name = f"dashboard.components.{file.stem}"
        using = {
            user for user in OURS if any(f"{one}.".startswith(f"{name}.") for one in imports(user))
        }
        users = {
            next((page for page in pages if user.is_relative_to(page)), user) for user in using
        }
        assert users - pages or len(users) > 1, name


def test_no_file_is_longer_than_a_person_reads() -> None:
    scripts = sorted([*ROOT.glob("dashboard/**/*.js"), *ROOT.glob("data/**/*.js")])
    assert len(scripts) > 10
    for file in [*OURS, *scripts]:
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 250, file


def test_the_rules_import_only_the_standard_library() -> None:
    """And, of stored details, the parser that is used for them."""
    files = sorted(ROOT.glob("data/rules/**/*.py"))
    assert len(files) > 10
    for file in files:
        is_of_details = file.is_relative_to(ROOT / "data" / "rules" / "details")
        allowed = {"pydantic", "pydantic_core"} if is_of_details else set()
        foreign = {
            name
            for name in imports(file)
            if not name.startswith(("data.rules", "data.i18n"))
            and name.split(".")[0] not in sys.stdlib_module_names | allowed
        }
        assert foreign == set(), file


def test_what_runs_apart_from_the_server_imports_nothing_of_ours() -> None:
    programs = [ROOT / "data" / "files" / "sandbox.py", *ROOT.glob("data/**/*_worker.py")]
    assert len(programs) == 4
    for file in programs:
        assert not {name.split(".")[0] for name in imports(file)} & {"data", "dashboard"}


def test_only_reads_keep_answers() -> None:
    users = {
        str(file.relative_to(ROOT))
        for file in OURS
        if re.search(r"st\.cache_(data|resource)\b", file.read_text(encoding="utf-8"))
    }
    # Beside the answers, only the database itself is kept.
    assert users == {"dashboard/reads/__init__.py", "dashboard/signin/gate.py"}


def test_a_class_of_data_has_a_name_of_its_own() -> None:
    named = [
        node.name
        for file in OURS
        if file.is_relative_to(ROOT / "data")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]
    assert len(named) > 100
    assert {name for name in named if named.count(name) > 1} == set()


def test_only_one_place_makes_an_engine() -> None:
    made = [file for file in OURS if "create_engine" in file.read_text(encoding="utf-8")]
    assert [str(file.relative_to(ROOT)) for file in made] == ["data/access/engine.py"]


def test_there_is_no_folder_named_pages() -> None:
    assert not (ROOT / "dashboard" / "pages").exists()


def test_every_page_in_the_navigation_has_its_view_and_every_view_its_page() -> None:
    assert {page.name for page in PAGES} == {
        file.parent.name for file in (ROOT / "dashboard" / "views").glob("*/page.py")
    }


@pytest.mark.parametrize(
    "forbidden",
    [
        r"except (Exception|BaseException)",
        r"except:",
        r"unsafe_allow_html",
        r"data-testid",
        r"(text|execute)\(f[\"']",
    ],
)
def test_what_is_forbidden_stands_nowhere(forbidden: str) -> None:
    assert files_with(forbidden) == []


def test_only_our_own_guide_is_drawn_as_markdown() -> None:
    """What somebody stored could make a browser ask a foreign host; the help page draws a file of ours."""
    drawn = r"st\.(title|header|subheader|markdown|write|caption|error|warning|success|info|toast|metric)\("
    assert files_with(drawn) == ["dashboard/views/help/page.py"]


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
