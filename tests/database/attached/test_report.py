"""The report of what attaching would meet: on both hosts, and on copies in which one thing is otherwise."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import text

from data.access.owner import as_owner
from data.database.attaching import findings
from data.database.attaching.adapter import read
from data.database.attaching.findings import AGREED, AttachFinding, as_data, in_words
from data.database.attaching.report import report
from data.database.attaching.reporting.rows import backfill_time
from tests.database.attached.host import Host, Hosts
from tests.database.attached.spoilt import OF_ANOTHER, ROLE, SPOILT, TABLE
from tests.pooler import pooler

ATTACHING = findings.__file__.removesuffix("findings.py")


def reported(
    host: Host,
    spoilt: str = "",
    *,
    triggers: bool = True,
    role_words: Mapping[str, str | None] | None = None,
) -> list[AttachFinding]:
    """What the owner is told where this is otherwise."""
    with host.otherwise(spoilt) as connection:
        connection.execute(text("set transaction_read_only = on"))
        return report(connection, read(host.adapter), role_words or {}, triggers=triggers)


def codes(found: list[AttachFinding], severity: str) -> list[str]:
    return sorted({one.code for one in found if one.severity == severity})


def sentences(found: list[AttachFinding], code: str) -> str:
    return "\n".join(f"{one.severity}: {one.sentence}" for one in found if one.code == code)


def test_the_platform_can_be_attached_with_what_its_owner_agrees_to(shared_platform: Host) -> None:
    found = reported(shared_platform)
    assert codes(found, "stop") == []
    assert codes(found, "consent") == [
        "policy",
        "roles",
        "self_written",
        "temporary",
        "trigger_as_writer",
    ]
    assert codes(found, "note") == [
        "event_triggers",
        "exposed",
        "further_columns",
        "index",
        "policies",
        "policy",
        "rows_of_nobody",
        "size",
        "staff_emails",
        "student_emails",
        "student_numbers",
        "students_left_out",
        "timeouts",
        "trigger",
        "truncate",
        "unknown_role",
        "unknown_status",
    ]
    assert "“No old completions” of the platform (updating) is restrictive" in sentences(
        found, "policy"
    )
    assert (
        "“Leaderboard” of the platform (reading) is for everybody, and lets all rows"
        in in_words(found)
    )
    assert (
        "“Staff: SELECT all” of the platform (reading) is for everybody, and asks other"
        in in_words(found)
    )
    assert (
        "stamp_course_completed of the platform runs as whoever writes, and asks auth.uid"
        in in_words(found)
    )
    assert (
        "authenticated can write client_id, full_name, is_active, role, status of public.profiles by the "
        in in_words(found)
    )
    assert "2 rows have the status Paused" in in_words(found)
    assert "“mentor”, which is not known" in sentences(found, "unknown_role")
    assert "1 of the staff have no role" in sentences(found, "unknown_role")
    assert (
        "3 with the role “staff” as viewer of all organisations; 1 with the role “viewer” as viewer of "
        "their own organisation" in sentences(found, "roles")
    )
    assert "No index of public.student_module_progress begins with module_id" in sentences(
        found, "index"
    )
    assert "1,310 rows" in sentences(found, "size")
    assert "less than a minute" in sentences(found, "size")
    assert "staff5@example.org" in sentences(found, "staff_emails")
    assert "who cannot sign in: 1." in sentences(found, "staff_emails")
    assert "adapter gives: 3." in sentences(found, "students_left_out")
    assert "role authenticator lock_timeout 8s" in sentences(found, "timeouts")


def test_so_can_a_school_on_plain_postgresql(classes_host: Host) -> None:
    found = reported(classes_host)
    assert codes(found, "stop") == []
    assert codes(found, "consent") == ["roles", "temporary"]
    assert codes(found, "note") == ["authors", "size", "unknown_role"]
    assert (
        "1 with the role “admin” as admin of all organisations; 2 with the role “coordinator” as "
        "coordinator of their own organisation; 3 with the role “teacher”" in in_words(found)
    )


def test_a_schema_that_its_owner_may_not_enter_is_no_error(classes_host: Host) -> None:
    shut = "create schema auth; create function auth.uid() returns uuid return null::uuid"
    assert codes(reported(classes_host, shut), "note") == ["size", "unknown_role"]


def test_it_can_be_read_by_programs_and_by_people(shared_platform: Host) -> None:
    found = reported(shared_platform)
    assert json.loads(json.dumps(as_data(found)))[0].keys() == {"code", "severity", "sentence"}
    headings = [line for line in in_words(found).splitlines() if line.endswith(":")]
    assert headings == ["This needs your agreement:", "This is worth knowing:"]


def test_the_head_says_what_comes_of_it_and_the_weightiest_is_first(shared_platform: Host) -> None:
    head, agreed, noted = in_words(reported(shared_platform)).split("\n\n")
    assert head.startswith(
        "Nothing keeps this database from being attached. public.student_module_progress has"
    )
    assert head.endswith(
        "meanwhile. 5 things need your agreement, one by one, or all of them unread by --yes: that people "
        "can make themselves more than they are; who may sign in; rules of the platform that do not bind this "
        "program; triggers of the platform that run on what is saved here; a right that everybody loses in "
        "this database."
    )
    assert agreed.splitlines()[1].startswith("- People of the platform can make themselves more")
    assert "of the staff have no role" in noted.splitlines()[1]
    assert "Taking them in takes" not in noted
    stopped = in_words(reported(shared_platform, f"alter table {TABLE} drop column score"))
    assert stopped.startswith("It cannot be attached as it is, for 1 reason.\n\nThis keeps it")


def test_whatever_needs_agreement_is_in_the_head() -> None:
    sources = "".join(file.read_text(encoding="utf-8") for file in Path(ATTACHING).rglob("*.py"))
    assert set(re.findall(r"consent\(\s*\"(\w+)\"", sources)) - set(AGREED) == set()


def test_a_word_for_a_role_can_be_given_a_meaning(shared_platform: Host) -> None:
    found = reported(
        shared_platform, role_words={"mentor": "teacher", "client staff": "coordinator"}
    )
    assert "Mentor" not in sentences(found, "unknown_role")
    assert (
        "3 with the role “client staff” as coordinator of their own organisation; 1 with the role “mentor” as"
        in sentences(found, "roles")
    )


def test_who_shares_an_e_mail_counts_where_staff_are_found_by_account(
    shared_platform: Host,
) -> None:
    with shared_platform.otherwise() as connection:
        found = report(connection, read("institutions"), by_account=True)
    assert "5 with the role “client staff” as viewer of their own organisation" in sentences(
        found, "roles"
    )


def test_without_triggers_no_right_to_make_them_is_needed(shared_platform: Host) -> None:
    assert "stop: This user may not make triggers" in sentences(
        reported(shared_platform, OF_ANOTHER), "triggers"
    )
    assert sentences(reported(shared_platform, OF_ANOTHER, triggers=False), "triggers") == ""


def test_a_wrong_adapter_is_part_of_the_report(shared_platform: Host) -> None:
    found = reported(shared_platform, "alter table clients rename to customers")
    assert "public.clients" in sentences(found, "adapter")
    assert codes(found, "stop") == ["adapter"]


@pytest.mark.parametrize(("spoilt", "code", "said"), SPOILT)
def test_what_is_otherwise_is_told(
    shared_platform: Host, spoilt: str, code: str, said: str
) -> None:
    told = sentences(reported(shared_platform, spoilt), code)
    assert said in told if said else told == ""


def test_an_owner_whom_no_right_frees_is_bound_by_forced_policies(classes_host: Host) -> None:
    assert sentences(reported(classes_host), "row_level_security") == ""
    forced = f"alter table {TABLE} force row level security"
    assert "stop: " in sentences(reported(classes_host, forced), "row_level_security")


def test_a_column_that_is_read_as_it_is_is_told_alone(classes_host: Host) -> None:
    granted = "grant update on teachers to dashboard_reader"
    found = reported(classes_host, f"create role dashboard_reader; {granted}")
    assert (
        "dashboard_reader can write email, is_active, role, school_id of public.teachers, and"
        in sentences(found, "self_written")
    )


def test_an_address_that_leads_through_a_pooler_is_told(
    servers: Callable[[str, str], Hosts], cluster: str, shared_platform: Host
) -> None:
    server = servers("institutions", cluster).cluster
    with pooler(server, shared_platform.owner_url) as url, as_owner(url) as connection:
        found = report(connection, read("institutions"))
    assert "leads through a pooler" in sentences(found, "pooler")
    assert codes(found, "stop") == []


def test_a_role_of_ours_that_somebody_else_made_cannot_be_passed_on(
    shared_platform: Host, cluster: str
) -> None:
    """Until PostgreSQL 15 whoever makes roles may pass on any."""
    anothers = f"{ROLE}; do $$ begin execute 'revoke dashboard_person from host_owner'; end $$"
    told = sentences(reported(shared_platform, anothers), "role_of_another")
    assert ("stop: The role dashboard_person was made by somebody else" in told) == (
        cluster == "18"
    )


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (0, "less than a minute"),
        (599_999, "less than a minute"),
        (1_000_000, "1 to 2 minutes"),
        (60_000_000, "25 to 100 minutes"),
    ],
)
def test_the_time_of_a_backfill_is_told_by_the_number_of_rows(rows: int, words: str) -> None:
    assert backfill_time(rows) == words
