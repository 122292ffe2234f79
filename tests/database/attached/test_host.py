"""The hosts of these tests are what was seen: else nothing that is proved on them holds elsewhere."""

import psycopg
import pytest

from tests.database.attached.host import MODULE, STUDENT, Host, id_of, upsert_as_student


def test_the_platforms_owner_is_no_superuser_and_the_schema_auth_is_another_s(
    platform: Host,
) -> None:
    with platform.owner() as owner:
        assert owner.execute(
            "select rolsuper, rolcreaterole, rolbypassrls from pg_roles where rolname = current_user"
        ).fetchone() == (False, True, True)
        assert owner.execute("select count(email) from auth.users").fetchone() == (139,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("create table auth.ours ()")
        owner.execute("create role guest_of_ours")
        with owner.transaction(force_rollback=True):
            owner.execute(
                "grant usage on schema auth to guest_of_ours"
            )  # a warning, and nothing is granted
            assert owner.execute(
                "select has_schema_privilege('guest_of_ours', 'auth', 'usage')"
            ).fetchone() == (False,)
        owner.execute("drop role guest_of_ours")


def test_whatever_is_made_in_public_is_everybody_s(platform: Host) -> None:
    with platform.owner() as owner:
        owner.execute("create view public.opened as select * from public.student_module_progress")
        owner.execute("set role anon")
        assert owner.execute("select count(*) > 500 from public.opened").fetchone() == (True,)


def test_the_platform_writes_as_its_students(platform: Host) -> None:
    own = id_of(STUDENT, 7), id_of(MODULE, 5)
    with psycopg.connect(platform.platform_url, autocommit=True) as writer:
        upsert_as_student(writer, *own, "Completed", 100)
        claim = "select set_config('request.jwt.claim.sub', %s, false)"  # the older setting wins
        writer.execute(claim, (str(id_of(STUDENT, 8)),))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            upsert_as_student(writer, *own, "InProgress", 50)
    with platform.owner() as owner:
        assert owner.execute(
            "select status::text, course_completed_at is not null from student_module_progress "
            "where student_id = %s and module_id = %s",
            own,
        ).fetchone() == ("Completed", True)


ODD_ROWS = [
    "status = 'Completed' and completed_at is null and progress_percentage = 100",
    "status = 'Completed' and progress_percentage = 55 and score = 55",
    "status = 'Completed' and progress_details @> '{\"passed\": false}'",
    "status = 'Completed' and score is null and progress_percentage is null",
    "status = 'InProgress' and progress_percentage = 0",
    "status = 'InProgress' and progress_percentage = 100",
    "status = 'InProgress' and progress_percentage is null",
    "status = 'NotStarted' and progress_details ? 'project_title'",
    "status = 'InProgress' and completed_at is not null",
    "status = 'Completed' and completed_at > last_updated + interval '900 years'",
    "scale(score) = 16",
    "score > 100",
    "jsonb_typeof(progress_details) <> 'object'",
    "progress_details::text like '%2026-04-01T10:00:00Z%' and last_updated < '2026-04-01'",
    "progress_details::text like '%\"attempts\": 3%'",
    "status = 'Paused'",
    "student_id not in (select id from students)",
    "module_id::text like 'a0%0023'",
]


def test_its_rows_are_as_they_really_are(platform: Host) -> None:
    with platform.owner() as owner:
        found = owner.execute(
            "select count(*), count(distinct student_id) from student_module_progress"
        )
        assert found.fetchone() == (1310, 118)
        for odd in ODD_ROWS:
            counted = f"select count(*) from student_module_progress where {odd}"
            assert owner.execute(counted.encode()).fetchone() != (0,), odd
        assert owner.execute("select count(*) from students").fetchone() == (121,)


def test_it_can_be_as_large_as_a_large_school(platform: Host) -> None:
    platform.grow(20_000)
    with platform.owner() as owner:
        assert owner.execute(
            "select count(*), count(distinct student_id) from student_module_progress "
            "join auth.users on users.id = student_id join modules on modules.id = module_id "
            "where right(student_id::text, 12)::bigint > 1000"
        ).fetchone() == (20_000, 400)


def test_a_plain_host_has_neither_a_schema_auth_nor_roles_of_a_web_interface(
    classes_host: Host,
) -> None:
    with classes_host.owner() as owner:
        assert owner.execute("select to_regnamespace('auth'), to_regrole('anon')").fetchone() == (
            None,
            None,
        )
        assert owner.execute(
            "select rolsuper, rolbypassrls from pg_roles where rolname = current_user"
        ).fetchone() == (False, False)
        assert owner.execute("select count(*) from student_module_progress").fetchone() == (135,)
