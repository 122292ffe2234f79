"""One word for one thing, and plain English: words that must not come back in sentences that people read.

A sentence is a text of the program with a space in it (no docstring, no SQL), and every line of the documents.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / ".github").glob("*.md"))]

INSTEAD: Final = {
    r"\bset aside\b": "draft",
    r"\b[Ww]e hold\b|\b(is|are) held\b|\bheld on\b": "stored; All stored data",
    r"\bKept by\b|\b(keep|kept) (this|it|them|values?)\b|\bis kept by\b|\bsomething here\b": "lock",
    r"^Released?\b|\b[Rr]eleas(e|es|ed|ing) (it|this|them|values?)\b": "unlock",
    r"\b[Pp]ut (back|right)\b|\bputs? (it|them) (back|right)\b": "restore, undo, correct, fix",
    r"\b[Ww]hat was saved\b": "saves",
    r"\b[Ss]tands?\b": "is",
    r"\b[Jj]udges?\b|\b(is|are|was|were) judged\b|\bverdicts are\b": "check",
    r"\b[Ff]its?\b": "matches",
    r"\b(line|row|PDF|question|cell|page|attempts?) an? (student|module|class|person|save|row)\b": "per",
    r"\bbefore you say so\b|\bbefore you have seen\b": "until you confirm",
    r"\b[Gg]o on (with|editing)\b|\b[Ee]dit on\b": "continue editing",
    r"\bfilters rest\b": "are locked",
    r"\bnobody could mean\b|\bthat cannot be$": "impossible",
    r"\bthe (middle (half|score)|middle is)\b|\bMiddle half\b": "median, middle 50 %",
    r"\b[Tt]ak(e|en|es|ing) along\b": "export",
    r"^Took$|\bfollows from it\b": "time taken; also changes",
    r"\bfor the whole table\b|\bwhat is shown now\b|\b[Nn]othing is known of\b": "say it plainly",
    r"\b[Ee]very student's modules\b": "all modules",
    r"\b[Ll]ook at the students\b|\b[Ll]ooking at every\b": "open; check",
    r"\b[Ss]et the same\b|\b[Mm]ost who need\b|\bof mine\b": "say who does what",
    r"\bnothing says\b|\bcannot come in\b|\byou came as\b": "say it plainly",
}
SQL: Final = re.compile(
    r"\b(select|insert into|update|delete from|create|alter|from|where)\s", re.IGNORECASE
)


def docstrings(tree: ast.AST) -> set[int]:
    bodies = (node.body for node in ast.walk(tree) if isinstance(getattr(node, "body", None), list))  # type: ignore[attr-defined]
    return {id(one.value) for body in bodies for one in body if isinstance(one, ast.Expr)}


def python_sentences(source: str) -> Iterator[str]:
    """Texts of a module, without docstrings; of an f-string its parts."""
    tree = ast.parse(source)
    left_out = docstrings(tree)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in left_out
        ):
            yield node.value


@cache
def sentences() -> list[tuple[str, str]]:
    """Each file with each sentence that it may say to somebody."""
    return [*of_code(), *of_documents()]


def of_code() -> Iterator[tuple[str, str]]:
    for folder in ("dashboard", "data"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            for text in python_sentences(file.read_text(encoding="utf-8")):
                if (
                    (" " in text or text.istitle())
                    and not SQL.match(text.strip())
                    and "\n  " not in text
                ):
                    yield str(file.relative_to(ROOT)), text.strip()
        for file in sorted((ROOT / folder).rglob("*.js")):
            code = re.sub(r"^\s*//.*$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
            for text in re.findall(r'"([^"\n]*)"|`([^`]*)`', code):
                yield str(file.relative_to(ROOT)), "".join(text)


def of_documents() -> Iterator[tuple[str, str]]:
    for file in DOCUMENTS:
        for line in re.sub(
            r"```.*?```|`[^`\n]*`", "", file.read_text(encoding="utf-8"), flags=re.DOTALL
        ).splitlines():
            yield str(file.relative_to(ROOT)), line


def test_there_are_sentences_of_every_kind() -> None:
    said = {text for _, text in sentences()}
    assert {"Only where nothing is recorded yet", "Clear all"} <= said
    assert any(text.startswith("Locked by") for text in said)
    assert len(said) > 1500


@pytest.mark.parametrize("word", INSTEAD)
def test_a_word_that_was_replaced_does_not_come_back(word: str) -> None:
    found = [f"{file}: {text}" for file, text in sentences() if re.search(word, text)]
    assert found == [], f"say: {INSTEAD[word]}"
