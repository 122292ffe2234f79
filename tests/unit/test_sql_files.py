"""The schema's files: each is applied, and nothing is defined twice."""

import re
from collections import Counter

import pytest

from data.database.kinds import FILES, Kind, files, platform_triggers
from data.database.sql_files import SQL, STATEMENT, digest, statements

DEFINED = re.compile(
    r"create (?:or replace )?(?:unique |unlogged )?"
    r"(?P<kind>table|view|function|aggregate|type|schema(?: if not exists)?|index|trigger|policy) "
    r"(?P<name>[\w.]+)(?P<rest>.*)",
    re.DOTALL,
)
OF_A_TABLE = re.compile(r"\bon ([\w.]+)")


def defined(kind: Kind) -> list[str]:
    found = []
    for file in files(kind):
        for statement in statements(file):
            if it := DEFINED.match(statement.text):
                table = (
                    OF_A_TABLE.search(it["rest"]) if it["kind"] in ("policy", "trigger") else None
                )
                found.append(f"{it['kind']} {it['name']} {table[1] if table else ''}".strip())
            else:
                assert not statement.text.startswith("create"), statement.text
    return found


def test_every_file_is_applied() -> None:
    assert sorted(path.stem for path in SQL.glob("*")) == sorted(FILES)


@pytest.mark.parametrize("kind", Kind)
def test_nothing_is_defined_twice(kind: Kind) -> None:
    found = defined(kind)
    assert [one for one, times in Counter(found).items() if times > 1] == []
    assert len(found) > 150


def test_a_file_is_of_both_kinds_or_of_one() -> None:
    assert set(FILES) == {file for kind in Kind for file in files(kind)}
    assert set(files(Kind.STANDALONE)) - set(files(Kind.ATTACHED)) > {"platform", "roster_written"}


def test_nothing_of_an_attached_database_is_made_of_the_platforms_tables() -> None:
    """Its progress table is named, and nothing else that is not ours; that is read, and has triggers."""
    named = re.compile(r"\b(?:public|auth)\.\w+")
    changing = re.compile(r"(?is)^(grant|revoke|alter|create policy|create (?:unique )?index)\b")
    for file in files(Kind.ATTACHED):
        for one in statements(file):
            found = set(named.findall(one.text))
            assert found <= {
                "public.student_module_progress",
                "public.progress_status",
                "auth.uid",
            }, file
            if changing.match(one.text):
                assert not found - {"public.progress_status"}, one.text
    assert len(platform_triggers(Kind.ATTACHED)) == len(platform_triggers(Kind.STANDALONE)) == 12


def test_a_file_can_be_read_at_one_go() -> None:
    lines = {path.name: len(path.read_text().splitlines()) for path in SQL.glob("*.sql")}
    assert {name: count for name, count in lines.items() if count > 300} == {}


def test_a_file_is_nothing_but_statements() -> None:
    for file in FILES:
        left = STATEMENT.sub("", (SQL / f"{file}.sql").read_text())
        assert left.strip() == "", file


def test_semicolons_within_bodies_texts_and_comments_end_nothing() -> None:
    written = "-- a; b\ncreate function f() as $x$ select ';'; $x$;\nselect 'it''s; so' -- c; d\n;"
    assert [found[1] for found in STATEMENT.finditer(written)] == [
        "create function f() as $x$ select ';'; $x$",
        "select 'it''s; so' -- c; d\n",
    ]


def test_a_digest_tells_one_file_from_another() -> None:
    assert len({digest(file) for file in FILES}) == len(FILES)
