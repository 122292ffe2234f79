"""Who decides that the digest is sent, and who that they get it: on the page, and by the link in a mail."""

import logging
import re
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.web import unsubscribe
from data.access.errors import DatabaseAway
from data.access.session import Actor, Database, acting_as
from data.digest.sending import UNSUBSCRIBE
from data.digest.terms import (
    REFUSED,
    DigestTerms,
    digest_terms,
    have_digest_sent,
    want_digest,
    wants_digest,
)
from tests.clusters import Scratch
from tests.database.digest.conftest import URL, Digest
from tests.database.digest.mail_host import MailHost
from tests.database.rows_as_owner import ask
from tests.people import (
    ADMIN,
    ANN,
    CLASS_1A,
    COORDINATOR,
    EVERYWHERE,
    NORTH,
    OTHER_TEACHER,
    SOUTH,
    SOUTH_COORDINATOR,
    TEACHER,
    VIEWER,
)

Act = Callable[[UUID], Actor]
TESS = "tess@example.org"


def terms(actor: Actor) -> list[DigestTerms]:
    with acting_as(actor) as connection:
        return [*digest_terms(connection)]


def wanted(actor: Actor) -> bool | None:
    with acting_as(actor) as connection:
        return wants_digest(connection)


def rows(school: Scratch) -> list[tuple[UUID, bool, bool]]:
    return [tuple(row.values()) for row in ask(school, "select * from school.digest")]


@pytest.mark.parametrize("person", [COORDINATOR, ADMIN, EVERYWHERE])
def test_who_manages_an_organisation_has_it_sent_there(
    school: Scratch, act: Act, person: UUID
) -> None:
    actor = act(person)
    assert [(one.is_sent, one.names_students) for one in terms(actor)] == [(False, False)] * len(
        terms(actor)
    )
    assert have_digest_sent(actor, NORTH, is_sent=True, names_students=False) is None
    assert have_digest_sent(actor, NORTH, is_sent=True, names_students=True) is None
    assert rows(school) == [(NORTH, True, True)]
    assert DigestTerms(NORTH, "North School", True, True) in terms(actor)


@pytest.mark.parametrize("person", [TEACHER, VIEWER, SOUTH_COORDINATOR, ANN])
def test_nobody_else_does(
    school: Scratch, act: Act, person: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "progress.audit"):
        assert have_digest_sent(act(person), NORTH, is_sent=True, names_students=True) == REFUSED
    assert "digest set refused why=refused" in caplog.text
    assert rows(school) == []
    assert NORTH not in {one.organisation_id for one in terms(act(person))}


def test_each_says_for_themselves_whether_they_get_it(
    school: Scratch, act: Act, digest: Digest, host: MailHost
) -> None:
    tess, otto = act(TEACHER), act(OTHER_TEACHER)
    assert wanted(tess) is True
    want_digest(tess, wanted=False)
    want_digest(tess, wanted=False)
    assert (wanted(tess), wanted(otto)) == (False, True)
    assert digest("--to", TESS).stdout == "0 sent, 1 unsubscribed.\n"
    want_digest(tess, wanted=True)
    assert wanted(tess) is True
    assert digest("--to", TESS).stdout == "1 sent.\n"
    ask(school, "update school.digest set is_sent = false where organisation_id = %s", NORTH)
    assert wanted(tess) is None


def test_who_has_no_class_is_asked_nothing(school: Scratch, act: Act, digest: Digest) -> None:
    assert digest is not None
    ask(school, "update school.class set archived_at = now() where id = %s", CLASS_1A)
    assert wanted(act(TEACHER)) is None
    assert wanted(act(OTHER_TEACHER)) is True  # the control


# --- the page of the link ---


@pytest.fixture
def page(school: Scratch, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(unsubscribe, "database", lambda: school.database)
    app = Starlette(routes=[Route(UNSUBSCRIBE, unsubscribe.answer, methods=["GET", "POST"])])
    return TestClient(app, base_url=URL)


@pytest.fixture
def link(digest: Digest, host: MailHost) -> str:
    """Of the mail to Tess, whose next one may be sent at once."""
    digest("--to", TESS)
    return str(host.mails[-1]["List-Unsubscribe"]).strip("<>")


def another_day(school: Scratch) -> None:
    ask(school, "update internal.digest_reader set sent_at = sent_at - interval '2 days'")


def test_one_click_in_a_mail_program_ends_it(
    school: Scratch, page: TestClient, link: str, digest: Digest, act: Act
) -> None:
    another_day(school)
    answer = page.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "You get no more digests." in answer.text
    assert wanted(act(TEACHER)) is False
    assert wanted(act(COORDINATOR)) is True
    assert digest("--to", TESS).stdout == "0 sent, 1 unsubscribed.\n"
    page.post(link)
    assert wanted(act(TEACHER)) is False


def test_opening_the_link_changes_nothing_and_its_buttons_end_it_and_bring_it_back(
    page: TestClient, link: str, act: Act
) -> None:
    opened = page.get(link)
    assert wanted(act(TEACHER)) is True
    assert opened.headers["cache-control"] == "no-store"
    ended = page.post(UNSUBSCRIBE + button(opened.text, "Unsubscribe"))
    assert wanted(act(TEACHER)) is False
    again = page.post(UNSUBSCRIBE + button(ended.text, "Send it again"))
    assert wanted(act(TEACHER)) is True
    assert "You get the digest again." in again.text
    page.post(UNSUBSCRIBE + button(again.text, "Unsubscribe"))
    assert wanted(act(TEACHER)) is False


def button(shown: str, label: str) -> str:
    """The address that a page's one button posts to."""
    found = re.search(r'<form method="post" action="([^"]+)"><button>([^<]+)</button>', shown)
    assert found
    assert found[2] == label
    return found[1].replace("&amp;", "&")


@pytest.mark.parametrize(
    "secret", ["", "x", "' or true --", "00000000-0000-0000-0000-000000000000", "\x00", "🦉" * 40]
)
@pytest.mark.usefixtures("link")
def test_a_link_of_nobody_ends_nothing(
    school: Scratch, page: TestClient, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = ask(school, "select * from internal.digest_reader")
    with caplog.at_level(logging.INFO, "progress.audit"):
        for answer in (
            page.post(UNSUBSCRIBE, params={"t": secret}),
            page.post(UNSUBSCRIBE, params={"t": str(uuid4())}),
        ):
            assert answer.status_code == 404
            assert "This link does not work." in answer.text
            assert "<form" not in answer.text
    assert "digest unsubscribed refused by=link" in caplog.text
    assert ask(school, "select * from internal.digest_reader") == before


def test_where_the_database_is_away_the_page_says_so_and_can_be_asked_again(
    page: TestClient, link: str, monkeypatch: pytest.MonkeyPatch, act: Act
) -> None:
    def away() -> Database:
        raise DatabaseAway("away")

    with monkeypatch.context() as patched:
        patched.setattr(unsubscribe, "database", away)
        answer = page.post(link)
    assert answer.status_code == 503
    page.post(UNSUBSCRIBE + button(answer.text, "Try again"))
    assert wanted(act(TEACHER)) is False


def test_nobody_is_told_a_link(act: Act, link: str) -> None:
    assert link
    for person in (TEACHER, ADMIN):
        with acting_as(act(person)) as connection:
            allowed = connection.scalar(
                text("select has_any_column_privilege('internal.digest_reader', 'select')")
            )
            assert allowed is False


def test_who_is_erased_leaves_none_and_who_is_still_on_the_staff_keeps_it(school: Scratch) -> None:
    added = "insert into internal.digest_reader (staff_id) values (%s)"
    for one in (ANN, TEACHER):
        ask(school, added, one)
    with school.owner() as connection:
        connection.execute("select internal.erase(%s)", ([ANN],))
    left = ask(school, "select staff_id from internal.digest_reader")
    assert [row["staff_id"] for row in left] == [TEACHER]
    both = "insert into school.student (id, organisation_id, full_name) values (%s, %s, 'x')"
    ask(school, both, TEACHER, SOUTH)
    with school.owner() as connection:
        connection.execute("select internal.erase(%s)", ([TEACHER],))
    left = ask(school, "select staff_id from internal.digest_reader")
    assert [row["staff_id"] for row in left] == [TEACHER]
