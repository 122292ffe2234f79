"""Each thing that is wrong with a database is found, and nothing where all is well."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from data.access.errors import DatabaseAway
from data.access.outage_words import READ_ONLY_CAUSE
from data.database import doctor, schema, schema_expected
from data.database.migrate import migrate
from data.database.preflight import Fault, drift_faults, faults
from tests.clusters import Cluster, Scratch
from tests.pooler import pooler

pytestmark = pytest.mark.usefixtures("altered")


def checked(school: Scratch, url: str | None = None) -> list[Fault]:
    """The faults about a login, which is the app's unless told otherwise."""
    return faults(url or school.app_url, school.key)


def codes(url: str) -> list[str]:
    found = faults(url, None)
    assert all(one.message.endswith(".") or "Run: " in one.message for one in found)
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


def test_a_healthy_database_has_no_faults(school: Scratch, fresh_database: Scratch) -> None:
    assert checked(school) == []
    assert checked(fresh_database) == []


@pytest.mark.parametrize(
    ("attributes", "granted", "expected"),
    [
        ("noinherit", True, ["signature"]),  # until it is admitted: see below
        ("noinherit", False, ["membership"]),
        ("bypassrls", True, ["bypassrls"]),
        ("superuser", True, ["superuser"]),
        ("superuser bypassrls", False, ["superuser", "bypassrls"]),
        ("noinherit createrole", True, ["roles"]),
        ("noinherit replication", True, ["roles"]),
    ],
)
def test_a_login_with_too_much_or_too_little_is_found(
    cluster: Cluster, school: Scratch, attributes: str, granted: bool, expected: list[str]
) -> None:
    grants = ["grant dashboard_guest, dashboard_person to checked"] if granted else []
    with login(cluster, attributes, *grants) as name:
        found = checked(school, url_as(school, name))
    assert [one.code for one in found] == expected
    assert all(name in one.message or one.code == "signature" for one in found)


def test_that_who_makes_a_role_may_administer_it_is_no_fault(school: Scratch) -> None:
    """Since PostgreSQL 16 it is so, and nobody can take it away: the owner of the tables made ours."""
    with school.owner() as owner:
        administers = owner.execute(
            "select roleid::regrole::text from pg_auth_members where member = current_user::regrole "
            "and admin_option and roleid::regrole::text like 'dashboard%' order by 1"
        ).fetchall()
        is_since_16 = owner.info.server_version >= 160000
    assert administers == ([("dashboard_guest",), ("dashboard_person",)] if is_since_16 else [])
    assert checked(school) == []


@pytest.mark.parametrize("role", ["pg_read_all_data", "pg_execute_server_program"])
@pytest.mark.parametrize("by_way_of", ["itself", "another role"])
def test_a_login_that_may_act_as_more_than_it_needs_is_found_by_name(
    cluster: Cluster, school: Scratch, role: str, by_way_of: str
) -> None:
    with login(cluster, "noinherit", "grant dashboard_guest, dashboard_person to checked") as name:
        assert [one.code for one in checked(school, url_as(school, name))] == ["signature"]
        if by_way_of == "itself":
            as_superuser(cluster, f"grant {role} to checked")
        else:
            as_superuser(
                cluster,
                "create role between",
                f"grant {role} to between",
                "grant between to checked",
            )
        try:
            (found,) = checked(school, url_as(school, name))
        finally:
            as_superuser(cluster, "drop role if exists between")
    assert found.code == "others"
    told = role if by_way_of == "itself" else f"between, {role}"
    assert found.message.startswith(f"The login checked may act as {told}, which")


def test_a_login_that_may_become_who_passes_the_policies_is_found_as_such(
    cluster: Cluster, school: Scratch
) -> None:
    as_superuser(cluster, "create role passing nologin bypassrls")
    try:
        with login(
            cluster, "noinherit", "grant dashboard_guest, dashboard_person, passing to checked"
        ) as name:
            found = [one.code for one in checked(school, url_as(school, name))]
    finally:
        as_superuser(cluster, "drop role passing")
    assert found == ["bypassrls", "others"]


def test_a_login_that_owns_a_function_of_ours_is_found(cluster: Cluster, school: Scratch) -> None:
    root = school.owner_url.replace("progress_owner@", "postgres@")
    with (
        login(cluster, "noinherit", "grant dashboard_guest, dashboard_person to checked") as name,
        psycopg.connect(root, autocommit=True) as owner,
    ):
        owner.execute("alter function internal.plain(text) owner to checked")
        found = checked(school, url_as(school, name))
        owner.execute("alter function internal.plain(text) owner to progress_owner")
    assert "owner" in [one.code for one in found]


def test_a_login_of_ones_own_is_fit_once_migrate_knows_it(
    cluster: Cluster, school: Scratch
) -> None:
    database = school.owner_url.split("/")[3].split("?")[0]
    with login(cluster, "noinherit", "grant dashboard_guest, dashboard_person to checked") as name:
        as_superuser(cluster, "alter role checked set lock_timeout = '1s'")
        migrate(school.owner_url, url_as(school, name))
        for one in checked(school, url_as(school, name)):
            # Since PostgreSQL 16 the owner of the tables may not, having not made the login: it is told.
            assert (one.code, "lock_timeout" in one.message) == ("setting", True)
            as_superuser(cluster, one.message.partition("Run: ")[2])
        assert checked(school, url_as(school, name)) == []
        as_superuser(cluster, f"revoke connect on database {database} from checked")


def test_a_database_that_can_only_be_read_is_found(cluster: Cluster, school: Scratch) -> None:
    """A standby, or what a host does to a full disk: nobody could sign in."""
    name = school.app_url.split("/")[3].split("?")[0]
    as_superuser(cluster, f"alter database {name} set default_transaction_read_only = on")
    (found,) = checked(school)
    assert (found.code, found.message) == ("read_only", READ_ONLY_CAUSE)


def test_the_owner_as_login_is_found(school: Scratch) -> None:
    assert "owner" in codes(school.owner_url)


@pytest.mark.parametrize(
    "table",
    [
        "public.student_module_progress",
        *("dashboard.fact", "dashboard.batch", "dashboard.history", "dashboard.saved_view"),
        *("dashboard.lock", "dashboard.lock_attempt", "dashboard.draft", "dashboard.dismissal"),
        *("dashboard.flag_response", "dashboard.class_target"),
        *("dashboard.attention_change", "dashboard.holiday"),
    ],
)
def test_row_level_security_that_is_off_is_found_with_its_table(
    school: Scratch, table: str
) -> None:
    with school.owner() as connection:
        connection.execute(f"alter table {table} disable row level security".encode())
        found = checked(school)
        assert [one.code for one in found] == ["rls_off"]
        cure = found[0].message.split("Run: ")[1]
        connection.execute(cure.encode())  # what it says to do helps
    assert checked(school) == []


def test_a_missing_policy_is_found_by_name(school: Scratch) -> None:
    with school.owner() as connection:
        connection.execute("drop policy people_see_their_drafts on dashboard.draft")
    (found,) = checked(school)
    assert found.code == "policy"
    assert found.message == (
        "The policy people_see_their_drafts on dashboard.draft is missing. Run: python -m data migrate"
    )


LOOSENED = {
    "alter policy people_see_their_drafts on dashboard.draft using (true)": "policy",
    "alter policy people_see_their_drafts on dashboard.draft to public": "policy",
    "alter policy people_see_their_drafts on dashboard.draft to progress_owner": "policy",
    "create policy everybody on dashboard.fact for select using (true)": "policy",
    "create policy fewer on dashboard.fact as restrictive for select to dashboard_person "
    "using (false)": "policy",
    "grant select on school.student to dashboard_person": "grant",
    "grant update on public.student_module_progress to dashboard_person": "grant",
    "grant select (before) on dashboard.history to public": "grant",
    "grant update (progress_details) on public.student_module_progress to dashboard_guest": "grant",
    "grant execute on function internal.author() to dashboard_person": "grant",
    "grant create on schema dashboard to dashboard_guest": "grant",
    "grant select on roster.student to dashboard_person with grant option": "grant",
    "revoke select on roster.student from dashboard_person": "grant",
    "revoke insert (score) on public.student_module_progress from dashboard_person": "grant",
    "alter table public.student_module_progress disable trigger history_of_updates": "trigger",
    "alter table public.student_module_progress force row level security": "rls_forced",
    "drop trigger history_is_append_only on dashboard.history": "trigger",
    "create or replace function internal.my_students() returns setof uuid language sql stable "
    "security definer set search_path = '' as 'select id from school.student'": "function",
    "alter function internal.me() reset search_path": "function",
    "alter view roster.student set (security_barrier = false)": "view",
    "alter table dashboard.draft alter person_id drop default": "default",
    # A right of a role that people may become, or have the rights of, is theirs.
    "create role reporting; grant reporting to dashboard_person; "
    "grant select on school.student to reporting": "grant",
    "create role reporting; grant reporting to dashboard_guest; "
    "create policy reports on dashboard.fact to reporting using (true)": "policy",
    "create rule r as on insert to dashboard.note do instead nothing": "rule",
    "create rule r as on update to public.student_module_progress do also nothing": "rule",
    "alter table dashboard.note drop constraint note_is_revised_by_its_author": "constraint",
    "alter table dashboard.note drop constraint note_length, "
    "add constraint note_length check (true)": "constraint",
    "alter table public.student_module_progress "
    "drop constraint student_module_progress_progress_percentage_check": "constraint",
    "drop index internal.claims_key_present": "index",
    "drop index internal.claims_key_present; "
    "create index claims_key_present on internal.claims_key (id)": "index",
    # What only this program writes, and what people keep.
    "create trigger mine before insert on dashboard.history for each row "
    "execute function suppress_redundant_updates_trigger()": "trigger",
    "create trigger zzz before update on public.student_module_progress for each row "
    "execute function suppress_redundant_updates_trigger()": "trigger",
}

OF_THE_SCHOOLS_OWN = [
    "create role reporting; grant select on public.student_module_progress, dashboard.fact to reporting",
    "create role reporting; grant usage on schema roster to reporting; "
    "grant select on roster.student to reporting",
    "create role reporting; create policy reports on public.student_module_progress to reporting using (true)",
    "create role reporting; create policy none on public.student_module_progress as restrictive "
    "to reporting using (false)",
    "create role reporting; grant dashboard_person to reporting",
    "alter table public.modules enable row level security",
    "alter table public.student_module_progress add constraint theirs check (score < 1000)",
    "create unique index theirs on auth.users (email)",
    *(
        f"create trigger theirs before update on {table} for each row "
        "execute function suppress_redundant_updates_trigger()"
        for table in ("public.student_module_progress", "auth.users", "school.student")
    ),
    "create trigger zzz after update on public.student_module_progress for each row "
    "execute function suppress_redundant_updates_trigger()",
]


@pytest.fixture
def undone(school: Scratch) -> Iterator[Callable[..., list[Fault]]]:
    """What the app's login finds after some statements of the owner's, which are never committed."""
    root = school.owner_url.replace("progress_owner@", "postgres@")
    engine = create_engine(make_url(root).set(drivername="postgresql+psycopg"))

    def found(*statements: str) -> list[Fault]:
        with engine.connect() as connection:
            connection.exec_driver_sql("set local session authorization progress_owner")
            for statement in statements:
                if statement == "python -m data migrate":
                    schema.put_in_force(connection)
                else:
                    connection.exec_driver_sql(statement)
            connection.exec_driver_sql("set local session authorization progress_app")
            return drift_faults(connection)

    yield found
    engine.dispose()


def test_whatever_is_loosened_is_found_with_its_name(
    school: Scratch, undone: Callable[..., list[Fault]]
) -> None:
    for statement, code in LOOSENED.items():
        found = undone(statement)
        assert [one.code for one in found] == [code], statement
        assert any(word in statement for word in found[0].message.split()), found
        _, runs, cure = found[0].message.partition("Run: ")
        if runs:  # what it says to do helps
            assert undone(statement, cure.partition("; or ")[0]) == [], statement
    assert checked(school) == []


def test_what_a_school_does_for_roles_and_programs_of_its_own_is_its_own(
    undone: Callable[..., list[Fault]],
) -> None:
    for statement in OF_THE_SCHOOLS_OWN:
        assert undone(statement) == [], statement


def test_a_further_policy_is_told_with_two_ways_out(undone: Callable[..., list[Fault]]) -> None:
    further = "create policy everybody on dashboard.fact for select using (true)"
    (found,) = undone(f"create role reporting; {further}")
    drop, limit = found.message.split("Run: ")[1].split("; or limit it to roles of your own: ")
    assert undone(f"create role reporting; {further}", drop) == []
    assert undone(f"create role reporting; {further}", limit.replace("ROLE", "reporting")) == []


def test_a_right_of_the_login_itself_is_found(school: Scratch) -> None:
    with school.owner() as connection:
        connection.execute("grant select on school.student to progress_app")
        (found,) = checked(school)
        assert found.message == (
            "The role progress_app has a right that this program does not give: "
            "select on table school.student. "
            "Run: revoke select on table school.student from progress_app"
        )
        connection.execute(found.message.partition("Run: ")[2].encode())
    assert checked(school) == []


def test_what_the_migrations_make_is_written_down(school: Scratch) -> None:
    """Where it is not: python -m tests.rls --write."""
    engine = create_engine(make_url(school.app_url).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        found = schema_expected.digests(schema_expected.definitions(connection))
    engine.dispose()
    assert found == schema_expected.expected()


def test_a_login_that_may_make_temporary_tables_is_found(cluster: Cluster, school: Scratch) -> None:
    name = school.app_url.split("/")[3].split("?")[0]
    as_superuser(cluster, f"grant temporary on database {name} to public")
    assert codes(school.app_url) == ["temporary"]


def test_a_login_that_may_become_the_owner_is_found(cluster: Cluster, school: Scratch) -> None:
    with login(
        cluster, "noinherit", "grant dashboard_guest, dashboard_person, progress_owner to checked"
    ) as name:
        found = [one.code for one in checked(school, url_as(school, name))]
    # The owner of the tests makes roles and has other roles of its own.
    assert found == ["owner", "roles", "others"]


def test_a_database_that_was_never_migrated_is_found(cluster: Cluster) -> None:
    cluster.drop(cluster.new_database())
    _, app = cluster.empty_database()
    found = faults(app, None)
    assert [one.code for one in found] == ["revision"]
    assert found[0].message == ("The database was not prepared yet. Run: python -m data migrate")


@pytest.mark.parametrize(
    ("revision", "advice"),
    [
        ("0003_access", "trial version from before the first release"),
        ("0026_asked_once", "python -m data migrate"),
        ("9999_x", "newer"),
    ],
)
def test_an_older_and_a_newer_schema_are_told_apart(
    school: Scratch, revision: str, advice: str
) -> None:
    with school.owner() as connection:
        connection.execute(
            "update dashboard_migrations.alembic_version set version_num = %s, serves_since = '9999'",
            (revision,),
        )
    found = checked(school)
    assert [one.code for one in found] == ["revision"]
    assert revision in found[0].message
    assert advice in found[0].message


def test_a_pooler_that_swallows_what_is_told_is_worth_knowing(
    cluster: Cluster, school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doctor.examine(school.app_url, None, school.key) == doctor.Checkup([])
    monkeypatch.setattr(doctor, "HEARD_WITHIN", 0.1)
    with pooler(cluster, school.app_url) as through:
        found = doctor.examine(through, None, school.key)
    assert (found.faults, [one.code for one in found.notes]) == ([], ["pooler"])


def test_several_faults_are_told_together(school: Scratch) -> None:
    with school.owner() as connection:
        connection.execute("alter table dashboard.fact disable row level security")
        connection.execute("drop policy people_see_their_students on dashboard.fact")
    assert codes(school.app_url) == ["policy", "rls_off"]


def test_nobody_there_is_told_in_words() -> None:
    with pytest.raises(DatabaseAway):
        faults("postgresql://u@/db?host=/nowhere", None)
