"""What the log is told of an error leads to its place, and quotes nothing of what a row holds."""

import logging
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.access.log_privacy import keep_rows_out_of_logs, masked, traced
from data.access.session import acting_as
from tests import people
from tests.clusters import Scratch
from tests.machine import slower

SECRET = "Ann has 37.25"


def failed(school: Scratch) -> DBAPIError:
    cora = people.actor(school.database, people.COORDINATOR)
    with pytest.raises(DBAPIError) as caught, acting_as(cora) as connection:
        connection.execute(text("select cast(:said as integer)"), {"said": SECRET})
    return caught.value


def test_what_the_database_said_is_told_by_its_code_and_place(school: Scratch) -> None:
    error = failed(school)
    assert SECRET in str(error)  # the control: PostgreSQL quotes it
    told = traced(error)
    assert SECRET not in told
    assert "22P02 in select cast(" in told
    assert "in failed" in told
    assert "which was the cause of" in told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "User 'tess.o-neill+a@mail.example.org' is not assigned",
            "User '(e-mail)' is not assigned",
        ),
        ("login_hint=tess%40example.org&x=1", "login_hint=(e-mail)&x=1"),
        ("<Tess@Example.org>, otto@x", "<(e-mail)>, (e-mail)"),
        ("ärmel@schule.example", "(e-mail)"),
        ("AADSTS50105: see https://x.example/a?b=c @ noon", None),
    ],
)
def test_what_others_say_is_told_without_e_mails(said: str, told: str | None) -> None:
    assert masked(said) == (told or said)
    assert traced(ValueError(said)).endswith(f"ValueError: {told or said}\n")


def test_a_long_text_is_masked_in_no_time() -> None:
    began = time.perf_counter()
    assert masked("a" * 200_000) == "a" * 200_000
    assert time.perf_counter() - began < 2 * slower()


def test_no_message_repeats_the_values_of_a_statement(school: Scratch) -> None:
    assert str(failed(school)).count(SECRET) == 1  # PostgreSQL's, and not SQLAlchemy's too


def test_no_log_of_any_library_says_more(
    school: Scratch, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # Some other test may have begun to keep rows out of its logs.
    monkeypatch.setattr(logging, "_logRecordFactory", logging.LogRecord)
    library = logging.getLogger("a.library")
    library.error("before", exc_info=failed(school))
    assert SECRET in caplog.text
    caplog.clear()
    keep_rows_out_of_logs()
    library.error("after", exc_info=failed(school))
    assert "22P02" in caplog.text
    assert SECRET not in caplog.text


def test_an_error_of_the_program_says_what_it_was() -> None:
    def fail() -> None:
        try:
            raise KeyError("first")
        except KeyError as error:
            raise ExceptionGroup("two", [ValueError("second"), error]) from error

    with pytest.raises(ExceptionGroup) as caught:
        fail()
    told = traced(caught.value)
    assert "builtins.ValueError: second" in told
    assert "in fail" in told
