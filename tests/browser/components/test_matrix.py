"""The matrix in a real browser: what it draws, and what a hand on it reports."""

import re
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.browser.components.cohort import HOSTILE, module_name, student_name
from tests.browser.components.conftest import Open
from tests.browsing import settle

GRID = "table[role=grid]"
OF_MARKS = "size=30x20&cells=C100/85.5fe;I40;N;C80/85.5fe"


def cell(page: Page, row: int, column: int) -> str:
    """A cell by the numbers a screen reader gets, from 1; row 1 is the head."""
    return f"{GRID} [aria-rowindex='{row}'] > [aria-colindex='{column}']"


def expect_event(page: Page, words: str) -> None:
    expect(page.get_by_text(words)).to_be_visible()


def focused(page: Page) -> str:
    label = page.evaluate(
        "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    )
    return str(label)


def test_the_grid_says_how_many_rows_and_columns_there_are(shared: Open) -> None:
    grid = shared("size=30x20").locator(GRID)
    assert grid.get_attribute("aria-rowcount") == "32"  # the head and the totals too
    assert grid.get_attribute("aria-colcount") == "24"  # name, completed, last activity, totals
    assert grid.get_attribute("aria-label") == "Class 7b"
    assert grid.locator("tr").first.get_attribute("aria-rowindex") == "1"
    assert grid.locator("tfoot tr").get_attribute("aria-rowindex") == "32"


def test_only_what_is_in_view_exists_however_large_the_class(shared: Open) -> None:
    page = shared("size=500x50")
    rows, cells = page.locator(f"{GRID} tbody tr"), page.locator(f"{GRID} tbody td")
    assert rows.count() < 40
    assert cells.count() < 900
    page.locator(".mx-box").evaluate("box => box.scrollTo(2000, 9000)")
    expect(page.locator(cell(page, 245, 30))).to_be_attached()
    assert rows.count() < 40
    indexes = rows.evaluate_all(
        "all => all.map(row => Number(row.ariaRowIndex ?? row.getAttribute('aria-rowindex')))"
    )
    assert indexes == sorted(indexes)  # a screen reader reads in the order of the document


def test_a_keyboard_finds_a_student_reads_a_cell_opens_and_closes_its_panel(
    shared: Open,
) -> None:
    page = shared(OF_MARKS)
    page.get_by_label("Elsewhere").focus()
    page.keyboard.press("Tab")
    assert focused(page) == student_name(0)
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    words = "Ada Lovelace 1, Introduction to Python programming 1: "
    assert (
        focused(page)
        == words + "completed, 80 %, score 85.5, pass mark 60, failed, edited by staff"
    )
    page.keyboard.press("Enter")
    expect(page.get_by_text("opened s0 m3")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("opened s0 m3")).to_be_hidden()
    assert focused(page).startswith(words), "the focus comes back to the cell"
    expect_event(page, "kind='open', student='s0', module='m3'")


def test_keys_reach_the_ends_and_the_head(shared: Open) -> None:
    page = shared("size=500x50")
    page.locator(f"{GRID} .mx-name-link").first.focus()
    page.keyboard.press("Control+End")
    assert "not started" in focused(page)
    assert (
        page.evaluate("document.activeElement.closest('tr').getAttribute('aria-rowindex')") == "501"
    )
    page.keyboard.press("Control+Home")
    assert focused(page) == student_name(0)
    page.keyboard.press("PageDown")
    assert focused(page) not in (student_name(0), student_name(1))
    page.keyboard.press("PageUp")
    assert focused(page) == student_name(0)
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.getAttribute('aria-colindex')") == "54"
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "Sort by student"
    assert page.locator(f"{GRID} [tabindex='0']").count() == 1


def test_a_block_is_selected_by_keys_and_escape_clears_it(shared: Open) -> None:
    page = shared("size=30x20")
    page.locator(cell(page, 3, 5)).focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    expect_event(page, "students=('s1', 's2'), modules=('m1', 'm2')")
    expect(page.get_by_text("4 cells selected: 2 students × 2 modules").first).to_be_visible()
    assert page.locator(f"{GRID} [aria-selected='true']").count() == 4
    page.keyboard.press("Escape")  # the tooltip
    page.keyboard.press("Escape")
    assert page.locator(f"{GRID} [aria-selected='true']").count() == 0
    expect_event(page, "kind='block', student=None, module=None, by=None, students=(), modules=()")


def test_a_block_is_selected_by_shift_click_and_dropped_by_the_page(shared: Open) -> None:
    page = shared("size=30x20")
    page.locator(cell(page, 4, 6)).focus()
    page.keyboard.press("ArrowUp")
    page.locator(cell(page, 5, 7)).click(modifiers=["Shift"])
    expect_event(page, "students=('s1', 's2', 's3'), modules=('m2', 'm3')")
    page.get_by_role("button", name="Clear", exact=True).first.click()
    expect(page.locator(f"{GRID} [aria-selected='true']")).to_have_count(0)


def test_a_hostile_name_is_only_text(shared: Open) -> None:
    page = shared("size=30x20&hostile=1")
    page.get_by_role("link", name=HOSTILE).first.wait_for()
    page.locator(cell(page, 2, 4)).hover()
    expect(page.locator(".mx-tip")).to_contain_text("<img")
    assert page.locator("img").count() == 0
    assert page.evaluate("window.hurt") is None


SHOWN_AND_SAID = [
    ("C100/66.6666666666666667", "100 %", "completed, 100 %, score 66.6666666666666667"),
    ("I40", "40 %", "in progress, 40 %"),
    ("N", "", "not started"),
    ("I", "", "in progress"),
    ("", "", "not in this module"),
    ("X9", "?", "data problem: a value that cannot be read"),
    ("C100/1e999", "?", "data problem: a value that cannot be read"),
    ("C/8.5.5", "?", "data problem: a value that cannot be read"),
    ("<b>", "?", "data problem: a value that cannot be read"),
]

COURSES = [at for at in range(11) if at % 4 != 3]  # the others are assessments
TEXTS = dict(zip(COURSES, SHOWN_AND_SAID, strict=True))
CELLS = [TEXTS[at][0] if at in TEXTS else {3: "C55/66.6666", 7: "I40"}[at] for at in range(11)]
OF_CELLS = f"size=3x12&cells={quote(';'.join(CELLS))}"


def test_a_cell_is_shown_and_said_or_called_a_problem(shared: Open) -> None:
    page = shared(OF_CELLS, width=1600)
    for at, (_, shown, said) in TEXTS.items():
        one = page.locator(cell(page, 2, 4 + at))
        assert one.inner_text().strip() == shown
        assert one.get_attribute("aria-label") == f"Ada Lovelace 1, {module_name(at)}: {said}"
    for other in range(3):
        assert page.locator(cell(page, 3, 4 + other)).get_attribute("aria-label") != ""


def test_a_score_is_rounded_and_beside_its_pass_mark_and_no_percentage_looks_like_it(
    shared: Open,
) -> None:
    page = shared(OF_CELLS, width=1600)
    score = page.locator(cell(page, 2, 7))
    expect(score).to_have_text("66.7 / 60")
    said = str(score.get_attribute("aria-label"))
    assert said.endswith(": completed, 55 %, score 66.6666, pass mark 60")
    score.hover()
    expect(page.locator(".mx-tip")).to_contain_text("Score 66.6666, pass mark 60")
    assert page.locator(cell(page, 2, 11)).inner_text().strip() == "40 %"


def test_missing_cells_are_a_problem_and_not_an_error(shared: Open) -> None:
    page = shared(OF_CELLS, width=1600)
    assert "data problem" in str(page.locator(cell(page, 2, 15)).get_attribute("aria-label"))


def test_what_needs_somebody_is_seen_first_and_why_stands_beside_the_name(shared: Open) -> None:
    page = shared(f"{OF_MARKS}&why=1")
    expect(page.locator(GRID)).to_have_attribute("aria-colcount", "25")
    why = page.locator(cell(page, 2, 2))
    expect(why).to_have_text("stuck in a quiz2 below the mark +1")
    words = "Ada Lovelace 1: stuck in a quiz, 2 below the mark, inactive 12 days"
    expect(why).to_have_attribute("aria-label", words)
    failed = page.locator(cell(page, 2, 5))
    expect(failed).to_have_css("color", "rgb(179, 64, 10)")
    expect(failed).to_have_class(re.compile(r"\bmx-look-failed\b"))
    behind = failed.locator(".mx-mark").evaluate_all("all => all.map(each => each.className)")
    assert behind == ["mx-mark mx-look-completed", "mx-mark mx-look-edited"]
    page.get_by_role("button", name="Sort by urgency").click()
    expect_event(page, "by='-attention'")
    page.set_viewport_size({"width": 390, "height": 900})
    expect(page.locator(".mx-item").first).to_contain_text("inactive 12 days")


def test_a_student_who_is_not_in_the_module_has_nothing_to_open(shared: Open) -> None:
    page = shared(OF_CELLS, width=1600)
    outside = next(at for at, (written, *_) in TEXTS.items() if not written)
    page.locator(cell(page, 2, 4 + outside)).click()
    page.locator(cell(page, 2, 4)).click()
    expect_event(page, "opened s0 m0")
    assert page.get_by_text(f"module='m{outside}'").count() == 0


def test_a_change_flashes_once_is_announced_and_moves_nothing(shared: Open) -> None:
    page = shared("size=500x50")
    page.locator(".mx-box").evaluate("box => box.scrollTo(0, 0)")
    page.locator(cell(page, 2, 4)).focus()
    page.locator(".mx-box").evaluate("box => box.scrollTo(0, 40)")
    page.evaluate("window.kept = document.activeElement")
    page.get_by_role("button", name="Edit").evaluate("button => button.click()")
    expect(page.locator(".mx-flash")).to_have_count(1)
    expect(page.get_by_role("status").filter(has_text="changed")).to_have_text(
        re.compile(
            r"^1 cell changed: Grace Hopper 2, Variables and types 1: completed, 100 %, locked$"
        )
    )
    assert page.evaluate("document.activeElement === window.kept")
    assert page.locator(".mx-box").evaluate("box => box.scrollTop") == 40
    expect(page.locator(".mx-flash")).to_have_count(0)


def test_a_rerun_with_the_same_data_touches_nothing(shared: Open) -> None:
    page = shared("size=30x20")
    page.evaluate(
        """() => {
            window.touched = 0;
            const watch = new MutationObserver((all) => { window.touched += all.length });
            watch.observe(document.querySelector('.mx'), {subtree: true, childList: true});
        }"""
    )
    page.get_by_role("button", name="Rerun").click()
    expect_event(page, "ran again")
    assert page.evaluate("window.touched") == 0


def test_the_tooltip_comes_by_focus_and_pointer_and_leaves_by_escape(shared: Open) -> None:
    page = shared(OF_MARKS)
    tip = page.locator(".mx-tip")
    page.locator(f"{GRID} .mx-name-link").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("Score 85.5")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.locator(cell(page, 5, 6)).hover()
    expect(tip).to_contain_text(student_name(3))
    tip.hover()
    page.wait_for_timeout(300)  # nothing happens: it would leave within 120
    expect(tip).to_be_visible()


def test_an_open_tooltip_tells_what_its_cell_tells_after_a_change(shared: Open) -> None:
    page = shared(OF_MARKS)
    tip, place = page.locator(".mx-tip"), page.locator(cell(page, 2, 4))
    place.hover()
    expect(tip).to_contain_text("Score 85.5")
    detail = {"student": "s0", "module": "m0", "cell": "I40", "why": None}
    page.evaluate("detail => dispatchEvent(new CustomEvent('matrix-renewal', { detail }))", detail)
    expect(place).to_contain_text("40")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("In progress · 40 %")
    expect(tip).not_to_contain_text("Score 85.5")


def test_the_page_never_scrolls_sideways(shared: Open) -> None:
    page = shared("size=30x20&hostile=1")
    for width in (1600, 1024, 800, 640):
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_who_comes_back_finds_the_place_they_left(shared: Open) -> None:
    page = shared("size=500x50")
    page.locator(".mx-box").evaluate("box => box.scrollTo(600, 4000)")
    page.get_by_text("Elsewhere").click()
    expect(page.locator(GRID)).to_have_count(0)
    page.get_by_text("Elsewhere").click()
    expect(page.locator(GRID)).to_have_count(1)
    expect(page.locator(".mx-box")).to_have_js_property("scrollLeft", 600)
    expect(page.locator(".mx-box")).to_have_js_property("scrollTop", 4000)


def test_another_order_twice_and_the_reader_is_at_the_top(shared: Open) -> None:
    page = shared("size=500x50")
    page.locator(".mx-box").evaluate("box => box.scrollTo(0, 4000)")
    for first in (student_name(499), student_name(0)):
        page.get_by_role("button", name="Sort by student").click()
        expect(page.locator(cell(page, 2, 1))).to_have_text(first)
        expect(page.locator(".mx-box")).to_have_js_property("scrollTop", 0)


def test_groups_have_headings(shared: Open) -> None:
    page = shared("size=30x20&groups=1&pin=1")
    expect(page.get_by_role("rowheader", name="In progress · 15 students")).to_be_visible()
    assert page.locator(GRID).get_attribute("aria-rowcount") == "34"


def test_who_groups_the_rows_sees_the_first_heading(shared: Open) -> None:
    page = shared("size=30x20")
    group, heading = page.get_by_role("button", name="Group", exact=True), page.locator(".mx-group")
    group.click()
    expect(heading.first).to_have_text("In progress · 15 students")
    expect(page.locator(".mx-box")).to_have_js_property("scrollTop", 0)
    group.click()
    expect(heading).to_have_count(0)


def test_pinned_modules_come_first_and_stay_in_view(shared: Open) -> None:
    page = shared("size=30x20&groups=1&pin=1")
    assert "Testing 1" in str(page.locator(cell(page, 1, 4)).get_attribute("aria-label"))
    page.locator(".mx-box").evaluate("box => box.scrollTo(900, 0)")
    settle(page)
    edge = page.locator(".mx-box").bounding_box()
    pinned = page.locator(cell(page, 3, 4)).bounding_box()
    assert edge is not None
    assert pinned is not None
    assert edge["x"] < pinned["x"] < edge["x"] + 400


def test_paper_gets_every_row_and_a_repeated_head(shared: Open) -> None:
    page = shared("size=120x20&hostile=1")
    page.emulate_media(media="print")
    tables = page.locator(".mx-paper")
    expect(tables).to_have_count(2)  # ten modules each
    assert tables.first.locator("tbody tr").count() == 121  # with the totals
    assert (
        tables.first.locator("thead").evaluate("e => getComputedStyle(e).display")
        == "table-header-group"
    )
    assert page.locator(".mx-screen").is_hidden()
    page.emulate_media(media="screen")
    expect(tables).to_have_count(0)


def test_a_narrow_page_gets_a_list_and_never_scrolls_sideways(shared: Open) -> None:
    page = shared("size=120x20&hostile=1")
    page.set_viewport_size({"width": 390, "height": 900})
    expect(page.locator(GRID)).to_have_count(0)
    item = page.locator(".mx-item", has=page.get_by_role("link", name=student_name(1), exact=True))
    expect(item).to_contain_text("of 20 completed")
    item.get_by_role("button", name=f"Modules of {student_name(1)}").click()
    item.get_by_role("button", name=re.compile(", Loops 1: ")).click()
    expect_event(page, "kind='open', student='s1', module='m1'")
    expect(page.locator(".mx-item")).to_have_count(120)
    expect(page.locator("html")).to_have_js_property("scrollWidth", 390)


def test_reduced_motion_gets_a_still_mark(shared: Open) -> None:
    page = shared("size=30x20")
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Edit").click()
    flash = page.locator(".mx-flash")
    expect(flash).to_have_count(1)
    assert flash.evaluate("e => getComputedStyle(e).animationName") == "mx-still"


def test_a_column_head_sorts_and_says_so(shared: Open) -> None:
    page = shared("size=30x20")
    head = page.get_by_role("columnheader", name="Student")
    assert head.get_attribute("aria-sort") == "ascending"
    page.get_by_role("button", name="Sort by student").click()
    expect_event(page, "by='-name'")
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(page.locator(cell(page, 2, 1))).to_have_text(student_name(29))
    assert focused(page) == "Sort by student"
    expect(page.get_by_role("status").filter(has_text="Sorted by")).to_have_text(
        "Sorted by name, descending"
    )


def test_names_are_links_whose_plain_click_keeps_the_session(shared: Open) -> None:
    page = shared(OF_MARKS)
    module = page.get_by_role("link", name="Loops 1", exact=True)
    assert module.get_attribute("href") == "module?module=m1"
    student = page.get_by_role("link", name=student_name(0), exact=True)
    assert student.get_attribute("href") == "student?student=s0"
    with page.context.expect_page() as other:
        student.click(modifiers=["Control"])
    assert other.value.url.endswith("student?student=s0")
    page.evaluate("window.notReloaded = true")
    student.click()
    expect(page).to_have_url(re.compile(r"/student\?student=s0$"))
    assert page.evaluate("window.notReloaded")
