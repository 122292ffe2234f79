"""Each thing that is wrong with a database is found, and nothing where all is well."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from data.checks import EXPECTED_POLICIES, findings
from data.errors import DatabaseAway
from tests.clusters import Cluster, Scratch

pytestmark = pytest.mark.usefixtures("altered")


def codes(url: str) -> list[str]:
    found = findings(url)
    assert all(one.message.endswith((".", "migrate", "security")) for one in found)
    return [one.code for one in found]


def as_superuser(cluster: Cluster, *statements: str) -> None:
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


@contextmanager
def login(cluster: Cluster, attributes: str, *grants: str) -> Iterator[str]:
    """A login of a test's own on the whole server."""
    as_superuser(cluster, f"create role checked login {attributes}", *grants)
    try:
        yield "checked"
    finally:
        as_superuser(cluster, "drop role checked")


def url_as(school: Scratch, name: str) -> str:
    return school.app_url.replace("progress_app@", f"{name}@")


def test_a_healthy_database_has_no_findings(school: Scratch, fresh_database: Scratch) -> None:
    assert findings(school.app_url) == []
    assert findings(fresh_database.app_url) == []


@pytest.mark.parametrize(
    ("attributes", "granted", "expected"),
    [
        ("noinherit", True, []),
        ("noinherit", False, ["membership"]),
        ("bypassrls", True, ["bypassrls"]),
        ("superuser", True, ["superuser"]),
        ("superuser bypassrls", False, ["superuser", "bypassrls"]),
    ],
)
def test_a_login_with_too_much_or_too_little_is_found(
    cluster: Cluster, school: Scratch, attributes: str, granted: bool, expected: list[str]
) -> None:
    grants = ["grant anon, authenticated to checked"] if granted else []
    with login(cluster, attributes, *grants) as name:
        found = findings(url_as(school, name))
    assert [one.code for one in found] == expected
    assert all(name in one.message for one in found)


def test_the_owner_as_login_is_found(school: Scratch) -> None:
    assert "owner" in codes(school.owner_url)


@pytest.mark.parametrize(
    "table",
    [
        "public.student_module_progress",
        *("dashboard.fact", "dashboard.batch", "dashboard.history", "dashboard.saved_view"),
        *("dashboard.kept", "dashboard.kept_attempt", "dashboard.draft", "dashboard.left_as_is"),
    ],
)
def test_row_level_security_that_is_off_is_found_with_its_table(
    school: Scratch, table: str
) -> None:
    with school.owner() as connection:
        connection.execute(f"alter table {table} disable row level security".encode())
        found = findings(school.app_url)
        assert [one.code for one in found] == ["rls_off"]
        cure = found[0].message.split("Run: ")[1]
        connection.execute(cure.encode())  # what it says to do helps
    assert findings(school.app_url) == []


@pytest.mark.parametrize(("schema", "table", "policy"), sorted(EXPECTED_POLICIES))
def test_a_missing_policy_is_found_by_name(
    school: Scratch, schema: str, table: str, policy: str
) -> None:
    with school.owner() as connection:
        connection.execute(f"drop policy {policy} on {schema}.{table}".encode())
    found = findings(school.app_url)
    assert [one.code for one in found] == ["policy"]
    assert policy in found[0].message
    assert f"{schema}.{table}" in found[0].message


def test_every_policy_there_is_is_expected(school: Scratch) -> None:
    with school.owner() as connection:
        there = connection.execute("select schemaname, tablename, policyname from pg_policies")
        assert set(there) == EXPECTED_POLICIES


def test_a_database_that_was_never_migrated_is_found(cluster: Cluster) -> None:
    cluster.drop(cluster.new_database())
    _, app = cluster.empty_database()
    found = findings(app)
    assert [one.code for one in found] == ["revision"]
    assert found[0].message == ("The database was not prepared yet. Run: python -m data migrate")


@pytest.mark.parametrize(
    ("revision", "advice"), [("0003_access", "python -m data migrate"), ("9999_x", "newer")]
)
def test_an_older_and_a_newer_schema_are_told_apart(
    school: Scratch, revision: str, advice: str
) -> None:
    with school.owner() as connection:
        connection.execute(
            "update dashboard_migrations.alembic_version set version_num = %s", (revision,)
        )
    found = findings(school.app_url)
    assert [one.code for one in found] == ["revision"]
    assert revision in found[0].message
    assert advice in found[0].message


def test_several_findings_are_told_together(school: Scratch) -> None:
    with school.owner() as connection:
        connection.execute("alter table dashboard.fact disable row level security")
        connection.execute("drop policy people_see_their_students on dashboard.fact")
    assert codes(school.app_url) == ["rls_off", "policy"]


def test_nobody_there_is_told_in_words() -> None:
    with pytest.raises(DatabaseAway):
        findings("postgresql://u@/db?host=/nowhere")
