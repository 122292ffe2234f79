"""The matrix: everybody × every table and view × select, insert, update, delete × own and foreign rows.

Each cell is tried in a real database and compared with the oracle. Statements are tried in the server, many in
one round trip, each undone at once: the whole takes a second or two.
"""

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from data.access.claims import GUEST, ClaimsKey
from tests.clusters import Scratch
from tests.rls.facts import IDENTITIES, Identity
from tests.rls.oracle import RELATIONS
from tests.rls.rules import Relation, Row

Connection = psycopg.Connection[tuple[Any, ...]]

ACTIONS: Final = ("select", "insert", "update", "delete")

REFUSED: Final = "refused"

OURS: Final = """
select nspname || '.' || relname
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
where relkind in ('r', 'p', 'v', 'm', 'f')
    and not relispartition  -- months come and go: test_history_months.py
    and nspname !~ '^pg_' and nspname not in ('information_schema', 'probe')
order by 1
"""

FIRST_COLUMN: Final = """
select nspname || '.' || relname, min(attname::text)
from pg_attribute
join pg_class on pg_class.oid = attrelid
join pg_namespace on pg_namespace.oid = relnamespace
where nspname || '.' || relname = any (%s) and attnum > 0 and attgenerated = '' and not attisdropped
group by 1
"""


@dataclass(frozen=True)
class Cell:
    """One thing that somebody tries: what must come of it, and what did."""

    who: Identity
    relation: str
    action: str
    row: Row
    statement: str
    expected: str
    found: str = ""

    @property
    def is_as_expected(self) -> bool:
        return self.found == self.expected

    @property
    def succeeds(self) -> bool:
        return self.found not in ("0", REFUSED)


def relations_there(connection: Connection) -> set[str]:
    """Every table and view in the database but PostgreSQL's own."""
    return {name for (name,) in connection.execute(OURS.encode()).fetchall()}


# --- what is tried ---


def expectation(who: Identity, relation: Relation, action: str, row: Row) -> str:
    """What the oracle says becomes of it: '1' row, '0' (nothing is found), or refused."""
    rule = {
        "select": relation.sees,
        "insert": relation.adds,
        "update": relation.changes,
        "delete": relation.removes,
    }[action]
    if rule(who, row):
        return REFUSED if action == "delete" and relation.is_in_use(row) else "1"
    granted = {
        "select": True,
        "insert": False,  # what nobody may add is refused, never silently left out
        "update": relation.changing is not None,
        "delete": relation.removing,
    }[action]
    if who.role not in relation.asked or not granted:
        return REFUSED
    if action != "select" and relation.unsigned_change_fails and who.person is None:
        return REFUSED
    return "0"


def statement(
    who: Identity, name: str, relation: Relation, action: str, row: Row, column: str
) -> str:
    """What they would write; where nobody may, something that only a missing right can stop."""
    whose = f" where {row.where}"
    match action:
        case "select":
            return f"select from {name}{whose} limit 1"
        case "insert":
            return (
                relation.adding(who, row)
                if relation.adding
                else f"insert into {name} default values"
            )
        case "update":
            change = relation.changing(who, row) if relation.changing else None
            return (change or f'update {name} set "{column}" = "{column}"') + whose
        case _:
            return f"delete from {name}{whose}"


def cells(
    connection: Connection,
    names: Iterable[str] = RELATIONS,
    relations: Mapping[str, Relation] = RELATIONS,
    identities: Iterable[Identity] = IDENTITIES,
) -> list[Cell]:
    """All that is tried of these relations, by everybody; `relations` says what they are."""
    names = list(names)
    columns: dict[str, str] = dict(connection.execute(FIRST_COLUMN.encode(), (names,)).fetchall())
    return [
        Cell(
            who,
            name,
            action,
            row,
            statement(who, name, relations[name], action, row, columns[name]),
            expectation(who, relations[name], action, row),
        )
        for who in identities
        for name in names
        for row in relations[name].rows
        for action in ACTIONS
    ]


# --- trying it ---

BECOME: Final = "select set_config('role', %s, true), set_config('request.jwt.claims', %s, true)"


def become(connection: Connection, who: Identity, key: ClaimsKey) -> None:
    """Act as this identity until the transaction's end, as the app would."""
    connection.execute(BECOME, (who.role or "none", claims(who, key)))


def claims(who: Identity, key: ClaimsKey) -> str:
    if who.person is not None:
        return key.claims(who.person, time.time())
    if who.role == GUEST:
        return key.guest_claims(time.time())
    return json.dumps({"sub": str(who.claims_to_be)}) if who.claims_to_be else ""


def tried(connection: Connection, asked: Iterable[Cell], key: ClaimsKey) -> Iterator[Cell]:
    """The same cells with what was found; the connection is the app's login, outside a transaction."""
    by_identity: dict[Identity, list[Cell]] = {}
    for cell in asked:
        by_identity.setdefault(cell.who, []).append(cell)
    for who, theirs in by_identity.items():
        with connection.transaction(force_rollback=True):
            become(connection, who, key)
            yield from attempted(connection, theirs)


def attempted(connection: Connection, theirs: list[Cell]) -> Iterator[Cell]:
    """Cells of one identity, tried in one go by whom the connection acts as now."""
    answer = connection.execute(
        "select probe.attempt(%s)", ([cell.statement for cell in theirs],)
    ).fetchone()
    assert answer is not None
    for cell, found in zip(theirs, answer[0], strict=True):
        yield Cell(
            cell.who, cell.relation, cell.action, cell.row, cell.statement, cell.expected, found
        )


def run(scratch: Scratch) -> list[Cell]:
    """The whole matrix in a furnished database."""
    assert scratch.key is not None
    with psycopg.connect(scratch.app_url, autocommit=True) as connection:
        return list(tried(connection, cells(connection), scratch.key))


def rows_missing(
    scratch: Scratch, found: Iterable[Cell], relations: Mapping[str, Relation] = RELATIONS
) -> set[tuple[str, str]]:
    """The control: rows that stand for others and are not there, neither for the owner nor for anybody."""
    seen = {
        (cell.relation, cell.row.where)
        for cell in found
        if cell.action == "select" and cell.succeeds
    }
    with scratch.owner() as owner:
        return {
            (name, row.where)
            for name, relation in relations.items()
            for row in relation.rows
            if (name, row.where) not in seen
            and not owner.execute(
                f"select from {name} where {row.where} limit 1".encode()
            ).fetchall()
        }


def own_and_foreign(found: Iterable[Cell]) -> dict[tuple[str, Identity, str, bool], set[str]]:
    """By relation, identity, action and whether the row is theirs: 'yes' and 'no', as tried."""
    told: dict[tuple[str, Identity, str, bool], set[str]] = {}
    for cell in found:
        group = cell.relation, cell.who, cell.action, cell.row.is_own(cell.who)
        told.setdefault(group, set()).add("yes" if cell.succeeds else "no")
    return told
