"""The digest is sent for real: to whom, when, and what becomes of it where a server will not."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.clusters import Scratch
from tests.database.command_line import refused, start
from tests.database.digest.conftest import URL, Digest, settings
from tests.database.digest.mail_host import (
    ELSEWHERE,
    HERE,
    PASSWORD,
    USER,
    MailHost,
    certified,
    mail_host,
)
from tests.database.rows_as_owner import ask, is_waiting
from tests.machine import until
from tests.people import ANN, COORDINATOR, NORTH, TEACHER, VIEWER

TESS, CORA, VERA = "tess@example.org", "cora@example.org", "vera@example.org"
NORTHERN = [CORA, TESS, VERA]
"""Who has something to be told in the North; Otto's class is well."""


def reader(school: Scratch, person: UUID) -> dict[str, Any]:
    (row,) = ask(school, "select * from internal.digest_reader where staff_id = %s", person)
    return row


def test_each_gets_one_and_a_second_run_sends_none(
    school: Scratch, digest: Digest, host: MailHost
) -> None:
    first = digest()
    assert first.exit_code == 0
    assert first.stdout.startswith("3 sent, 1 had nothing new, 4 in schools that do not send it")
    assert sorted(host.takers) == NORTHERN
    assert digest().stdout.startswith("0 sent, 1 had nothing new, 3 had one today")
    assert len(host.mails) == 3
    assert reader(school, TEACHER)["claimed_at"] is None
    ask(school, "update internal.digest_reader set sent_at = sent_at - interval '1 day'")
    assert digest("--to", TESS).stdout == "1 sent.\n"
    assert host.takers[3:] == [TESS]


def test_the_headers_say_what_it_is_and_how_to_end_it(digest: Digest, host: MailHost) -> None:
    digest("--to", TESS)
    (mail,) = host.mails
    assert mail["From"] == "Progress <progress@school.example>"
    assert mail["To"] == TESS
    assert mail["Subject"] == "Progress: 1 student needs attention"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None
    assert mail["Message-ID"].endswith(".progress@school.example>")
    raw = dict(mail.raw_items())
    assert raw["List-Unsubscribe"].startswith(f"<{URL}/unsubscribe?t=")
    assert raw["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_without_settings_it_says_what_to_set_and_sends_nothing(
    digest: Digest, host: MailHost
) -> None:
    for name in ("PROGRESS_URL", "PROGRESS_SMTP", "PROGRESS_MAIL_FROM"):
        assert refused(digest(**{name: None}), f"{name} is not set")
    assert host.mails == []


def test_nobody_gets_it_before_their_organisation_has_it_sent(
    school: Scratch, digest: Digest, host: MailHost
) -> None:
    ask(school, "update school.digest set is_sent = false")
    said = digest()
    assert said.exit_code == 0
    assert said.stdout.startswith("0 sent, 8 in schools that do not send it")
    assert "School, Digest" in said.stdout
    assert host.mails == []
    ask(school, "update school.digest set is_sent = true")
    assert digest().stdout.startswith("3 sent")


def test_who_is_told_of_classes_of_two_schools_waits_for_both(
    school: Scratch, digest: Digest, host: MailHost
) -> None:
    assert "in schools that do not send it" in digest("--to", "ada@example.org").stdout
    ask(school, "insert into school.digest select id, true, false from school.organisation "
        "on conflict do nothing")  # fmt: skip
    assert digest("--to", "ada@example.org").stdout == "1 sent.\n"
    assert "Ann" not in host.mails[0].as_string()  # one of them allows no names


def test_to_names_one_of_the_staff(school: Scratch, digest: Digest, host: MailHost) -> None:
    for email in ("nobody@example.org", "ann@example.org", "dora@example.org"):
        assert refused(digest("--to", email), f"Nobody on the staff has the e-mail {email}")
    digest("--to", "TESS@example.org")
    assert host.takers == [TESS]


def test_stdout_prints_and_neither_sends_nor_records(
    school: Scratch, digest: Digest, host: MailHost
) -> None:
    printed = digest("--stdout", PROGRESS_SMTP=None, PROGRESS_MAIL_FROM=None).stdout
    assert [line for line in printed.splitlines() if line.startswith("To: ")] == [
        f"To: {one}" for one in NORTHERN
    ]
    assert digest("--stdout", "--to", TESS).stdout.startswith(f"To: {TESS}\nSubject: Progress: 1 ")
    assert digest("--stdout", "--to", "otto@example.org").stdout == "0 sent, 1 had nothing new.\n"
    assert host.mails == []
    assert ask(school, "select * from internal.digest_reader") == []
    assert ask(school, "select * from dashboard.disclosure") == []


def test_who_was_switched_off_gets_none(school: Scratch, digest: Digest, host: MailHost) -> None:
    ask(school, "update school.staff set is_active = false where id = %s", TEACHER)
    digest()
    assert sorted(host.takers) == [CORA, VERA]


def test_who_unsubscribed_gets_none_until_they_want_it_again(
    school: Scratch, digest: Digest, host: MailHost
) -> None:
    ask(
        school,
        "insert into internal.digest_reader (staff_id, unsubscribed_at) values (%s, now())",
        TEACHER,
    )
    assert digest("--to", TESS).stdout == "0 sent, 1 unsubscribed.\n"
    assert host.mails == []
    ask(school, "update internal.digest_reader set unsubscribed_at = null")
    assert digest("--to", TESS).stdout == "1 sent.\n"


def test_whom_the_server_does_not_know_stops_nobody_and_is_tried_again(
    school: Scratch, digest: Digest, host: MailHost
) -> None:
    host.unknown.add(CORA)
    said = digest()
    assert said.exit_code == 1
    assert said.stderr == f"Not sent to {CORA}: 550 5.1.1 no such person.\n"
    assert said.stdout.startswith("2 sent, 1 had nothing new, 4 in schools")
    assert sorted(host.takers) == [TESS, VERA]
    assert reader(school, COORDINATOR)["sent_at"] is None
    host.unknown.clear()
    assert digest().exit_code == 0
    assert sorted(host.takers) == NORTHERN


def test_a_connection_that_ends_is_made_anew_for_the_next(digest: Digest, host: MailHost) -> None:
    host.drops.add(CORA)
    said = digest()
    assert (said.exit_code, sorted(host.takers)) == (1, [TESS, VERA])
    assert f"Not sent to {CORA}: the server ended the connection" in said.stderr
    host.drops.clear()
    digest()
    assert sorted(host.takers) == NORTHERN


def test_a_server_that_is_away_is_told_in_words_and_all_are_sent_later(
    digest: Digest, host: MailHost
) -> None:
    said = digest(PROGRESS_SMTP=f"smtp://{HERE}:1")
    assert said.exit_code == 1
    assert f"The mail server {HERE}:1 cannot be used: " in said.stderr
    assert said.stdout.startswith("0 sent")
    assert digest().stdout.startswith("3 sent")


def test_three_at_once_send_each_once(school: Scratch, digest: Digest, host: MailHost) -> None:
    with school.owner() as holding, holding.transaction():
        # All three have read that nobody has one yet, and nobody's claim gets in.
        holding.execute("lock table internal.digest_reader in exclusive mode")
        programs = [start("digest", **settings(school, host)) for _ in range(3)]
        until(lambda: is_waiting(school, people=3))
    said = [program.communicate() for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0], said
    assert sorted(host.takers) == NORTHERN


def test_what_was_claimed_and_never_ended_is_sent_after_an_hour(
    school: Scratch, digest: Digest, host: MailHost
) -> None:
    claimed = "insert into internal.digest_reader (staff_id, claimed_at) values (%s, now() - %s::interval)"
    ask(school, claimed, TEACHER, "59 minutes")
    assert digest("--to", TESS).stdout == "0 sent, 1 had one today.\n"
    ask(school, "update internal.digest_reader set claimed_at = now() - interval '61 minutes'")
    assert digest("--to", TESS).stdout == "1 sent.\n"


def test_it_is_recorded_whose_data_was_mailed_to_whom(school: Scratch, digest: Digest) -> None:
    digest("--to", VERA)
    lines = ask(school, "select person_id, kind, student_ids from dashboard.disclosure")
    assert lines == [{"person_id": VIEWER, "kind": "mail", "student_ids": [ANN]}]


@pytest.mark.parametrize(
    "email", ["", "no address", "a@b.example\r\nBcc: x@y.example", "a\x07@b.example"]
)
def test_what_is_no_address_gets_no_mail(
    school: Scratch, digest: Digest, host: MailHost, email: str
) -> None:
    ask(school, "update school.staff set email = %s where id = %s", email, TEACHER)
    said = digest()
    assert said.exit_code == 0
    assert "1 without an e-mail address" in said.stdout
    assert sorted(host.takers) == [CORA, VERA]


# --- the way to the server ---


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return certified(tmp_path_factory.mktemp("mail"))


def elsewhere(host: MailHost, scheme: str = "smtp", password: str = PASSWORD) -> str:
    return f"{scheme}://{USER}:{password.replace('@', '%40').replace('/', '%2F')}@{ELSEWHERE}:{host.port}"


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_to_another_machine_it_is_encrypted_and_signed_in(
    digest: Digest, shown: Any, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = shown
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with mail_host(ELSEWHERE, context, is_tls_at_once=scheme == "smtps") as secured:
        assert digest("--to", TESS, PROGRESS_SMTP=elsewhere(secured, scheme)).stdout == "1 sent.\n"
        assert (secured.takers, secured.logins) == ([TESS], [True])


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_vouches_for_gets_no_password(
    digest: Digest, shown: Any, scheme: str
) -> None:
    with mail_host(ELSEWHERE, shown[0], is_tls_at_once=scheme == "smtps") as secured:
        said = digest("--to", TESS, PROGRESS_SMTP=elsewhere(secured, scheme))
        assert "its certificate cannot be trusted" in said.stderr
        assert (said.exit_code, secured.takers, secured.logins) == (1, [], [])


def test_a_certificate_of_another_name_gets_no_password(
    digest: Digest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certified(tmp_path, "127.0.0.3")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with mail_host(ELSEWHERE, context) as secured:
        said = digest("--to", TESS, PROGRESS_SMTP=elsewhere(secured))
        assert "its certificate cannot be trusted" in said.stderr
        assert secured.logins == []


def test_without_encryption_nothing_goes_to_another_machine(digest: Digest) -> None:
    with mail_host(ELSEWHERE) as plain:
        for url in (elsewhere(plain), f"smtp://{ELSEWHERE}:{plain.port}"):
            said = digest("--to", TESS, PROGRESS_SMTP=url)
            assert "it offers no encryption" in said.stderr
        assert (plain.mails, plain.logins) == ([], [])


def test_a_wrong_password_is_told_and_not_repeated(
    digest: Digest, shown: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = shown
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with mail_host(ELSEWHERE, context) as secured:
        said = digest("--to", TESS, PROGRESS_SMTP=elsewhere(secured, password="hunter2"))
        assert "it refuses the user or the password" in said.stderr
        assert "hunter2" not in said.output
        assert {*secured.logins} == {False}


def test_an_organisation_without_a_row_sends_nothing(school: Scratch, digest: Digest) -> None:
    ask(school, "delete from school.digest where organisation_id = %s", NORTH)
    assert digest("--to", TESS).stdout.startswith("0 sent, 1 in schools that do not send it")
