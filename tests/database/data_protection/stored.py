"""Whatever a database stores, as text: to look for somebody in it."""

from collections.abc import Iterable

from tests.clusters import Scratch
from tests.database.rows_as_owner import ask

TABLES = """
select oid::regclass::text as name
from pg_class
where relkind in ('r', 'p', 'm') and not relispartition
    and relnamespace::regnamespace::text !~ '^pg_|^information_schema$|^kept$'
order by 1
"""


def lines(school: Scratch) -> dict[str, list[str]]:
    """By table, each row as text."""
    return {
        table["name"]: [
            row["line"] for row in ask(school, f"select t::text as line from {table['name']} as t")
        ]
        for table in ask(school, TABLES)
    }


def traces(school: Scratch, words: Iterable[str]) -> dict[str, set[str]]:
    """By each of the words, however it is written, the tables that hold it."""
    stored = lines(school)
    return {
        word: {
            table
            for table, rows in stored.items()
            if any(word.lower() in row.lower() for row in rows)
        }
        for word in words
    }
