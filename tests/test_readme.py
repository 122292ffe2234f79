"""The README says only what is so: its commands, settings and filters exist."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from dashboard.__main__ import main as dashboard
from data.__main__ import data
from data.reading.filters import FILTERS
from data.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def first_block(section: str) -> str:
    found = re.search(rf"^## {section}$.*?^```\w*\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert found, f"no code block under ## {section}"
    return found.group(1).strip()


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


def test_every_setting_stands_in_the_readme_and_no_other() -> None:
    named = set(re.findall(r"`((?:PROGRESS|DATABASE)_[A-Z_]+)`", README))
    assert named == set(SETTINGS)


def test_every_filter_stands_in_the_readme() -> None:
    for one in FILTERS:
        assert f"`{one.key}`" in README


def test_every_picture_exists() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert pictures
    for picture in pictures:
        assert (ROOT / picture).exists()


@pytest.mark.parametrize(
    ("module", "command"),
    [("dashboard", dashboard), ("data", data)],
    ids=["dashboard", "data"],
)
def test_every_option_and_command_in_the_readme_exists(module: str, command: click.Command) -> None:
    mentioned = {
        word
        # one space between the words of a command, more before what it does
        for line in re.findall(rf"python -m {module}((?: [^\s`|]+)*)", README)
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
