"""What a digest says: to each what they may see, in words that lead to the page, and nothing that runs."""

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest

from dashboard.pages import PAGES
from data.access.session import Actor, acting_as
from data.digest.contents import Digest as Contents
from data.digest.contents import DigestPeriod, digest_of
from data.digest.wording import as_html, as_text
from tests import people
from tests.clusters import Scratch
from tests.database.digest.conftest import URL, Digest
from tests.database.digest.mail_host import MailHost
from tests.database.rows_as_owner import ask
from tests.people import ANN, ASSESSMENT, CLASS_1A, CLASS_1B, CLEO, COORDINATOR, COURSE, TEACHER

TESS = "tess@example.org"
DAY = DigestPeriod(1, UTC, URL)


def parts(host: MailHost) -> tuple[str, str]:
    """The text and the HTML of the last mail."""
    plain, html = host.mails[-1].iter_parts()
    return str(plain.get_content()), str(html.get_content())


def composed(
    actor: Actor, period: DigestPeriod = DAY, last: datetime | None = None
) -> Contents | None:
    with acting_as(actor) as connection:
        return digest_of(connection, period, last)


@pytest.fixture
def tess(school: Scratch, digest: Digest) -> Actor:
    """Of a school that has it sent."""
    return people.actor(school.database, TEACHER)


class Seen(HTMLParser):
    """The tags of a page, its words, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [str(value) for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_both_forms_say_who_needs_attention_and_what_is_new_with_links(
    digest: Digest, host: MailHost
) -> None:
    digest("--to", TESS)
    text, html = parts(host)
    seen = Seen(html)
    for sentence in (
        "Ann Ågren, 1A",
        "Below the pass mark in Fractions test: score 55, pass mark 70.",
        "Ann Ågren newly below a pass mark",
        "Unsubscribe",
    ):
        assert sentence in text
        assert sentence in seen.words
    student = f"{URL}/student?student={ANN}"
    assert student in text
    assert {student, f"{URL}/classroom?class={CLASS_1A}"} < {*seen.links}
    assert all(link.startswith(f"{URL}/") for link in seen.links)


def test_where_names_stay_out_students_are_counted_and_links_lead_to_them(
    school: Scratch, digest: Digest, host: MailHost
) -> None:
    ask(school, "update school.digest set names_students = false")
    digest("--to", TESS)
    text, html = parts(host)
    for one in (text, html, str(host.mails[-1]["Subject"])):
        assert "Ann" not in one
        assert "gren" not in one
    assert "A student, 1A" in text
    assert "1 student newly below a pass mark" in text
    assert f"student={ANN}" in text


def test_each_is_told_of_their_own_classes_alone(
    school: Scratch, digest: Digest, host: MailHost
) -> None:
    ask(
        school,
        "insert into public.student_module_progress (student_id, module_id, status, score) "
        "values (%s, %s, 'Completed', 3) on conflict (student_id, module_id) do update set score = 3",
        CLEO,
        ASSESSMENT,
    )
    digest("--to", "otto@example.org")
    text, _ = parts(host)
    assert str(CLASS_1B) in text
    assert "Cleo Zhang" in text
    for foreign in (str(CLASS_1A), str(ANN), "Ann"):
        assert foreign not in text
    digest("--to", "cora@example.org")
    text, _ = parts(host)
    assert "Cleo Zhang" in text
    assert "Ann Ågren" in text


HOSTILE = "<img src=https://evil.example/x.png>\r\nBcc: everybody@evil.example\x1b[2J\u202e www.evil.example"


def test_no_stored_name_becomes_a_header_a_line_a_tag_or_a_link(
    school: Scratch, digest: Digest, host: MailHost
) -> None:
    ask(school, "update school.student set full_name = %s where id = %s", HOSTILE, ANN)
    ask(school, "update school.class set name = %s where id = %s", HOSTILE + "!", CLASS_1A)
    ask(school, "update public.modules set name = %s where id = %s", HOSTILE, ASSESSMENT)
    ask(school, "update school.staff set full_name = %s where id = %s", HOSTILE, TEACHER)
    digest("--to", TESS)
    assert host.takers == [TESS]
    (mail,) = host.mails
    assert "Bcc" not in mail
    text, html = parts(host)
    for one in (text, html):
        assert "\x1b" not in one
        assert "\u202e" not in one
        assert re.search(r"(?i)https?://evil|www\.evil|@evil", one) is None
    assert not [line for line in text.splitlines() if line.startswith("Bcc")]
    seen = Seen(html)
    assert "img" not in seen.tags
    assert "<img src" in seen.words  # the control: it is there, as words
    assert all(link.startswith(f"{URL}/") for link in seen.links)


def test_nothing_in_it_is_loaded_or_runs(digest: Digest, host: MailHost) -> None:
    digest("--to", TESS)
    _, html = parts(host)
    assert Seen(html).tags <= {
        *("html", "head", "meta", "title", "style", "body", "div"),
        *("h1", "h2", "p", "ul", "li", "strong", "span", "a", "br"),
    }
    assert "url(" not in html
    assert "@import" not in html


def test_its_links_are_those_of_the_pages(tess: Actor) -> None:
    found = composed(tess)
    assert found is not None
    pages = {page.name for page in PAGES}
    told = [*found.students, *found.classes]
    links = [*(one.who for one in found.students), *(one.name for one in found.classes)]
    assert told
    assert {re.sub(rf"^{URL}/(\w+)\?.*", r"\1", one.href) for one in links} <= pages


def test_nothing_to_say_is_nothing_sent(school: Scratch, digest: Digest, host: MailHost) -> None:
    ask(school, "update public.student_module_progress set score = 90 where score < 70")
    assert digest("--to", "otto@example.org").stdout == "0 sent, 1 had nothing new.\n"
    assert host.mails == []


@pytest.mark.parametrize(
    ("days", "last", "since"),
    [
        (1, None, timedelta(days=1)),
        (1, timedelta(hours=9), timedelta(hours=9)),
        (1, timedelta(days=3), timedelta(days=3)),
        (1, timedelta(days=99), timedelta(days=31)),
        (7, None, timedelta(days=7)),
        (7, timedelta(days=1), timedelta(days=7)),
        (7, timedelta(days=14), timedelta(days=14)),
        (7, timedelta(days=99), timedelta(days=31)),
    ],
)
def test_a_day_is_since_the_last_one_and_a_week_at_least_a_week(
    days: int, last: timedelta | None, since: timedelta
) -> None:
    now = datetime(2026, 3, 9, 7, tzinfo=UTC)
    found = DigestPeriod(days, UTC, URL).since(now, None if last is None else now - last)
    assert now - found == since


def changed_by_colleague(school: Scratch, days: int) -> None:
    ask(
        school,
        "insert into dashboard.history (student_id, module_id, operation, source, author_id, at) "
        "values (%s, %s, 'update', 'form', %s, now() - make_interval(days => %s))",
        ANN,
        COURSE,
        COORDINATOR,
        days,
    )


def test_a_week_tells_what_a_day_does_not(school: Scratch, tess: Actor) -> None:
    changed_by_colleague(school, 3)
    day, week = composed(tess), composed(tess, DigestPeriod(7, UTC, URL))
    words = [
        [each.words for told in one.classes for each in told.news] if one else []
        for one in (day, week)
    ]
    line = "1 module of Ann Ågren changed by colleagues"
    assert line not in words[0]
    assert line in words[1]


def crowd(school: Scratch, students: int) -> list[UUID]:
    """More students of 1A, each stuck in a quiz."""
    details = json.dumps({"lesson_quiz_results": {"1": {"attempts": 3, "passed": False}}})
    ids = [UUID(int=5000 + number) for number in range(students)]
    for number, one in enumerate(ids):
        ask(school, "insert into auth.users (id) values (%s)", one)
        ask(
            school,
            "insert into school.student (id, organisation_id, full_name) select %s, organisation_id, %s "
            "from school.class where id = %s",
            one,
            f"Student {number}",
            CLASS_1A,
        )
        ask(school, "insert into school.class_student values (%s, %s)", CLASS_1A, one)
        ask(
            school,
            "insert into public.student_module_progress (student_id, module_id, status, progress_details) "
            f"values ('{one}', '{COURSE}', 'InProgress', '{details}')",
        )
    return ids


def test_of_many_the_first_are_told_and_how_many_there_are(school: Scratch, tess: Actor) -> None:
    crowd(school, 12)
    found = composed(tess)
    assert found is not None
    assert (len(found.students), found.of_students) == (8, 13)
    for shown in (as_text(found, None), Seen(as_html(found, None)).words):
        assert "13 students need attention" in shown.lower()
        assert "These are the first 8: " in shown
        assert "5 more students" in shown
        assert "12 students newly stuck in a quiz" in shown


def test_unsubscribing_is_offered_where_there_is_a_link(tess: Actor) -> None:
    found: Any = composed(tess)
    link = f"{URL}/unsubscribe?t=x"
    for form in (as_text, as_html):
        assert link in form(found, link)
        assert "nsubscribe" not in form(found, None)
