"""A filled database of 0026 comes to the present schema: no row is lost, and it is as a new one is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest

from data.access.errors import DatabaseNotReady, DataError
from data.access.session import acting_as, connect
from data.database import claims_keys
from data.database.migrate import head, migrate
from data.database.preflight import faults
from tests import people
from tests.database import schema_0026
from tests.database.hosts import dumped, generous_database, host
from tests.database.test_facts_of_anything import KEPT, RECOMPUTED
from tests.database.test_migrations import ask

RENAMED = {
    "dashboard.kept": "dashboard.lock",
    "dashboard.kept_attempt": "dashboard.lock_attempt",
    "dashboard.left_as_is": "dashboard.dismissal",
}
"""Tables that have another name since."""

WIDER = {"school.student": 3, "school.class": 2}
"""Tables that have so many columns more, and nothing in them."""

NEWER = {
    *("dashboard.roster_batch", "dashboard.roster_change", "school.retired_module"),
    *("school.roster_lock", "school.source_id", "internal.erasing", "dashboard.erasure"),
    *("school.retention", "internal.dropped_month", "internal.dropped_trace"),
    "dashboard.disclosure",
    *(
        "internal.unsettled",
        "internal.news_read",
        "dashboard.flag_response",
        "dashboard.class_target",
    ),
    *("internal.flag_record", "internal.flags_recorded"),
    *("dashboard.attention_change", "dashboard.holiday"),
    *("school.digest", "internal.digest_reader"),
}
"""Tables that there were not."""

COUNTED = {
    *("internal.standing", "internal.class_day", "internal.doubt", "internal.worked_week"),
    *("internal.class_score", "internal.student_part", "internal.class_summary"),
    "internal.class_news",
}
"""Tables that there were not, and that are filled from the others."""

TABLES = """
select oid::regclass::text
from pg_class
where relkind in ('r', 'p')
    and not relispartition
    and relnamespace::regnamespace::text in ('auth', 'dashboard', 'internal', 'public', 'school')
order by 1
"""

COLUMNS = """
select string_agg(quote_ident(attname), ', ' order by attgenerated, attnum)
from pg_attribute
where attrelid = %s::regclass and attnum > 0 and not attisdropped
    and attrelid::regclass || '.' || attname <> 'internal.class_summary.kept_at'
"""
"""What is stored in its order, then what is generated from it. But not when a summary was worked out."""


OF_THE_SCHOOL = """
create schema reports;
create view reports.changes as select * from dashboard.change;
create function reports.entry(dashboard.history) returns bigint language sql return 1;
create role school_reports;
grant usage on schema dashboard to school_reports;
grant select (id, at) on dashboard.history to school_reports;
create policy reports on dashboard.history for select to school_reports using (true);
insert into dashboard.history (at, student_id, module_id, operation, source)
select '2099-05-05', student_id, module_id, 'update', 'platform'
from public.student_module_progress
limit 1;
"""
"""What a school made there, and an entry of a clock that was wrong."""


@dataclass(frozen=True)
class Upgraded:
    """A database that was brought over, and what it held before."""

    release: str
    owner_url: str
    app_url: str
    new_url: str
    before: dict[str, list[tuple[Any, ...]]]


def rows(owner_url: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables."""
    with psycopg.connect(owner_url) as owner:
        found = {}
        for (table,) in owner.execute(TABLES).fetchall():
            columns = owner.execute(COLUMNS, (table,)).fetchall()[0][0]
            rows_of_it = owner.execute(f"select {columns} from {table}".encode()).fetchall()
            found[table] = sorted(rows_of_it, key=repr)
        return found


@pytest.fixture(scope="module", params=["18", "15"], ids=["pg18", "pg15"])
def upgraded(request: pytest.FixtureRequest) -> Iterator[Upgraded]:
    with host(request.param) as cluster:
        new_url, new_app = cluster.empty_database()
        migrate(new_url, new_app)
        owner, _ = generous_database(cluster)
        schema_0026.make(owner)
        app = cluster.url(schema_0026.LOGIN, owner.split("/")[3].split("?")[0])
        before = rows(owner)
        assert migrate(owner, app) == head()
        yield Upgraded(request.param, owner, app, new_url, before)


def test_no_row_is_lost(upgraded: Upgraded) -> None:
    assert [table for table, found in upgraded.before.items() if not found] == []
    after = rows(upgraded.owner_url)
    for table, found in upgraded.before.items():
        if table == "dashboard.fact":
            after[table] = sorted(map(_as_before, after[table]), key=repr)
            found = sorted((row[:6] + row[8:] for row in found), key=repr)
        if table == "school.student":
            assert "annagren" in {row[-3] for row in after[table]}
            assert any("'agren'" in row[-1] for row in after[table])
            after[table] = sorted((row[:-3] for row in after[table]), key=repr)
        if table == "school.class":
            assert {row[-1] for row in after[table]} >= {"'1a'", "'1b'"}
            after[table] = sorted((row[:-1] for row in after[table]), key=repr)
        if table in WIDER:
            assert {row[-WIDER[table] :] for row in after[table]} == {(None,) * WIDER[table]}
            after[table] = sorted((row[: -WIDER[table]] for row in after[table]), key=repr)
        assert after[RENAMED.get(table, table)] == found, table
    assert {table for table in NEWER if after[table]} == set()
    assert [table for table in COUNTED if not after[table]] == []
    assert len(after) - len(NEWER | COUNTED) == len(upgraded.before) > 20


def _as_before(fact: tuple[Any, ...]) -> tuple[Any, ...]:
    """Without activity, completion and who is stuck: told otherwise than before."""
    return fact[:6] + fact[7:10] + fact[-1:]


def test_what_facts_tell_is_what_a_new_one_would(upgraded: Upgraded) -> None:
    assert ask(upgraded.owner_url, KEPT) == ask(upgraded.owner_url, RECOMPUTED)


PROGRESS = """
select fact.progressed_at, fact.slipped_at
from dashboard.fact
order by student_id, module_id
"""
RECORDED = """
select recorded.progressed_at, recorded.slipped_at
from dashboard.fact
cross join lateral internal.progress_recorded(student_id, module_id) as recorded
order by student_id, module_id
"""


def test_when_rows_came_further_and_slipped_is_what_their_history_tells(upgraded: Upgraded) -> None:
    told = ask(upgraded.owner_url, PROGRESS)
    assert told == ask(upgraded.owner_url, RECORDED)
    assert datetime(2026, 1, 1, 10, tzinfo=UTC) in {progressed_at for progressed_at, _ in told}
    assert any(slipped_at for _, slipped_at in told)


MONTH = re.compile(r"internal\.history_(before_)?\d{4}_\d\d\b|ATTACH PARTITION internal\.history_")


def _without_months(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Which there are depends on when it was made."""
    return {
        part: lines
        for part, lines in found.items()
        if not any(MONTH.search(line) for line in lines)
    }


def test_its_catalogue_is_a_new_ones(upgraded: Upgraded) -> None:
    found, new = (dumped(upgraded.release, url) for url in (upgraded.owner_url, upgraded.new_url))
    assert len(new) > 300
    defaults = {part: lines for part, lines in found.items() if "DEFAULT ACL" in part}
    assert defaults  # the host's own, which we leave alone
    assert any("history_before_" in part for part in found)  # what there was, as it was
    assert _without_months(found) == _without_months(new) | defaults


def test_the_app_goes_on_with_the_login_it_had(upgraded: Upgraded) -> None:
    key = claims_keys.present_key(upgraded.owner_url)
    assert faults(upgraded.app_url, key) == []
    database = connect(upgraded.app_url, key=key, pool_size=1)
    with acting_as(people.actor(database, people.TEACHER)) as connection:
        seen = connection.exec_driver_sql("select count(*) from public.student_module_progress")
        assert seen.scalar_one() == 3
    database.engine.dispose()
    acts = (
        "select rolname from pg_roles where pg_has_role('login_of_0026', oid, 'member') order by 1"
    )
    assert ask(upgraded.owner_url, acts) == [
        ("dashboard_guest",),
        ("dashboard_person",),
        (schema_0026.LOGIN,),
    ]


def test_the_roles_it_acted_as_keep_nothing(upgraded: Upgraded) -> None:
    with psycopg.connect(upgraded.owner_url.replace("progress_owner@", "postgres@")) as root:
        for role in ("anon", "authenticated"):
            left = root.execute(
                "select classid::regclass::text, deptype::text from pg_shdepend "
                "where refobjid = %s::regrole and dbid = "
                "(select oid from pg_database where datname = current_database()) "
                "and classid <> 'pg_default_acl'::regclass",
                (role,),
            )
            assert left.fetchall() == [], role


def test_a_database_from_before_is_refused_in_words(upgraded: Upgraded) -> None:
    version = "update dashboard_migrations.alembic_version set version_num = "
    ask(upgraded.owner_url, f"{version} '0011_kept'")
    with pytest.raises(DatabaseNotReady, match="trial version from before the first release"):
        migrate(upgraded.owner_url, upgraded.app_url)
    (found,) = faults(upgraded.app_url, None)
    ask(upgraded.owner_url, f"{version} '{head()}'")
    assert found.code == "revision"
    assert "trial version" in found.message


@pytest.mark.parametrize("release", ["18", "15"])
def test_what_a_school_made_of_the_history_is_told_and_its_rights_stay(release: str) -> None:
    with host(release) as cluster:
        owner_url, _ = generous_database(cluster)
        schema_0026.make(owner_url)
        app_url = cluster.url(schema_0026.LOGIN, owner_url.split("/")[3].split("?")[0])
        with psycopg.connect(owner_url) as owner:
            owner.execute(OF_THE_SCHOOL)
        with pytest.raises(DataError, match=r": reports\.changes, reports\.entry\(.*\)\. Drop"):
            migrate(owner_url, app_url)
        with psycopg.connect(owner_url) as owner:
            owner.execute("drop schema reports cascade")
        assert migrate(owner_url, app_url) == head()
        with psycopg.connect(owner_url) as owner:
            found = "select count(id), count(id) filter (where at > '2099-01-01') from dashboard.history"
            before = owner.execute(found).fetchone()
            owner.execute("grant school_reports to current_user")
            owner.execute("set local role school_reports")
            assert owner.execute(found).fetchone() == before
            assert before is not None
            assert before[1] == 1
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute("select source from dashboard.history")
