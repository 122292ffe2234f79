"""Adapters: what the shipped ones give, and what is said of a file that is wrong."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Integer, Text, Uuid, text

from data.access.errors import DataError
from data.access.owner import as_owner
from data.database.attaching.adapter import CONTRACT, SHIPPED, fitted, folded_word, read
from data.database.attaching.adapter_checks import wrong_with
from data.database.attaching.reporting.people import of_people
from data.tables import ROSTER
from tests.database.attached.host import CLIENT, STAFF, STUDENT, Host, id_of


def rows(host: Host, relation: str) -> list[dict[str, Any]]:
    """What the host's adapter gives, as the owner reads it."""
    with host.owner() as owner:
        cursor = owner.execute(read(host.adapter).select(relation).encode())
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def edited(folder: Path, shape: str, before: str, after: str) -> Path:
    """A copy of a shipped adapter in which one thing is written otherwise."""
    written = (SHIPPED / f"{shape}.sql").read_text(encoding="utf-8")
    assert before in written
    copy = folder / "edited.sql"
    copy.write_text(written.replace(before, after, 1), encoding="utf-8")
    return copy


def test_the_contract_is_what_the_roster_is_read_as() -> None:
    types = {Uuid: "uuid", Text: "text", Boolean: "boolean", Integer: "integer"}
    known = {table.name: table.columns for table in ROSTER}
    assert known.keys() == CONTRACT.keys()
    for relation, columns in CONTRACT.items():
        for column in columns.keys() & known[relation].keys():
            assert types[type(known[relation][column].type)] == columns[column], (relation, column)


def test_a_shipped_adapter_is_right_and_gives_the_same_each_time(host: Host) -> None:
    with as_owner(host.owner_url) as connection:
        assert wrong_with(connection, read(host.adapter)) == []
    for relation in CONTRACT:
        assert sorted(map(str, rows(host, relation))) == sorted(map(str, rows(host, relation)))


def test_a_class_is_an_institutions_students_on_a_product(shared_platform: Host) -> None:
    """Asked again, student by student, from the tables as they are."""
    with shared_platform.owner() as owner:
        asked = owner.execute("""
            select students.id, client_id, array(
                select product_id from client_product_assignments as all_of
                where all_of.client_id = students.client_id
            ) || array(
                select product_id from student_product_assignments as own where own.student_id = students.id
            )
            from students
            join clients on clients.id = client_id
            where students.is_active and clients.is_active
        """).fetchall()
        names = dict(owner.execute("select id, name from products").fetchall())
    expected = {
        (str(s), str(client), names[one]) for s, client, products in asked for one in products
    }
    classes = {one["id"]: one for one in rows(shared_platform, "class")}
    found = [
        (str(one["student_id"]), str(it["organisation_id"]), it["name"])
        for one in rows(shared_platform, "class_student")
        for it in [classes[one["class_id"]]]
    ]
    assert sorted(found) == sorted(expected)
    assert (str(id_of(STUDENT, 3)), str(id_of(CLIENT, 1)), "Interview skills") in found
    assert (str(id_of(STUDENT, 4)), str(id_of(CLIENT, 1)), "Interview skills") not in found


def test_a_module_is_in_each_product_once_however_often_it_is_assigned(
    shared_platform: Host,
) -> None:
    classes = {
        one["id"]: (one["organisation_id"], one["name"]) for one in rows(shared_platform, "class")
    }
    modules: dict[Any, list[int]] = {}
    for one in sorted(rows(shared_platform, "class_module"), key=lambda row: row["position"]):
        modules.setdefault(classes[one["class_id"]], []).append(int(str(one["module_id"])[-12:]))
    north = id_of(CLIENT, 1)
    assert modules[north, "Mathematics"] == [1, 2, 3, 4, 5, 6, 7, 9, 10, 22, 8]
    assert modules[north, "English"] == [3, 11, 12, 13, 14, 15, 17, 18, 22, 16]
    assert (id_of(CLIENT, 2), "Nothing yet") not in modules


def test_only_staff_who_may_sign_in_to_the_platform_are_active(shared_platform: Host) -> None:
    active = {one["id"] for one in rows(shared_platform, "staff") if one["is_active"]}
    numbers = {1, 3, 4, 5, 6, 7, 9, 10, 11, 12, 18, 19, 21}
    # Not: inactive, of no client, suspended, banned, deleted, not confirmed, of a closed client.
    assert active == {id_of(STUDENT, 5), *(id_of(STAFF, number) for number in numbers)}
    assert folded_word("  CLIENT_Staff ") == "client staff"


WRONG_TEXTS = [
    ("-- relation: class_teacher\n", "", "section class_teacher is missing"),
    ("-- relation: class_teacher\n", "-- relation: teacher\n", "section teacher is not known"),
    ("-- relation: lesson\n", "-- relation: module\n", "section module is there 2 times"),
    ("select id, name::text as name\n", "select *\n", "reads every column"),
    ("select id, name::text as name\n", "select clients.*\n", "reads every column"),
    ("students.student_id::text", "students.temporary_password", "names temporary_password"),
    ("students.student_id::text", 'students."accessToken"', "names accessToken"),
    ("select id, name::text as name\n", "delete\n", "section organisation is no SELECT"),
]


@pytest.mark.parametrize(("before", "after", "said"), WRONG_TEXTS)
def test_a_wrong_file_is_told_without_a_database(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        read(str(edited(tmp_path, "institutions", before, after)))


def test_what_is_in_comments_and_texts_is_not_read(tmp_path: Path) -> None:
    harmless = "select id, name || ' *, password' as name -- select *, not the token\n"
    read(str(edited(tmp_path, "institutions", "select id, name::text as name\n", harmless)))
    read(
        str(
            edited(
                tmp_path,
                "institutions",
                "nullif(btrim(students.student_id::text), '')",
                "secretary_id",
            )
        )
    )


def test_an_adapter_that_is_not_there_says_which_are() -> None:
    with pytest.raises(DataError, match="There is no adapter nowhere: classes and institutions"):
        read("nowhere")


ORGANISATION = "select id, name::text as name\n"
WRONG = [
    (
        ORGANISATION,
        "select id, id as name\n",
        "name is uuid and must be text. Write it as (…)::text as name",
    ),
    (ORGANISATION, "select id\n", "organisation lacks the column name (text)"),
    (
        ORGANISATION,
        "select id, name, false as is_active\n",
        "gives a column is_active, which nothing reads",
    ),
    (ORGANISATION, "select id, name, name\n", "gives name more than once"),
    (ORGANISATION, "select id, name into public.copied\n", "gives no columns"),
    (
        ORGANISATION,
        "select null::uuid as id, name\n",
        "organisation 5 rows have no id. Leave them out",
    ),
    (
        "from public.clients\n",
        "from public.clients cross join generate_series(1, 2)\n",
        "5 rows have the id of another",
    ),
    ("select md5(students", "select all md5(students", ""),
    (
        "    union\n    select student_id, product_id\n",
        "    union all\n    select student_id, product_id\n",
        "class_id and student_id of another",
    ),
    (
        "from public.clients\n",
        "from public.customers\n",
        'reads a table that is not there (relation "public.customers"',
    ),
    ("from public.clients\n", "from crm.clients\n", "reads a table that is not there"),
    (
        ORGANISATION,
        "select id, title as name\n",
        'reads a column that is not there (column "title" does not exist, near “select id, title as name”)',
    ),
    (
        ORGANISATION,
        "select id, initials(name) as name\n",
        "asks a function or operator that is not there",
    ),
    (ORGANISATION, "select id name::text as name\n", "cannot be read as one SELECT (syntax error"),
    (
        "from public.clients\n",
        "from public.clients; drop table public.lessons\n",
        "cannot be read as one SELECT",
    ),
    (
        ORGANISATION,
        "with gone as (delete from public.lessons returning id) select id, name\n",
        "must be one SELECT that changes nothing",
    ),
    (
        "from public.clients\n",
        "from public.clients for update\n",
        "must be one SELECT that changes nothing",
    ),
    (
        "from public.clients\n",
        "from public.clients where id = $1\n",
        "must be one SELECT without parameters",
    ),
    ("from public.clients\n", "from internals.clients\n", "reads what this user may not read"),
]


SHUT = """
create schema internals authorization supabase_auth_admin;
create table internals.clients (id uuid, name text);
grant usage on schema internals to host_owner;
revoke pg_read_all_data from host_owner;
"""


@pytest.mark.parametrize(("before", "after", "said"), WRONG)
def test_a_wrong_section_is_told_by_what_to_do(
    shared_platform: Host, tmp_path: Path, before: str, after: str, said: str
) -> None:
    adapter = read(str(edited(tmp_path, "institutions", before, after)))
    with shared_platform.otherwise(SHUT) as connection:
        sentences = [one.sentence for one in wrong_with(connection, adapter)]
        assert connection.scalar(text("select count(*) from lessons")) == 36
    assert len(sentences) == bool(said)
    assert said in "".join(sentences)


def test_a_table_of_which_a_policy_hides_rows_is_no_source(shared_platform: Host) -> None:
    """Else whoever is hidden would seem to have left the school."""
    bound = "alter role host_owner nobypassrls; alter table students force row level security"
    with shared_platform.otherwise(bound) as connection:
        told = [one.sentence for one in wrong_with(connection, read("institutions"))]
    assert [one.split(" reads ")[0].split()[-1] for one in told] == [
        "student",
        "staff",
        "class",
        "class_student",
        "class_module",
    ]
    assert 'affected by row-level security policy for table "students"' in told[0]
    assert 'affected by row-level security policy for table "users"' in told[1]


def test_whatever_a_section_is_written_with_is_asked_as_it_is(
    shared_platform: Host, tmp_path: Path
) -> None:
    written = "select id, '{} %s' || chr(37) || '{\"a\": 1}' as name -- 100 % of $1\n"
    adapter = read(str(edited(tmp_path, "institutions", ORGANISATION, written)))
    with shared_platform.otherwise() as connection:
        assert wrong_with(connection, adapter) == []
        assert list(of_people(connection, adapter, {}))


def test_the_other_hosts_adapter_is_refused_by_its_tables(classes_host: Host) -> None:
    with as_owner(classes_host.owner_url) as connection:
        sentences = [one.sentence for one in wrong_with(connection, read("institutions"))]
    assert len(sentences) > 5
    assert "The section organisation reads a table that is not there" in sentences[0]
    assert "public.clients" in sentences[0]


OPTIONAL = """
drop table public.module_product_assignments, public.student_product_assignments, public.lessons cascade;
alter table public.students drop column student_id cascade;
alter table public.profiles drop column status cascade;
alter table auth.users drop column email_confirmed_at, drop column deleted_at, drop column banned_until;
"""


def test_what_not_every_platform_has_is_left_out_and_named(platform: Host) -> None:
    written = read(platform.adapter)
    with as_owner(platform.owner_url) as connection:
        assert fitted(connection, written).without == ()
        assert wrong_with(connection, fitted(connection, written)) == []
    with platform.otherwise(OPTIONAL) as connection:
        bare = fitted(connection, written)
        assert set(bare.without) == {
            *("public.module_product_assignments", "public.student_product_assignments"),
            *("public.lessons", "public.students.student_id", "public.profiles.status"),
            *(
                f"auth.users.{column}"
                for column in ("email_confirmed_at", "deleted_at", "banned_until")
            ),
        }
        assert wrong_with(connection, bare) == []
        assert wrong_with(connection, written) != []
        given = {
            relation: connection.execute(text(bare.select(relation).replace(":", r"\:"))).all()
            for relation in CONTRACT
        }
        assert given["lesson"] == []
        assert {row.number for row in given["student"]} == {None}
        assert all(len(given[relation]) > 3 for relation in ("staff", "class", "class_module"))
