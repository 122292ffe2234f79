"""Every page over a school’s own platform: it draws, and offers nothing that is the platform’s."""

import io
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from dashboard import reads
from dashboard.pages import PAGES
from dashboard.reports import job as report_job
from dashboard.signin import gate
from dashboard.signin.demo_allowed import SignInKind
from dashboard.signin.opening import SharedDatabase
from dashboard.views.classroom import cell_panel
from data import demo
from data.access import sign_in
from data.access.errors import DataError
from data.access.session import Actor, acting_as
from data.access.sign_in import SignInAccount, SignInRefusal
from data.command_line.retention import retention
from data.command_line.roster import change_roster
from data.database.founding import Founding, found
from data.reading.attachment import THE_PLATFORMS, attachment
from data.reading.classes.overview import options, overview
from data.reading.people import actor
from data.roster.changes import RosterChange
from data.roster.refresh import read_again
from data.roster.save import save
from data.rules.progress import Field
from data.settings import read_settings
from tests.database.attached.attaching import asked, attached
from tests.database.attached.host import CLIENT, MODULE, STAFF, STUDENT, Host, id_of
from tests.views.conftest import (  # noqa: F401 (fixtures)
    APP,
    mounted,
    no_cookies,
    packages_looked_through_once,
    press,
    words,
)
from tests.views.edit_form import type_into
from tests.views.test_help_page import OF_A_PLATFORM, TITLES

PEOPLE = {
    "admin": id_of(STAFF, 1),
    "coordinator": id_of(STAFF, 20),
    "teacher": id_of(STAFF, 6),
    "viewer": id_of(STAFF, 9),
}
CELL = id_of(STUDENT, 7), id_of(MODULE, 1)
THEIR_CLASS = "select md5(%s::text || %s::text)::uuid"
WRITTEN_THERE = (
    "update public.student_module_progress set {} where student_id = %s and module_id = %s"
)
AT_40 = (
    "insert into public.student_module_progress (student_id, module_id, status, progress_percentage) "
    "values (%s, %s, 'InProgress', 40) on conflict (student_id, module_id) do update "
    "set status = 'InProgress', progress_percentage = 40, score = null, completed_at = null"
)
ROW = (
    "select status::text, progress_percentage, score::text "
    "from public.student_module_progress where student_id = %s and module_id = %s"
)

Opened = Callable[..., AppTest]


@pytest.fixture(scope="module")
def school(shared_platform: Host) -> Iterator[SimpleNamespace]:
    """The platform, attached. It has words for a coordinator and a teacher, too; student 7 is at 40 %."""
    for role in ("coordinator", "teacher"):
        called = "update public.profiles set role = %s, client_id = %s where id = %s"
        asked(shared_platform, called, role, id_of(CLIENT, 1), PEOPLE[role])
    asked(shared_platform, AT_40, *CELL)
    database = attached(shared_platform)
    ((a_class,),) = asked(
        shared_platform,
        "select md5(client_id::text || product_id::text)::uuid from public.students "
        "join public.modules on modules.id = %s where students.id = %s",
        CELL[1],
        CELL[0],
    )
    yield SimpleNamespace(host=shared_platform, database=database, a_class=a_class)
    database.engine.dispose()


@pytest.fixture
def open_as(school: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """`open_as("admin", "classroom", student=…)`: that page as somebody of this role, after its first run."""

    def opened(role: str, page: str = "overview", **parameters: object) -> AppTest:
        shared = SharedDatabase(school.database, SignInKind.DEMO)
        monkeypatch.setattr(gate, "opened", lambda: shared)
        visit = lambda kind, database: reads.begin(database, PEOPLE[role])  # noqa: E731
        monkeypatch.setattr(gate, "_visit_of", visit)
        test = AppTest.from_file(APP, default_timeout=60)
        if page != "overview":
            test._page_hash = calc_hash(page)
        for name, value in parameters.items():
            test.query_params[name] = str(value)
        return test.run()

    return opened


def ways(test: AppTest) -> list[str]:
    return [f"{one.proto.page}?{one.proto.query_string}" for one in test.get("page_link")]


def everything(test: AppTest) -> str:
    return "\n".join((words(test), mounted(test), *ways(test)))


@pytest.mark.parametrize("role", PEOPLE)
def test_every_page_draws_for_everybody_who_may_open_it(
    open_as: Opened, school: SimpleNamespace, role: str
) -> None:
    asks = {"classroom": {"class": school.a_class}, "student": {"student": CELL[0]}}
    for page in PAGES:
        for asked_for in ({}, asks.get(page.name, {})):
            test = open_as(role, page.name, **asked_for)
            assert not test.exception, page
            told = everything(test)
            assert "<h1" in told or asked_for
            assert not [said for said in ("went wrong", "The database is") if said in words(test)]
            assert "school?show=students" not in told
            assert "merge=" not in told


def test_classes_of_organisations_of_one_name_are_told_apart(school: SimpleNamespace) -> None:
    """A list chooses by what it says."""
    admin = Actor(PEOPLE["admin"], "", "admin", database=school.database)
    with acting_as(admin) as connection:
        names = list(options(connection, None).classes.values())
        assert [one.name for one in overview(connection)] == names
    assert len({*names}) == len(names)
    assert {"English", "English (2)"} <= {*names}


def test_the_guide_leaves_out_what_is_entered_on_the_platform(open_as: Opened) -> None:
    titles = [one.value for one in open_as("admin", "help").header]
    assert OF_A_PLATFORM in titles
    assert sorted(set(TITLES) - set(titles)) == [
        "Begin with an empty school",
        "Look after your school",
        "Take people and classes from a file",
    ]


def test_what_is_new_is_entered_on_the_platform_and_no_page_offers_it(open_as: Opened) -> None:
    told = everything(open_as("admin", "school"))
    assert "People, classes and modules are the platform" in told
    assert "adapter institutions" in told
    for reason in (
        "Staff with the e-mail of another",
        "Staff with a role nobody set: mentor",
        "Staff without a role",
        "Student without an organisation",
    ):
        assert reason in told
    for section in ("students", "classes", "modules", "staff", "file", "changes"):
        assert f"show={section}" not in told
        asked_for = open_as("admin", "school", show=section)
        assert not asked_for.exception
        assert "People, classes and modules are the platform" in words(asked_for)
        assert "roster_" not in " ".join(one.key or "" for one in asked_for.button)
    assert "show=data-protection" in told
    coordinators = open_as("coordinator", "school")
    assert "show=data-protection" not in everything(coordinators)
    assert "Read it again now" not in [one.label for one in coordinators.button]
    empty = open_as("teacher")
    assert "You have no classes yet. People, classes and modules are the platform" in words(empty)
    assert not [way for way in ways(empty) if "school" in way]


def test_a_class_of_the_platforms_has_a_target_too(
    open_as: Opened, school: SimpleNamespace
) -> None:
    def opened(role: str) -> AppTest:
        test = open_as(role, "classroom", **{"class": school.a_class})
        test.session_state["filters_panel"] = "Target"
        return test.run()

    test = opened("coordinator")
    ((day,),) = asked(school.host, "select (now() at time zone 'UTC')::date + 20")
    next(one for one in test.date_input if (one.key or "").startswith("target_")).set_value(day)
    press(test, "Set target")
    assert "The target is set." in words(test)
    for role in ("admin", "coordinator", "viewer"):
        assert "Target: 80 % by" in words(opened(role)), role
        assert "of 80 % by" in mounted(open_as(role)), role
    assert not opened("viewer").number_input
    press(opened("coordinator"), "Remove target")
    assert "Target: 80 % by" not in words(opened("admin"))


def test_an_administrator_has_the_roster_read_again(
    open_as: Opened, school: SimpleNamespace
) -> None:
    asked(
        school.host, "update public.students set full_name = 'Newly Named' where id = %s", CELL[0]
    )
    test = open_as("admin", "school")
    press(test, "Read it again now")
    assert "Read again." in words(test)
    name = "select full_name from school.student where id = %s"
    assert asked(school.host, name, CELL[0]) == [("Newly Named",)]
    author = "select author_id from dashboard.roster_change order by id desc limit 1"
    assert asked(school.host, author) == [(None,)]

    asked(school.host, "alter table public.clients rename column name to title")
    press(test, "Read it again now")
    told = words(test)
    assert "The database said: column" in told
    assert told.count("does not exist") == 1
    assert "python -m data check" in told
    for role in ("coordinator", "viewer"):
        overview = words(open_as(role))
        assert "they could not be read again since" in overview
        assert "does not exist" not in everything(
            open_as(role, "school" if role != "viewer" else "history")
        )
    asked(school.host, "alter table public.clients rename column title to name")
    test = open_as("admin", "school")
    press(test, "Read it again now")
    assert "could not be read" not in words(test)
    assert "Names as of" in words(open_as("viewer"))


def test_names_that_nobody_has_read_for_long_are_said_to_be_old(
    open_as: Opened, school: SimpleNamespace
) -> None:
    asked(
        school.host, "update internal.attachment set refreshed_at = now() - interval '61 minutes'"
    )
    again = "They are read again as soon as somebody opens a class."
    assert again in words(open_as("viewer"))
    assert "Nobody had a class open since" in words(open_as("coordinator", "school"))
    asked(school.host, "update internal.attachment set refreshed_at = now()")
    assert again not in words(open_as("viewer"))


def test_only_an_administrator_has_it_read_again(school: SimpleNamespace) -> None:
    for role, person in PEOPLE.items():
        who = Actor(person, "", role, database=school.database)
        assert (read_again(who) is None) is (role == "admin")
        with acting_as(who) as connection:
            told = attachment(connection)
        assert told is not None
        assert bool(told.not_taken) is (role in ("admin", "coordinator"))


def test_nothing_is_told_from_before_it_was_known(open_as: Opened, school: SimpleNamespace) -> None:
    today = datetime.now(UTC).date()
    known = f"Known since {today:%-d %b %Y}"
    assert known in words(open_as("viewer", "history"))
    assert known in words(open_as("viewer", "student", student=CELL[0], show="timeline"))
    yesterday = open_as(
        "viewer", "classroom", day=today - timedelta(days=1), **{"class": school.a_class}
    )
    assert f"The history only begins on {today:%-d %B %Y}" in words(yesterday)
    overview = open_as("viewer")
    assert known in words(overview)
    assert " weeks." not in mounted(overview)
    asked(
        school.host, "update internal.attachment set known_since = known_since - interval '15 days'"
    )
    assert " in 2 weeks." in mounted(open_as("viewer"))
    asked(
        school.host, "update internal.attachment set known_since = known_since + interval '15 days'"
    )


def test_a_value_is_corrected_undone_and_locked(open_as: Opened, school: SimpleNamespace) -> None:
    of_cell = {"student": CELL[0], "module": CELL[1]}
    test = open_as("coordinator", "edit", **of_cell)
    type_into(test, "Percentage", "55")
    type_into(test, "Reason", "Paper worksheet")
    press(test, "Save")
    assert "Saved: percentage 40 % → 55 %" in words(test)
    assert asked(school.host, ROW, *CELL) == [("InProgress", 55, None)]

    panel = open_as("viewer", "classroom", **{"class": school.a_class})
    panel.session_state[cell_panel.OPEN] = cell_panel.CellId(*CELL)
    panel.run()
    assert "Percentage: 40 % \\\\u2192 55 %" in mounted(panel)
    assert "Known since" in words(panel)
    ((entry, batch),) = asked(
        school.host, "select id, batch_id from dashboard.history order by id desc limit 1"
    )
    earlier = open_as("coordinator", "history", entry=entry, **of_cell)
    assert any(
        "from before what is known" in label for one in earlier.selectbox for label in one.options
    )

    undoing = open_as("coordinator", "history", batch=batch, undo=1)
    press(undoing, "Undo 1 change")
    assert asked(school.host, ROW, *CELL) == [("InProgress", 40, None)]

    locking = open_as("coordinator", "edit", **of_cell)
    press(locking, "Lock a value here")
    locking.button_group[0].set_value([Field.STATUS]).run()
    type_into(locking, "Reason for locking", "Shown on paper")
    press(locking, "Lock this")
    assert "Locked." in words(locking)
    asked(
        school.host, WRITTEN_THERE.format("status = 'Completed', progress_percentage = 100"), *CELL
    )
    assert asked(school.host, ROW, *CELL) == [("InProgress", 40, None)]
    locking.run()
    press(locking, "Unlock")


def test_many_are_corrected_and_a_file_comes_in(open_as: Opened, school: SimpleNamespace) -> None:
    bulk = open_as("coordinator", "bulk", module=CELL[1], **{"class": school.a_class})
    bulk.multiselect(key="bulk_fields").set_value([Field.PERCENTAGE]).run()
    bulk.text_input(key=f"bulk_value_{Field.PERCENTAGE}").set_value("61").run()
    press(bulk, "Preview")
    assert not bulk.exception
    type_into(bulk, "Reason (needed: several rows change)", "Counted on paper")
    save_it = next(one.label for one in bulk.button if one.label.startswith("Save "))
    press(bulk, save_it)
    assert asked(school.host, ROW, *CELL)[0][1] == 61

    upload = open_as("coordinator", "upload")
    file = b"E-mail,Module,Percentage\nstudent7@example.org,Module 1,62\n"
    upload.file_uploader[0].set_value([("grades.csv", file, "text/csv")])
    upload.run()
    assert "1 change" in words(upload)
    next(one for one in upload.button if one.label.startswith("Preview")).click().run()
    press(upload, "Save 1 change")
    assert asked(school.host, ROW, *CELL)[0][1] == 62


def test_a_report_is_made(open_as: Opened) -> None:
    test = open_as("viewer", "student", student=CELL[0], show="report")
    test.button(key="report_make").click().run()
    job = test.session_state[report_job.JOB]
    assert job.ended.wait(60)
    assert "The file is ready." in words(test.run())
    assert PdfReader(io.BytesIO(job.report.content)).pages


def test_what_the_platform_has_is_not_erased_here_and_what_is_left_is(
    open_as: Opened, school: SimpleNamespace
) -> None:
    left = id_of(STUDENT, 50)  # who has not begun
    asked_for = {"show": "data-protection", "student": left}
    assert "The platform still has this student" in words(open_as("admin", "school", **asked_for))
    asked(school.host, "update public.students set is_active = false where id = %s", left)
    asked(school.host, "select internal.refresh_roster()")
    test = open_as("admin", "school", **asked_for)
    assert "would go" in words(test)
    periods = open_as("admin", "school", show="data-protection")
    assert [one.label.split()[0] for one in periods.number_input] == ["Notes", "Changes"]
    test.text_input[0].set_value("Student 50").run()
    press(test, "Erase for good")
    assert asked(school.host, "select count(*) from school.student where id = %s", left) == [(0,)]


def test_what_would_write_the_roster_refuses_in_words(school: SimpleNamespace) -> None:
    admin = Actor(PEOPLE["admin"], "", "admin", database=school.database)
    change = RosterChange(
        "student", {"id": CELL[0]}, {"full_name": "Student 7"}, {"full_name": "X"}
    )
    outcome = save(admin, [change], source="form")
    assert outcome.problem is not None
    assert outcome.problem.message == f"{THE_PLATFORMS} Nothing was saved."
    with pytest.raises(DataError, match=THE_PLATFORMS):
        found(school.host.owner_url, Founding.typed("A", "B", "b@c.example"), "command line")
    with pytest.raises(DataError, match=THE_PLATFORMS):
        demo.load(school.host.owner_url, lambda _: None)


def test_commands_that_write_the_roster_refuse_and_retention_is_of_what_is_ours(
    school: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", school.host.app_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", school.host.owner_url)
    people = tmp_path / "people.csv"
    people.write_text("Name,Class\nAnn Archer,7 Blue\n")
    asked_for = [str(people), "--actor", "staff1@example.org"]
    refused = CliRunner().invoke(change_roster, asked_for, obj=read_settings())
    assert THE_PLATFORMS in refused.output
    kept = CliRunner().invoke(retention, [], obj=read_settings())
    assert kept.output.startswith("No organisation has a period")


def test_staff_sign_in_by_e_mail_until_the_platform_has_them_no_more(
    school: SimpleNamespace,
) -> None:
    person = id_of(STAFF, 7)
    ((email,),) = asked(school.host, "select email from school.staff where id = %s", person)
    came = SignInAccount(
        "https://id.example", "7", str(email).upper(), True, time.time(), session=uuid4()
    )
    assert sign_in.sign_in(school.database, came, 8) == person

    def seen() -> Actor | None:
        who = Actor(person, "", "", session=came.session, database=school.database)
        with acting_as(who) as connection:
            return actor(connection, school.database, came.session)

    assert seen() is not None
    asked(school.host, "delete from public.profiles where id = %s", person)
    asked(school.host, "select internal.refresh_roster()")
    assert seen() is None
    assert sign_in.sign_in(school.database, came, 8) is SignInRefusal.DISABLED
