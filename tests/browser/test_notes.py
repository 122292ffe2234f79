"""A teacher writes, corrects and withdraws notes; a coordinator takes along everything that is held."""

import json
import os
import re
import signal
from pathlib import Path

import psycopg
from playwright.sync_api import Dialog, Page, expect

from data import demo
from tests.browsing import FIRST_CELL, App, Visit, cell_panel, focus, settle
from tests.machine import until

MARKUP = (
    "<img src=http://evil.example/a.png onerror=alert(1)> ![x](http://evil.example/b.png) "
    "[x](javascript:alert(1)) **bold** =HYPERLINK(1)"
)


def a_student(app: App) -> str:
    """Somebody of class one whom nobody wrote about."""
    with app.owner() as owner:
        row = owner.execute(
            "select student_id::text from school.class_student where class_id = %s and student_id "
            "not in (select student_id from dashboard.note) order by 1 desc limit 1",
            (demo.CLASS_ONE,),
        ).fetchone()
    assert row is not None
    return str(row[0])


def stored(app: App, student: str) -> list[tuple[object, ...]]:
    with app.owner() as owner:
        return owner.execute(
            "select act, text from dashboard.note where student_id = %s order by number", (student,)
        ).fetchall()


def asked_when_leaving(page: Page) -> bool:
    """Does the browser ask before the page is loaded anew? Answered with: stay."""
    seen: list[str] = []

    def stay(dialog: Dialog) -> None:
        seen.append(dialog.type)
        dialog.dismiss()

    def leave(_: object) -> None:
        seen.append("left")

    page.on("dialog", stay)
    page.on("domcontentloaded", leave)
    page.evaluate("setTimeout(() => location.reload(), 0)")
    while not seen:
        page.wait_for_timeout(20)
    page.remove_listener("dialog", stay)
    page.remove_listener("domcontentloaded", leave)
    return seen == ["beforeunload"]


def test_notes_are_written_corrected_and_withdrawn_and_everything_is_taken_along(
    visit: Visit, app: App, tmp_path: Path
) -> None:
    student = a_student(app)
    page = visit(demo.TEACHER_ONE, f"/student?student={student}")
    page.get_by_role("link", name="Notes", exact=True).click()
    box = page.get_by_role("textbox", name="New note")
    focus(box)
    page.keyboard.type(MARKUP)
    # Not sent yet: the field still has the focus.
    assert asked_when_leaving(page)
    # Other pages tell of it, and lead back to it. (A hand's click takes a moment: one of none overtakes what
    # Streamlit sends when a field is left, and is undone by it.)
    page.get_by_role("link", name="Overview").click(delay=100)
    expect(page.get_by_text("that is not saved.")).to_be_visible()
    page.get_by_role("link", name="Continue editing").click()
    expect(box).to_have_value(MARKUP)
    page.get_by_role("button", name="Save note").dblclick()
    expect(page.get_by_text("The note is saved.")).to_be_visible()
    expect(box).to_have_value("")
    notes = page.get_by_role("region", name="Notes")
    expect(notes.get_by_text(MARKUP, exact=True)).to_be_visible()
    assert stored(app, student) == [("written", MARKUP)]

    notes.get_by_role("button", name=re.compile("^Correct")).click()
    correction = page.get_by_role("textbox", name=re.compile("corrected$"))
    expect(correction).to_be_focused()
    correction.fill("Reads well")
    page.get_by_role("button", name="Save correction").click()
    expect(page.get_by_text("The correction is saved.")).to_be_visible()
    expect(notes.get_by_text("Reads well")).to_be_visible()
    expect(notes.get_by_text(MARKUP, exact=True)).to_be_hidden()
    notes.get_by_text("Earlier version").click()
    expect(notes.get_by_text(MARKUP, exact=True)).to_be_visible()
    assert notes.locator("img, a").count() == 0

    page.get_by_role("combobox", name=re.compile("What it is")).click()
    page.get_by_role("option", name="Phone call").click()
    expect(page.get_by_role("group", name=re.compile("On which day"))).to_be_visible()
    box.fill("Rang the mother")
    page.get_by_role("button", name="Save note").click()
    expect(notes.locator("strong", has_text="Phone call on")).to_be_visible()
    notes.get_by_role("button", name=re.compile("^Withdraw the phone call")).click()
    notes.get_by_role("button", name=re.compile("^Withdraw it for good")).click()
    expect(notes.get_by_text("Withdrawn by its author on")).to_be_visible()
    acts = [act for act, _ in stored(app, student)]
    assert acts == ["written", "corrected", "written", "withdrawn"]
    assert not asked_when_leaving(page)

    page = visit(demo.COORDINATOR_ONE, f"/student?student={student}&show=notes")
    expect(page.get_by_text("Reads well")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^(Correct|Withdraw) "))).to_have_count(0)
    page.get_by_role("link", name="All stored data").click()
    page.get_by_role("button", name="Make JSON file").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Download JSON file")).click()
    file = tmp_path / "held.json"
    download.value.save_as(file)
    held = json.loads(file.read_text())
    assert held["student_id"] == student
    assert [row["act"] for row in held["parts"]["note"]["rows"]] == acts


def test_a_note_that_is_saved_while_one_goes_back_is_there(visit: Visit, app: App) -> None:
    """Saving takes its time here, and Back does not wait for it."""
    text = "Saved on the way back."
    page = new_note(visit)
    page.get_by_role("textbox", name="New note").fill(text)
    with app.owner() as owner, owner.transaction():
        owner.execute("lock table dashboard.note in share row exclusive mode")
        page.get_by_role("button", name="Save note").click()
        until(lambda: is_waited_for(owner))
        page.go_back()
        page.wait_for_timeout(500)
    notes_beside(page)
    expect(cell_panel(page).get_by_text(text)).to_be_visible()


def test_a_note_that_a_slow_dashboard_hears_of_on_the_way_back_is_saved(
    visit: Visit, app: App
) -> None:
    """All is said while it does not listen: what was typed, the click and Back."""
    text = "Said to nobody at first."
    page = new_note(visit)
    box = page.get_by_role("textbox", name="New note")
    os.kill(app.process, signal.SIGSTOP)
    try:
        box.fill("Said to nobody")
        box.blur()
        box.fill(text)
        page.get_by_role("button", name="Save note").click()
        page.wait_for_timeout(100)  # no hand is faster: its click is on its way
        page.go_back()
    finally:
        os.kill(app.process, signal.SIGCONT)
    notes_beside(page)
    expect(cell_panel(page).get_by_text(text)).to_be_visible()


def new_note(visit: Visit) -> Page:
    """Where one is written, come to from the panel of a cell."""
    page = visit(demo.COORDINATOR_ONE, f"/classroom?class={demo.CLASS_ONE}")
    page.locator(FIRST_CELL).first.click()
    notes_beside(page)
    cell_panel(page).get_by_role("link", name="Write a note, or read all").click()
    expect(page.get_by_role("textbox", name="New note")).to_be_visible()
    settle(page)
    return page


def notes_beside(page: Page) -> None:
    cell_panel(page).get_by_role("tab", name="Notes").click()


def is_waited_for(owner: psycopg.Connection[tuple[object, ...]]) -> bool:
    found = owner.execute(
        "select exists (select from pg_locks where relation = 'dashboard.note'::regclass and not granted)"
    ).fetchone()
    return found == (True,)


def test_a_page_that_reads_for_long_can_be_left(visit: Visit, app: App) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/classroom?class={demo.CLASS_ONE}")
    with app.owner() as owner:
        owner.execute("select pg_current_xact_id()")  # what is kept of earlier reads is of before
        owner.execute("begin")
        owner.execute("lock table dashboard.note in access exclusive mode")
        page.locator(FIRST_CELL).first.click()  # whose panel has the notes on a student
        until(lambda: is_waited_for(owner))
        page.get_by_role("link", name="History", exact=True).first.click()
        expect(page.get_by_role("heading", name="History", level=1)).to_be_visible()
        assert is_waited_for(owner)
        owner.execute("commit")
    settle(page)
