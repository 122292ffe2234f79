"""Reports opened again: any text stays text, nothing makes one fail, and it can be read aloud."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypdf import PdfReader

from data.files.reporting import contents
from data.files.reporting.chart import Course, chart
from data.files.reporting.contents import PrintedNote, ReportOptions
from data.files.reporting.making import Cancelled, Making
from data.files.reporting.texts import BREAK, stored
from data.files.reporting.typesetting import Typesetting
from data.reading.catalogue import Module
from data.reading.students.report import Reported, ReportedModule
from data.reading.students.standing import Completion
from data.rules.progress import Status
from tests.profiles import chosen, examples

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OPTIONS = ReportOptions(NOW, UTC, "Tess #Teacher", attention=True, signature=True)

HOSTILE = [
    "#panic()", "$x^2$", "[x](y)", "@ref <label>", "a\\b \\u{41}", '"quoted" \'s', "= Heading", "- list",
    "/* c */ x", "// gone?", "https://a.example/#x", "*bold* _it_", "`raw`", "#include \"x\"", "~~~ --- ...",
    "{x} %s %(y)s", "<b>&amp;</b>",
]  # fmt: skip
ABROAD = [
    "محمد علي",
    "שרה כהן",
    "王小明",
    "田中 さくら",
    "김민수",
    "अनिल कुमार",
    "สมชาย",
    "Иван",
    "Ελένη",
    "Nguyễn",
]


@pytest.fixture(scope="module")
def typesetting() -> Iterator[Typesetting]:
    with Typesetting() as running:
        yield running


def module(number: int, status: Status = Status.COMPLETED, **values: Any) -> ReportedModule:
    known: dict[str, Any] = {
        "module": Module(UUID(int=number), f"Module {number}", "assessment", Decimal(60)),
        "in_class": True, "status": status, "percentage": 100, "shown_score": Decimal(85), "completed_at": NOW,
        "completed_at_text": "2026", "stuck": None,
    }  # fmt: skip
    return ReportedModule(**(known | values))


def student(name: str, *modules: ReportedModule, **values: Any) -> Reported:
    known: dict[str, Any] = {
        "id": UUID(int=1), "name": name, "organisation": "North School", "classes": ("9A",),
        "modules": modules or (module(1), module(2, Status.IN_PROGRESS, shown_score=Decimal("41.25"))),
        "completions": (Completion(NOW - timedelta(days=9), UUID(int=1), 1, False),),
        "known_since": NOW - timedelta(days=60),
    }  # fmt: skip
    return Reported(**(known | values))


def made(
    typesetting: Typesetting, *students: Reported, notes: list[PrintedNote] | None = None
) -> PdfReader:
    pages = [contents.student(one, OPTIONS, notes or []) for one in students]
    pdf, _ = typesetting.pdf(contents.document(OPTIONS, "Report", pages))
    return PdfReader(io.BytesIO(pdf))


def words(pdf: PdfReader) -> str:
    """Everything that can be selected, one space between words."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def elements(pdf: PdfReader) -> list[Any]:
    """Every element of the structure that a screen reader walks through."""
    found: list[Any] = []
    left: list[Any] = [pdf.root_object["/StructTreeRoot"]]
    while left:
        one = left.pop().get_object()
        if isinstance(one, list):
            left += one
        elif isinstance(one, dict):
            found.append(one)
            left += [one["/K"]] if "/K" in one and not isinstance(one["/K"], int) else []
    return found


def test_what_looks_like_markup_stays_text_wherever_it_is_stored(typesetting: Typesetting) -> None:
    for text in HOSTILE:
        named = module(1, module=Module(UUID(int=1), text, "course", Decimal(60)))
        one = student(text, named, classes=(text,), organisation=text)
        told = words(
            made(typesetting, one, notes=[PrintedNote(date(2026, 1, 2), "Note", text, text)])
        )
        # Name, class, school, module, twice the note, and the foot of the page.
        assert told.count(" ".join(text.split())) >= 6, text


def test_names_of_many_scripts_are_printed_and_can_be_selected(typesetting: Typesetting) -> None:
    told = words(made(typesetting, *map(student, ABROAD)))
    assert "could not be printed" not in told
    for name in ABROAD:
        assert set(name) <= set(told), name
    for name in ABROAD[2:5] + ABROAD[7:]:  # pypdf tears the letters of the others apart
        assert name in told


@pytest.mark.parametrize(
    "name", ["\U0001f600", "ქეთი", "x\ue000", "\x01\x02", "", " ", "\u200d", "\u202e", "\ud800"]
)
def test_what_no_font_has_is_replaced_and_said_with_its_code(
    typesetting: Typesetting, name: str
) -> None:
    told = words(made(typesetting, student(f"{name} Ann"), student("Åse"), student(name)))
    lacking = [one for one in name if ord(one) > 0xDFFF or "ა" <= one <= "ჿ"]
    assert ("could not be printed" in told) is bool(lacking or "\ud800" in name)
    for one in lacking:
        assert f"U+{ord(one):04X}" in told
    assert "Åse" in told  # of another student nothing is replaced
    assert ("(no name)" in told) is not bool(lacking or "\ud800" in name)


@examples(25)
@example("\x00", None)
@example("\ud876\x83", None)
@given(st.text(st.characters(codec=None), max_size=40), st.decimals(allow_nan=True) | st.none())
def test_no_name_and_no_score_makes_a_report_fail(
    typesetting: Typesetting, name: str, score: Decimal | None
) -> None:
    one = student(name, module(1, shown_score=score, percentage=None, completed_at=None))
    assert len(made(typesetting, one, notes=[PrintedNote(date.min, name, name, name)]).pages) >= 1


@pytest.mark.parametrize("odd", ["\x00", "\ud876\x83", "\x9f\U0009ec6c"])
def test_what_was_not_cleaned_before_makes_no_report_fail(
    typesetting: Typesetting, odd: str
) -> None:
    document = contents.document(OPTIONS, "Report", [contents.student(student("Åse"), OPTIONS)])
    document["students"][0]["answer"] = f"{odd} 5 of 6"
    told = words(PdfReader(io.BytesIO(typesetting.pdf(document)[0])))
    assert "\ufffd" in told
    assert "5 of 6" in told
    assert "Åse" in told


def test_it_can_be_read_aloud(typesetting: Typesetting) -> None:
    pdf = made(typesetting, student("Ann"))
    root: Any = pdf.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None
    assert (pdf.metadata.title, pdf.metadata.author) == ("Report", "Tess #Teacher")
    assert b"pdfuaid" in root["/Metadata"].get_data()
    found = elements(pdf)
    kinds = [one.get("/S") for one in found]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Figure", "/L"} <= set(kinds)
    assert kinds.count("/TH") == 6
    told = {str(one.get("/Alt")) for one in found if one.get("/S") == "/Figure"}
    assert told == {
        "A bar in three parts: completed 1, in progress 1, not started 0.",
        # No line breaks between a figure and its sign.
        "A line that shows the share of modules completed: 0\u00a0% on 23 September 2026, "
        "50\u00a0% on 22 November 2026.",
    }


def test_the_figures_are_those_that_are_stored(typesetting: Typesetting) -> None:
    told = words(made(typesetting, student("Ann")))
    assert "1 of 2 modules is completed (50 %); 1 in progress." in told
    assert "Module 1 Completed 100 % 85 60 22 Nov 2026" in told
    assert "Module 2 In progress, not passed 100 % 41.3 60" in told
    assert "the score is 41.3; 60 is needed to pass." in told
    assert "Made on 22 November 2026 by Tess #Teacher." in told
    assert "Page 1 of 1" in told


@pytest.mark.parametrize(
    ("modules", "told"),
    [
        ([], "There are no modules yet."),
        ([module(1)], "The only module is completed."),
        ([module(1), module(2)], "All modules are completed."),
        ([module(1, Status.NOT_STARTED)], "0 of 1 module is completed (0 %); 1 not started yet."),
        ([module(1, in_class=False)], "Other modules"),
        ([module(1, completed_at=None, completed_at_text="infinity")], "unreadable"),
        ([module(1, shown_score=Decimal("NaN"))], "? 60"),
        ([module(1, shown_score=Decimal(10) ** 300)], "1.0E+300 60"),
    ],
)  # fmt: skip
def test_every_kind_of_student_has_a_report(
    typesetting: Typesetting, modules: list[ReportedModule], told: str
) -> None:
    one = student("Ann", classes=(), organisation=None, known_since=None)
    assert told in words(
        made(typesetting, Reported(**(one.__dict__ | {"modules": tuple(modules)})))
    )


def test_a_long_word_breaks_and_a_long_name_is_cut() -> None:
    assert str(stored("x" * 60)).split(BREAK) == ["x" * 20] * 3
    assert len(str(stored("ab " * 200))) == 200
    assert stored("王" * 60) == "王" * 60


@pytest.mark.parametrize(
    ("text", "rtl", "han"),
    [
        ("علي Ann", True, "SC"),
        ("1 שרה", True, "SC"),
        ("さくら 田中", False, "JP"),
        ("김민수", False, "KR"),
    ],
)
def test_a_text_comes_with_its_direction_and_its_kind_of_han(
    text: str, rtl: bool, han: str
) -> None:
    assert stored(text) == {"text": text, "rtl": rtl, "han": han}
    assert stored("Ann علي") == "Ann علي"


MODULES = [UUID(int=number) for number in range(10)]


def course(*days: tuple[float, int], completed: int, since: float = 60) -> Course:
    gained = [
        Completion(NOW - timedelta(days=ago), MODULES[0], change, False) for ago, change in days
    ]
    return Course(gained, MODULES, completed, NOW - timedelta(days=since), NOW, UTC)


def test_the_line_ends_at_today_and_marks_what_was_completed() -> None:
    drawn = chart(course((30, 1), (20, 1), (10, -1), completed=4))
    assert drawn is not None
    assert drawn["points"] == [
        (0.0, 0.3), (0.5, 0.3), (0.5, 0.4), (0.6667, 0.4), (0.6667, 0.5), (0.8333, 0.5), (0.8333, 0.4),
        (1.0, 0.4),
    ]  # fmt: skip
    assert drawn["marks"] == [(0.5, 0.4), (0.6667, 0.5)]
    assert [one["label"] for one in drawn["ticks"]] == ["23 Sep 2026", "1 Nov", "22 Nov 2026"]
    assert drawn["finding"] == "No module was completed in the last four weeks."


def test_there_is_no_line_where_nothing_is_known() -> None:
    assert chart(course(completed=4)) is None
    assert chart(course((0.5, 1), completed=4, since=1)) is None
    assert chart(Course([], [], 0, NOW - timedelta(days=9), NOW, UTC)) is None


def test_what_was_recorded_first_as_completed_is_not_told_as_new() -> None:
    gained = [
        Completion(NOW - timedelta(days=3), MODULES[0], 1, is_first=True),
        Completion(NOW - timedelta(days=2), MODULES[1], 1, is_first=False),
    ]
    drawn = chart(Course(gained, MODULES, 2, NOW - timedelta(days=60), NOW, UTC))
    assert drawn is not None
    assert drawn["finding"] == "1 module was completed in the last four weeks."
    assert len(drawn["marks"]) == 1


def test_a_cancelled_report_ends_in_the_middle_of_a_page() -> None:
    making = Making()
    pages = [contents.student(student(f"Ann {n}"), OPTIONS) for n in range(40)]

    def make() -> None:
        with making.typesetting() as typesetting:
            making.cancel()
            typesetting.pdf(contents.document(OPTIONS, "Report", pages))

    with pytest.raises(Cancelled):
        make()
    with pytest.raises(Cancelled):
        making.step(1, 2)


def rows_by_page(typesetting: Typesetting, many: int) -> list[int]:
    pdf = made(typesetting, student("Ann", *(module(each + 1) for each in range(many))))
    rows = [len(re.findall(r"Module \d+", page.extract_text())) for page in pdf.pages]
    assert sum(rows) == many
    return [each for each in rows if each]


def test_no_row_stands_alone_on_a_page(typesetting: Typesetting) -> None:
    first, second, *_ = rows_by_page(typesetting, 90)
    for full in (first, first + second):
        for over in (1, 2, 3):
            assert min(rows_by_page(typesetting, full + over)) >= 3, (full, over)


def test_no_name_stands_alone_on_a_page_of_the_cover(typesetting: Typesetting) -> None:
    def names_by_page(many: int) -> list[int]:
        pages = [contents.student(student(f"Pupil {each}"), OPTIONS) for each in range(many)]
        cover = contents.cover(OPTIONS, "9A", [student("Ann")] * many)
        pdf, _ = typesetting.pdf(contents.document(OPTIONS, "Reports", pages, cover))
        told = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
        names = [len(re.findall(r"Pupil \d+", one)) for one in told[:-many]]
        assert sum(names) == many
        return names

    first, *_ = names_by_page(50)
    for over in chosen(sample=(1,), nightly=(1, 2)):
        assert min(names_by_page(first + over)) >= 3
