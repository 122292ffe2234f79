"""What the founder of a school does at its pages, step by step, from the office's list to the next year."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.test_report import bookmarks, download
from tests.browsing import in_menu, settle

CLASSES = "9A", "9B", "9C"
MODULES = {"Fractions": "Course", "Fractions test": "Assessment"}
PEOPLE = [(f"Student{n:02} Test", f"s{n:02}@brook.example", CLASSES[n % 3]) for n in range(60)]
FIRST, _, FIRST_CLASS = PEOPLE[0]


def office_list() -> bytes:
    """As an office has it: a line a student, with the class."""
    lines = [f"{name},{email},{n + 1000},{of}" for n, (name, email, of) in enumerate(PEOPLE)]
    return "\n".join(["Name,E-mail,School number,Class", *lines]).encode()


def gradebook() -> bytes:
    """As Canvas exports it: a column a module, of 50 points each."""
    head = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Fractions (11),Fractions test (12),Final Score"
    )
    points = "    Points Possible,,,,,50.00,50.00,(read only)"
    lines = [
        f'"{name.split()[1]}, {name.split()[0]}",{n},{n + 1000},{email},{of},40.00,{20 + n % 30},81'
        for n, (name, email, of) in enumerate(PEOPLE)
    ]
    return "\n".join([head, points, *lines]).encode()


def to_a_corrected_score_and_a_report(page: Page) -> None:
    """Of students who are in their classes already."""
    add_modules(page)
    give_modules_to_classes(page)
    import_progress(page)
    correct_one(page)
    print_report(page)


def bring_students_in(page: Page) -> None:
    page.get_by_role("link", name="Or take people and classes from a file").click()
    offer(page, "students.csv", office_list())
    expect(page.get_by_text("63 new.")).to_be_visible()
    confirm(page, "123 changes")
    expect(page.get_by_text("60 students in 3 classes")).to_be_visible()


def add_modules(page: Page) -> None:
    to(page, "Modules")
    page.get_by_role("link", name="Add a module").click()
    expect(page.get_by_role("heading", name="A new module")).to_be_visible()
    expect(page).to_have_url(re.compile("new=1"))
    for name, kind in MODULES.items():
        fill(page, "Name", name)
        choose(page, "Type", kind)
        save_form(page)


def give_modules_to_classes(page: Page) -> None:
    to(page, "Classes")
    page.get_by_role("button", name="Choose all 3").click()
    choose(page, "With 3 classes", "Give them modules")
    for module in MODULES:
        choose(page, "Modules, after those that they have", module)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Preview", exact=True).click()
    page.get_by_role("button", name="Save 6 changes").click()
    expect(saved(page)).to_contain_text("Saved: 6 changes.")
    page.get_by_role("link", name=FIRST_CLASS, exact=True).click()
    expect(page.get_by_role("heading", name=FIRST_CLASS)).to_be_visible()
    fill(page, "School year", "2026/27")
    save_form(page)


def import_progress(page: Page) -> None:
    menu(page, "Import a file")
    offer(page, "canvas.csv", gradebook())
    expect(page.get_by_role("button", name=re.compile("^Preview 120 changes"))).to_be_visible()
    page.get_by_role("button", name=re.compile("^Preview 120 changes")).click()
    fill(page, "Reason (needed: several rows change)", "The first term")
    page.get_by_role("button", name="Save 120 changes").click()
    expect(saved(page)).to_contain_text("Saved: 120 changes.")


def correct_one(page: Page) -> None:
    menu(page, "Overview")
    mine = page.get_by_role("table", name="My classes")
    mine.get_by_role("link", name=FIRST_CLASS, exact=True).click()
    page.get_by_role("link", name=FIRST).click()
    row = page.get_by_role("row").filter(
        has=page.get_by_role("rowheader", name="Fractions test", exact=True)
    )
    row.get_by_role("link", name="Edit").click()
    expect(page.locator("h1.words-h1")).to_have_text("Edit one")
    settle(page)
    fill(page, "Score", "77")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved: score 40 → 77.")).to_be_visible()


def print_report(page: Page) -> None:
    page.get_by_role("link", name="Back to the student").click()
    expect(page.locator("h1.words-h1")).to_have_text(FIRST)
    page.get_by_role("link", name="Report", exact=True).click()
    page.get_by_role("button", name="Make the report").click()
    name, file = download(page)
    assert name.startswith(FIRST)
    assert bookmarks(file) == [FIRST]


def begin_second_year(page: Page, *, with_students: bool) -> None:
    changes = 12 + (len(PEOPLE) if with_students else 0)
    to(page, "Classes")
    page.get_by_role("button", name="Choose all 3").click()
    fill(page, "School year", "2027/28")
    if with_students:
        page.get_by_text("With their students").click()
        settle(page)
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name=f"Save {changes} changes").click()
    expect(saved(page)).to_contain_text(f"Saved: {changes} changes.")
    new = page.get_by_role("row").filter(has=page.get_by_role("link", name="9A, 2027/28"))
    students = "20" if with_students else "0"
    expect(new.get_by_role("cell", name=students, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="9A, 2026/27")).to_have_count(0)
    page.get_by_role("combobox", name="Show").select_option("Archived classes too")
    expect(page.get_by_role("link", name="9A, 2026/27")).to_be_visible()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)


def to(page: Page, section: str) -> None:
    menu(page, "School")
    page.get_by_role("link", name=section, exact=True).click()
    settle(page)


def menu(page: Page, name: str) -> None:
    in_menu(page, name).click()
    expect(page.locator("h1.words-h1")).to_have_text(name)
    settle(page)


def offer(page: Page, name: str, content: bytes) -> None:
    chosen = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").set_input_files(chosen)  # type: ignore[arg-type]


def confirm(page: Page, changes: str) -> None:
    page.get_by_role("button", name=f"Preview {changes}").click()
    page.get_by_role("button", name=f"Save {changes}").click()
    expect(saved(page)).to_contain_text(f"Saved: {changes}.")


def save_form(page: Page) -> None:
    settle(page)
    page.get_by_role("button", name="Save", exact=True).click()
    settle(page)
    expect(saved(page)).to_contain_text("Saved")
    expect(saved(page)).to_have_css("position", "fixed")


def saved(page: Page) -> Locator:
    return page.get_by_role("region", name="Just saved")


def fill(page: Page, label: str, text: str) -> None:
    box = page.get_by_role("textbox", name=label, exact=True)
    box.fill(text)
    box.press("Tab")
    settle(page)


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_role("combobox", name=re.compile(f"{re.escape(label)}$"))
    box.click()
    page.get_by_role("option", name=option, exact=True).click()
    settle(page)
