"""The forms of the school by keys alone: their fields in order, another's change meanwhile, the way back."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from data import demo
from tests.browsing import App, Visit, focus, go_to, settle

FORMS = {
    "classes": ["Name", "School year", "Teachers", "Modules, in their order"],
    "students": ["Name", "E-mail", "School number", "Classes"],
    "modules": ["Name", "Type", "Pass mark", "Lessons"],
    "staff": ["Name", "E-mail", "Role"],
}
NAMED = "(e => e.getAttribute('aria-label') || e.innerText)(document.activeElement)"


def fields_to_save(page: Page) -> Iterator[str]:
    """What has the focus, from the name on to the button that saves."""
    for _ in range(20):
        yield str(page.evaluate(NAMED))
        page.keyboard.press("Tab")
        if page.evaluate(NAMED) == "Save":
            return
    raise AssertionError("nobody comes to Save")


def test_the_schools_forms_are_filled_in_saved_over_others_and_undone_by_keys_alone(
    visit: Visit, app: App
) -> None:
    page = visit(demo.COORDINATOR_ONE)
    for section, labels in FORMS.items():
        go_to(page, f"/school?show={section}&new=1")
        focus(page.get_by_role("textbox", name="Name", exact=True))
        found = list(fields_to_save(page))
        places = [next(at for at, one in enumerate(found) if one.endswith(of)) for of in labels]
        assert places == sorted(places), found
    over_what_somebody_else_saved(page, app)


def over_what_somebody_else_saved(page: Page, app: App) -> None:
    with app.owner() as owner:
        student, name = owner.execute(
            "select id, full_name from school.student join school.class_student on id = student_id "
            "where class_id = %s order by id limit 1",
            (demo.CLASS_ONE,),
        ).fetchall()[0]
        go_to(page, f"/school?show=students&student={student}")
        field = page.get_by_role("textbox", name="Name", exact=True)
        focus(field)
        page.keyboard.press("End")
        page.keyboard.type(", mine")
        theirs = "update school.student set full_name = %s where id = %s"
        owner.execute(theirs, (f"{name}, theirs", student))
        list(fields_to_save(page))
        settle(page)  # what was typed is sent when the field is left
        expect(page.get_by_role("button", name="Save", exact=True)).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("table", name="Changed meanwhile")).to_contain_text(", theirs")
        page.get_by_role("button", name="Save mine instead").press("Enter")
        expect(page.get_by_role("table", name="Changed meanwhile")).to_have_count(0)
        page.get_by_role("button", name="Save", exact=True).press("Enter")
        notice = page.get_by_role("region", name="Just saved")
        expect(notice).to_contain_text("Saved: 1 change.")
        mine = "select full_name from school.student where id = %s"
        assert owner.execute(mine, (student,)).fetchall() == [(f"{name}, mine",)]
        notice.get_by_role("link", name="Undo").press("Enter")
        page.get_by_role("button", name="Undo all of it").press("Enter")
        page.get_by_role("button", name="Undo 1 change").press("Enter")
        expect(page.get_by_text("This was undone.")).to_be_visible()
        assert owner.execute(mine, (student,)).fetchall() == [(f"{name}, theirs",)]
        owner.execute(theirs, (name, student))
