"""Every page, every role: it draws, it answers, and it shows a person only what is theirs."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import pages
from dashboard.pages import PAGES, Page
from dashboard.web import connections, live
from data import demo
from data.access.session import Actor
from data.database import embedded
from data.database.claims_keys import replace_key
from data.reading.live import Listener
from tests.profiles import chosen
from tests.views.conftest import APP, Open, Owner, mounted, words

STAFF = {
    "teacher": (demo.TEACHER_ONE, "teacher"),
    "teacher of a cohort": (demo.TEACHER_TWO, "teacher"),
    "coordinator": (demo.COORDINATOR_ONE, "coordinator"),
    "other coordinator": (demo.COORDINATOR_TWO, "coordinator"),
    "admin": (demo.ADMIN, "admin"),
}
NOT_YOURS = "This page is for coordinators."


@pytest.mark.parametrize(
    ("person", "page"),
    [(person, page) for page in PAGES for person, (_, role) in STAFF.items() if role in page.roles],
    ids=lambda one: one.name if isinstance(one, Page) else one,
)
def test_every_page_draws_for_everybody_who_may_open_it(
    open_page: Open, person: str, page: Page
) -> None:
    test = open_page(STAFF[person][0], page.name)
    assert not test.exception
    assert "<h1" in words(test)
    assert NOT_YOURS not in words(test)


def test_one_page_too_many_says_so_and_shows_nothing(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "admit", lambda actor: False)
    test = open_page(demo.TEACHER_ONE)
    assert not test.exception
    assert "You have 40 pages open. Close those that you no longer need" in words(test)
    assert not test.get("bidi_component")


def test_any_page_that_is_open_has_its_database_looked_after(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    here: list[tuple[str, Actor]] = []
    kept: list[Callable[[], bool]] = []
    monkeypatch.setattr(live, "_listeners", {})

    def admit(actor: Actor) -> bool:
        here.append(("page", actor))
        return True

    monkeypatch.setattr(connections, "admit", admit)
    monkeypatch.setattr(connections, "signed_in", lambda: iter(here))
    monkeypatch.setattr(Listener, "keep", lambda _self, is_open: kept.append(is_open))
    open_page(demo.TEACHER_ONE)
    (is_open,) = kept
    assert is_open()
    here.clear()
    assert not is_open()


@pytest.mark.parametrize("page", [page for page in PAGES if "teacher" not in page.roles])
def test_a_page_that_is_not_for_a_teacher_says_so_and_shows_nothing(
    open_page: Open, page: Page
) -> None:
    test = open_page(demo.TEACHER_ONE, page.name, **{"class": demo.CLASS_ONE})
    assert not test.exception
    told = words(test)
    assert page.title in told
    assert NOT_YOURS in told
    assert not test.button(key="sign_out").disabled
    assert len(test.button) == 1
    assert NOT_YOURS not in words(
        open_page(demo.COORDINATOR_ONE, page.name, **{"class": demo.CLASS_ONE})
    )


def test_a_page_is_added_by_its_folder_and_one_row(
    demo_server: embedded.Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dashboard = tmp_path / "dashboard"
    shutil.copytree(Path(APP).parent, dashboard, ignore=shutil.ignore_patterns("__pycache__"))
    (dashboard / "views" / "trial").mkdir()
    (dashboard / "views" / "trial" / "page.py").write_text(
        "from dashboard.components.text import heading\nheading('A new page')\n"
    )
    row = Page("trial", "Trial", ":material/science:", ("coordinator",), group="More")
    monkeypatch.setattr(pages, "PAGES", (*PAGES, row))

    def opened(person: UUID) -> str:
        test = AppTest.from_file(str(dashboard / "app.py"), default_timeout=30)
        test.session_state["demo_person"] = str(person)
        test.run()
        test.switch_page("views/trial/page.py").run()
        assert not test.exception
        return words(test)

    assert "A new page" in opened(demo.COORDINATOR_ONE)
    refused = opened(demo.TEACHER_ONE)
    assert "This page is for coordinators." in refused
    assert "A new page" not in refused


def test_the_overview_leads_to_those_of_a_class_who_need_attention(open_page: Open) -> None:
    test = open_page(demo.TEACHER_ONE)
    caption, heads, rows, *_ = json.loads(test.get("bidi_component")[-1].proto.json)
    assert caption == "My classes"
    at = [head[0] for head in heads].index("Need attention")
    of_class = {row[0][2]: row[at] for row in rows}
    kind, ((address, many, _),), by_rule, _ = of_class["Mathematics 9A"]
    assert kind == "links"
    assert int(many) > 0
    assert "below a pass mark" in by_rule
    asked = dict(parse_qsl(urlsplit(address).query))
    shown = open_page(demo.TEACHER_ONE, "classroom", **asked)
    assert f"Showing {many} of 28 students" in mounted(shown)
    assert "who need attention" in mounted(shown)


def test_nobody_signed_in_sees_only_the_demo_people(open_page: Open) -> None:
    test = open_page(None)
    labels = [button.label for button in test.button]
    assert len(labels) == 5
    assert sum("teacher" in label for label in labels) == 2
    assert "student" not in mounted(test)


def test_a_key_that_was_replaced_is_told_and_trying_again_takes_the_new_one(
    open_page: Open, demo_server: embedded.Server
) -> None:
    test = open_page(demo.COORDINATOR_ONE)
    assert "Overview" in words(test)
    replace_key(demo_server.owner_url, 0)
    test.run()
    told = words(test)
    assert "The database is not ready" in told
    assert "does not accept this app&#x27;s signature" in told
    assert "Overview" not in told
    test.button(key="try_again").click().run()
    assert "Overview" in words(test)


def test_opening_as_a_person_and_signing_out_again(open_page: Open) -> None:
    test = open_page(None)
    test.button(key=f"open_as_{demo.TEACHER_ONE}").click().run()
    assert "Overview" in words(test)
    test.button(key="sign_out").click().run()
    assert "Open it as one of them" in words(test)


def test_an_unknown_person_is_not_let_in(open_page: Open) -> None:
    test = open_page(UUID(int=7))
    assert "Open it as one of them" in words(test)


def test_a_teacher_sees_own_classes_and_a_coordinator_the_organisation(open_page: Open) -> None:
    mine = mounted(open_page(demo.TEACHER_ONE))
    assert str(demo.CLASS_ONE) in mine
    assert str(demo.COHORT) not in mine
    assert str(demo.COHORT) in mounted(open_page(demo.COORDINATOR_TWO))


def test_a_class_of_others_in_the_link_is_left_out_and_said(open_page: Open) -> None:
    test = open_page(demo.TEACHER_ONE, "classroom", **{"class": demo.COHORT})
    shown = "That class isn&#x27;t available to you. Showing History 10C instead."
    assert shown in words(test)
    control = open_page(demo.TEACHER_TWO, "classroom", **{"class": demo.COHORT})
    assert "available to you" not in words(control)


def test_a_student_of_others_is_not_found(open_page: Open, owner: Owner) -> None:
    row = owner.execute(
        "select student_id from school.class_student where class_id = %s limit 1", (demo.COHORT,)
    ).fetchone()
    assert row is not None
    test = open_page(demo.TEACHER_ONE, "student", student=row[0])
    assert "not found among yours" in words(test)
    control = open_page(demo.TEACHER_TWO, "student", student=row[0])
    assert "completed (" in mounted(control)


def test_every_student_of_the_messy_classes_opens(open_page: Open, owner: Owner) -> None:
    rows = owner.execute(
        """
        select distinct fact.student_id, fact.module_id
        from dashboard.fact
        join school.class_student using (student_id)
        join school.class_teacher using (class_id)
        where staff_id = %s and (has_problem or attempts >= 3 or shown_score < 60)
        order by 1, 2
        """,
        (demo.TEACHER_ONE,),
    ).fetchall()
    assert len(rows) > 10
    for student, module in chosen(sample=rows[:: len(rows) // 10], nightly=rows):
        test = open_page(demo.TEACHER_ONE, "student", student=student, module=module)
        assert not test.exception
        assert "completed (" in mounted(test)


def test_a_poisoned_date_is_shown_as_unreadable(open_page: Open, owner: Owner) -> None:
    row = owner.execute(
        "select student_id from public.student_module_progress where completed_at = 'infinity'"
    ).fetchone()
    assert row is not None
    test = open_page(demo.TEACHER_ONE, "student", student=row[0])
    assert not test.exception
    assert "unreadable: infinity" in mounted(test)


def test_only_editors_get_edit_links(open_page: Open, owner: Owner) -> None:
    row = owner.execute(
        "select student_id from school.class_student where class_id = %s limit 1",
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    assert "edit?student=" not in mounted(open_page(demo.TEACHER_ONE, "student", student=row[0]))
    assert "edit?student=" in mounted(open_page(demo.COORDINATOR_ONE, "student", student=row[0]))


def test_finding_a_student_ignores_accents_and_capitals(open_page: Open, owner: Owner) -> None:
    row = owner.execute(
        """
        select student.id, student.full_name, internal.plain(student.full_name)
        from school.student
        join school.class_student on student_id = student.id
        where class_id = %s and internal.plain(full_name) <> lower(full_name)
        """,
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    test = open_page(demo.TEACHER_ONE, "student")
    test.text_input(key="find").set_value(str(row[2]).upper()).run()
    assert str(row[0]) in mounted(test)


def test_what_is_not_found_is_said(open_page: Open) -> None:
    test = open_page(demo.TEACHER_ONE, "student")
    test.text_input(key="find").set_value("zzqqxx").run()
    assert "No student of yours matches" in mounted(test)
