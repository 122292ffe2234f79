"""A school begins once, with an organisation and an administrator, and from then on its page adds the rest."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from data import demo
from data.access.errors import DatabaseNotReady, DataError
from data.access.session import Actor, acting_as
from data.access.sign_in import SignInAccount, SignInRefusal, sign_in
from data.database import founding
from data.database.founding import Founding, SignedInWith
from data.reading import people as reading
from data.roster.changes import added
from data.roster.reading.saves import last_roster_change, roster_save, roster_saves
from data.roster.save import save
from data.roster.undo import undo_changes
from tests.clusters import Cluster, Scratch
from tests.database.command_line import at, refused, run
from tests.database.rows_as_owner import ask

BROOK = Founding.typed("  Brook   School ", "Ada Brook", " ada@brook.example ")
LINK = SignedInWith("this-computer", "owner")


def founder(school: Scratch, person: UUID) -> Actor:
    nobody = Actor(person, "", "", database=school.database)
    with acting_as(nobody) as connection:
        found = reading.actor(connection, school.database)
    assert found is not None
    return found


def staff(school: Scratch) -> list[tuple[object, ...]]:
    found = ask(school, "select full_name, email, role from school.staff order by full_name")
    return [tuple(row.values()) for row in found]


def test_the_administrator_sees_and_manages_the_school_at_once(fresh_database: Scratch) -> None:
    ada = founder(fresh_database, founding.found(fresh_database.owner_url, BROOK, "form", LINK))
    assert (ada.full_name, ada.role) == ("Ada Brook", "admin")
    (organisation,) = ask(fresh_database, "select id, name from public.organisations")
    assert organisation["name"] == "Brook School"
    assert staff(fresh_database) == [("Ada Brook", "ada@brook.example", "admin")]
    pupil = added(
        "student", {"id": uuid4()}, organisation_id=organisation["id"], full_name="Ben Ash"
    )
    with acting_as(ada) as connection:
        founded = last_roster_change(connection)
    assert save(ada, [pupil], source="form").saved == 1
    with acting_as(ada) as connection:
        changed = last_roster_change(connection)
    assert founded
    assert changed
    assert changed > founded


def test_it_is_in_the_roster_history_as_the_founders_own_and_is_not_undone(
    fresh_database: Scratch,
) -> None:
    ada = founder(fresh_database, founding.found(fresh_database.owner_url, BROOK, "form"))
    with acting_as(ada) as connection:
        (batch,) = roster_saves(connection)
        changes = undo_changes(connection, batch.id)
        assert [one.relation for one in roster_save(connection, batch.id)] == [
            "organisation",
            "staff",
        ]
    assert (batch.author, batch.source, batch.reason, batch.rows) == (
        "Ada Brook",
        "form",
        "The first administrator",
        2,
    )
    outcome = save(ada, changes, source="undo", undoes=batch.id)
    assert outcome.problem is not None
    assert len(staff(fresh_database)) == 1


def test_the_audit_log_has_it_by_id_alone(
    fresh_database: Scratch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "progress.audit")
    person = founding.found(fresh_database.owner_url, BROOK, "command line")
    assert caplog.messages == [f"school founded by=owner source=command-line person={person}"]


def test_the_account_by_which_it_was_founded_signs_in(fresh_database: Scratch) -> None:
    came = SignInAccount(*LINK, "", False, 2e9, uuid4())
    assert sign_in(fresh_database.database, came, 12) is SignInRefusal.NO_EMAIL
    person = founding.found(fresh_database.owner_url, BROOK, "form", LINK)
    assert sign_in(fresh_database.database, came, 12) == person
    other = replace(came, subject="somebody", session=uuid4())
    assert sign_in(fresh_database.database, other, 12) is SignInRefusal.NO_EMAIL


def test_without_an_account_the_verified_e_mail_signs_in(fresh_database: Scratch) -> None:
    person = founding.found(fresh_database.owner_url, BROOK, "command line")
    came = SignInAccount("https://sso.example.org", "7", "ADA@brook.example", False, 2e9, uuid4())
    assert sign_in(fresh_database.database, came, 12) is SignInRefusal.UNVERIFIED
    verified = replace(came, is_verified=True, session=uuid4())
    assert sign_in(fresh_database.database, verified, 12) == person


def test_a_school_is_founded_once_also_by_two_at_the_same_moment(fresh_database: Scratch) -> None:
    def found(number: int) -> str:
        school = replace(BROOK, email=f"{number}@brook.example")
        try:
            founding.found(
                fresh_database.owner_url, school, "form", SignedInWith("here", str(number))
            )
        except DataError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(4) as together:
        assert sorted(together.map(found, range(4))) == ["", *[founding.LATER] * 3]
    assert len(staff(fresh_database)) == 1
    assert len(ask(fresh_database, "select id from public.organisations")) == 1
    assert len(ask(fresh_database, "select subject from dashboard.identity")) == 1


@pytest.mark.parametrize(
    ("school", "named"),
    [
        (replace(BROOK, organisation=""), "The name is missing"),
        (replace(BROOK, full_name=""), "The name is missing"),
        (replace(BROOK, full_name="A" * 201), "too long"),
        (replace(BROOK, full_name="Ada\u202eBrook"), "cannot be seen"),
        (replace(BROOK, email=""), "e-mail address is missing"),
        (replace(BROOK, email="ada"), "not an e-mail address"),
        (replace(BROOK, email="ada@brook.example, eve@evil.example"), "not an e-mail address"),
    ],
)
def test_what_is_wrong_is_said_in_words(school: Founding, named: str) -> None:
    (fault,) = school.faults
    assert re.search(named, fault.message)
    with pytest.raises(DataError, match=named):
        founding.found("postgresql://127.0.0.1:1/nowhere", school, "form")


def test_demo_people_do_not_come_into_a_school_that_was_founded(fresh_database: Scratch) -> None:
    founding.found(fresh_database.owner_url, BROOK, "form")
    with pytest.raises(DataError, match="already holds people"):
        demo.load(fresh_database.owner_url, lambda said: None, mark=True)
    assert len(staff(fresh_database)) == 1


# --- python -m data init ---

OPTIONS = ("--organisation", "Brook School", "--admin", "ada@brook.example", "--name", "Ada Brook")


def test_init_makes_the_first_administrator_and_no_second(fresh_database: Scratch) -> None:
    made = run("init", *OPTIONS, **at(fresh_database))
    assert (made.exit_code, staff(fresh_database)) == (
        0,
        [("Ada Brook", "ada@brook.example", "admin")],
    )
    assert made.stdout.startswith("Ada Brook is the administrator of Brook School, signs in with")
    again = run("init", *OPTIONS[:3], "eve@brook.example", *OPTIONS[4:], **at(fresh_database))
    assert refused(again, "There is an administrator already", "on the page School")
    assert len(staff(fresh_database)) == 1


def test_init_refuses_an_address_that_somebody_has(fresh_database: Scratch) -> None:
    with fresh_database.owner() as owner:
        owner.execute("insert into public.organisations (name) values ('Old')")
        owner.execute(
            "insert into school.staff (id, organisation_id, full_name, email, role) "
            "select gen_random_uuid(), id, 'Tess', 'ADA@brook.example', 'teacher' from public.organisations"
        )
    assert refused(
        run("init", *OPTIONS, **at(fresh_database)), "has the e-mail ada@brook.example already"
    )
    assert len(staff(fresh_database)) == 1


def test_init_refuses_what_is_no_e_mail(fresh_database: Scratch) -> None:
    done = run("init", *OPTIONS[:3], "ada at brook", *OPTIONS[4:], **at(fresh_database))
    assert refused(done, "This is not an e-mail address")
    assert staff(fresh_database) == []


def test_init_refuses_a_database_that_was_not_migrated(cluster: Cluster) -> None:
    owner_url, app_url = cluster.empty_database()
    done = run("init", *OPTIONS, DATABASE_URL=app_url, DATABASE_OWNER_URL=owner_url)
    assert refused(done, "Run: python -m data migrate")


def test_init_refuses_a_database_that_is_behind(fresh_database: Scratch) -> None:
    with fresh_database.owner() as owner:
        owner.execute("update dashboard_migrations.alembic_version set version_num = '0026'")
    with pytest.raises(DatabaseNotReady, match="python -m data migrate"):
        founding.found(fresh_database.owner_url, BROOK, "form")


def test_init_is_the_owners_alone(fresh_database: Scratch) -> None:
    login = {"DATABASE_URL": fresh_database.app_url, "DATABASE_OWNER_URL": fresh_database.app_url}
    assert refused(run("init", *OPTIONS, **login), "must name the user to whom the tables belong")
    assert refused(
        run("init", *OPTIONS, DATABASE_URL=fresh_database.app_url), "DATABASE_OWNER_URL is not set"
    )
    assert staff(fresh_database) == []
