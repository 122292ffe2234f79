"""The documents say only what is so: their commands, settings, filters, tests, pictures and links exist, and
every command, setting, filter and page that exists is in them."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dashboard.__main__ import main as dashboard
from dashboard.components import address, filter_bar
from dashboard.pages import PAGES
from data.__main__ import data
from data.reading.filters import FILTERS
from data.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[1]
NAMES = (
    "README.md",
    ".github/USING.md",
    ".github/OPERATING.md",
    ".github/SECURITY.md",
    ".github/CONTRIBUTING.md",
)
DOCUMENTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in NAMES}
README, USING, OPERATING, SECURITY, _ = DOCUMENTS.values()
ALL = "\n".join(DOCUMENTS.values())


def first_block(section: str) -> str:
    found = re.search(rf"^## {section}$.*?^```\w*\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert found, f"no code block under ## {section}"
    return found.group(1).strip()


def anchors(document: str) -> set[str]:
    """The last parts of addresses that lead to a heading of the document."""
    heads = re.findall(r"^#+ (.+)$", document, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


def test_the_documents_are_all_there_are() -> None:
    markdown = {*ROOT.glob("*.md"), *(ROOT / ".github").glob("**/*.md")}
    assert {str(file.relative_to(ROOT)) for file in markdown} == set(NAMES)


def test_the_readme_is_read_to_its_end() -> None:
    assert len(README.splitlines()) <= 140


@pytest.mark.parametrize("section", ["Run", "Test"])
def test_the_first_block_of_run_and_test_is_one_command_line(section: str) -> None:
    command = first_block(section)
    assert "\n" not in command
    assert command.startswith("python3 -m venv .venv && ")


def test_run_starts_the_dashboard_and_test_runs_pytest() -> None:
    assert first_block("Run").endswith(".venv/bin/python -m dashboard")
    assert first_block("Test").endswith(".venv/bin/python -m pytest")


def test_the_files_that_the_commands_install_from_exist() -> None:
    for file in re.findall(r"-r (\S+)", first_block("Run") + " " + first_block("Test")):
        assert (ROOT / file).exists()


def test_every_requirement_is_pinned_and_says_why() -> None:
    for file in ("run.in", "test.in", "compile.in"):
        lines = (ROOT / ".requirements" / file).read_text(encoding="utf-8").splitlines()
        pins = [line for line in lines if line and not line.startswith("#")]
        assert pins
        for line in pins:
            assert re.fullmatch(r"[\w\[\]-]+==[\w.]+ +# .{10,}", line), line


def test_every_setting_is_explained_to_who_runs_it_and_no_other_is_named() -> None:
    assert set(re.findall(r"`((?:PROGRESS|DATABASE)_[A-Z_]+)`", OPERATING)) == set(SETTINGS)
    named = set(re.findall(r"\b((?:PROGRESS|DATABASE)_[A-Z_]+)\b", ALL))
    assert named == set(SETTINGS)


def test_every_filter_is_in_the_guide_by_the_name_it_has_on_the_page_and_no_other() -> None:
    table = re.search(r"^\| Filter \|.*?\n\n", USING, re.MULTILINE | re.DOTALL)
    assert table
    told = dict(re.findall(r"^\| (.+?) \| `(\w+)` \|", table.group(), re.MULTILINE))
    past_day = {filter_bar.DAY_LABEL: address.DAY}
    assert told == {one.label: one.key for one in FILTERS} | past_day


def test_every_page_is_in_the_guide() -> None:
    for page in PAGES:
        assert f"**{page.title}**" in USING or page.name == "help", page.title


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_and_link_of_a_document_leads_somewhere(name: str) -> None:
    links = re.findall(r"(?<!`)\[[^\]]+\]\(([^)]+)\)", DOCUMENTS[name])
    for link in (one for one in links if "://" not in one):
        path, _, anchor = link.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), link
        assert not anchor or anchor in anchors(file.read_text(encoding="utf-8")), link


def test_the_readme_leads_to_every_document_and_shows_every_picture() -> None:
    links = re.findall(r"\]\(([^)#]+)", README)
    pictures = {str(file.relative_to(ROOT)) for file in (ROOT / ".github/pictures").iterdir()}
    assert {*NAMES[1:], *pictures} <= set(links)
    assert pictures


def test_the_walk_through_the_house_names_every_room_and_none_that_is_not_there() -> None:
    (tree,) = re.findall(
        r"^## The rooms$.*?^```\n(.*?)^```", DOCUMENTS[NAMES[-1]], re.MULTILINE | re.DOTALL
    )
    folders, named = [ROOT], set()
    for indent, name in re.findall(r"^( {0,4})([a-z0-9_]+(?:/|\.py)) ", tree, re.MULTILINE):
        folders[len(indent) // 2 + 1 :] = [folders[len(indent) // 2] / name]
        named.add(folders[-1])
    assert [room for room in named if not room.exists()] == []
    rooms = {file.parent for top in ("data", "dashboard") for file in ROOT.glob(f"{top}/*/*.py")}
    assert rooms - {room for room in named if room.is_dir()} == set()


def test_every_test_and_file_that_a_document_names_exists() -> None:
    named = set(re.findall(r"`((?:tests|data|dashboard|\.\w+)/[\w./-]+)`", ALL))
    assert {"tests/rls/test_escapes.py", "tests/rls/test_matrix.py"} <= named
    assert [file for file in sorted(named) if not (ROOT / file).exists()] == []


def test_every_promise_names_the_test_that_holds_it() -> None:
    promises = SECURITY.split("\n## Promises")[1].split("\n## ")[0].strip().splitlines()[2:]
    assert len(promises) > 15
    for line in promises:
        assert re.search(r"\| `tests/[\w/]+\.py`(, `tests/[\w/]+\.py`)* \|$", line), line


@pytest.mark.parametrize(
    ("module", "command"),
    [("dashboard", dashboard), ("data", data)],
    ids=["dashboard", "data"],
)
def test_every_option_and_command_in_the_documents_exists(
    module: str, command: click.Command
) -> None:
    mentioned = {
        word
        # one space between the words of a command, more before what it does
        for line in re.findall(rf"python -m {module}((?: [^\s`|]+)*)", ALL)
        for word in re.findall(r"(?<![\w-])(--[a-z-]+|[a-z]{3,})", line)
        if not re.search(r"[A-Z]", word)
    }
    help_text = ""
    for words in ([], *([name] for name in getattr(command, "commands", ()))):
        told = CliRunner().invoke(command, [*words, "--help"])
        assert told.exit_code == 0
        help_text += told.output
    for word in mentioned:
        assert word in help_text, f"python -m {module} … {word}"


def test_every_command_is_explained_to_who_runs_it() -> None:
    commands = getattr(data, "commands", {})
    assert len(commands) > 10
    for name in commands:
        assert re.search(rf"^python -m data {name}\b", OPERATING, re.MULTILINE), name
    for option in (one for one in dashboard.params if isinstance(one, click.Option)):
        assert option.opts[0] in OPERATING
