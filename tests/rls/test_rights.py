"""The rights of each role are those that are written down, and no more."""

import psycopg

from tests.clusters import Scratch
from tests.rls.oracle import RELATIONS
from tests.rls.rights import ADDED, CHANGED, COLUMNS, HIDDEN, wrong_rights


def test_the_rights_of_each_role_are_these_and_no_more(shared: Scratch) -> None:
    """What is added later is refused until it is written down in tests/rls/rights.py."""
    with psycopg.connect(shared.owner_url) as owner:
        assert list(wrong_rights(owner)) == []
        columns = owner.execute(COLUMNS.encode(), (list(RELATIONS),)).fetchall()
    told = {(name, one) for some in (ADDED, CHANGED, HIDDEN) for name in some for one in some[name]}
    assert told <= {(name, column) for name, column, *_ in columns}


def test_a_right_too_much_or_too_little_is_seen_of_every_kind(shared: Scratch) -> None:
    for statement, word in (
        (
            "grant update (before) on dashboard.history to dashboard_person",
            "dashboard.history.before",
        ),
        ("grant select (id) on school.class to dashboard_guest", "school.class.id"),
        ("grant delete on dashboard.note to dashboard_person", "dashboard.note: delete"),
        (
            "grant select on public.student_module_progress to dashboard_person",
            "progress: select by",
        ),
        ("revoke delete on dashboard.draft from dashboard_person", "dashboard.draft: "),
        (
            "grant execute on function internal.author() to dashboard_guest",
            "dashboard_guest calls internal.author",
        ),
        (
            "grant execute on function internal.author() to public",
            "progress_app calls internal.author",
        ),
        ("grant usage on schema school to progress_app", "progress_app enters school"),
        ("grant update (id) on school.staff to dashboard_person", "school.staff.id"),
        (
            "grant update (organisation_id) on school.student to dashboard_person",
            "school.student.organisation_id",
        ),
        ("revoke usage on schema roster from dashboard_person", "dashboard_person enters roster"),
        (
            "grant create on schema public to dashboard_person",
            "dashboard_person makes things in public",
        ),
    ):
        with psycopg.connect(shared.owner_url) as owner:
            owner.execute(statement.encode())
            found = list(wrong_rights(owner))
            owner.rollback()
        assert any(word in one for one in found), (statement, found)
