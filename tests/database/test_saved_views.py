"""Saved views: mine are mine, shared ones are my organisation's, and nobody touches another's."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from data.access.session import Actor, acting_as
from data.reading.saved_views import SavedView, saved_views
from data.writing.saved_views import make_default, remove_view, save_view
from tests import people
from tests.clusters import Scratch

Act = Callable[..., Actor]


def views_of(actor: Actor) -> list[SavedView]:
    with acting_as(actor) as connection:
        return saved_views(connection)


def names_of(actor: Actor) -> list[str]:
    return [view.name for view in views_of(actor)]


def test_a_view_is_kept_with_its_parameters(act: Act) -> None:
    teacher = act(people.TEACHER)
    assert save_view(teacher, "  Behind   in fractions ", {"status": "NotStarted"}) is None
    (view,) = views_of(teacher)
    assert (view.name, view.parameters) == ("Behind in fractions", {"status": "NotStarted"})
    assert (view.is_mine, view.is_shared, view.is_default) == (True, False, False)


def test_a_view_of_mine_is_seen_by_nobody_else_unless_shared(act: Act) -> None:
    save_view(act(people.TEACHER), "Mine", {})
    save_view(act(people.TEACHER), "Ours", {}, is_shared=True)
    assert names_of(act(people.TEACHER)) == ["Mine", "Ours"]
    assert names_of(act(people.COORDINATOR)) == ["Ours"]
    assert names_of(act(people.SOUTH_COORDINATOR)) == []
    assert names_of(act(people.ANN)) == []
    assert views_of(act(people.COORDINATOR))[0].owner_name == "Tess Teacher"


def test_saving_under_the_same_name_replaces(act: Act) -> None:
    teacher = act(people.TEACHER)
    save_view(teacher, "Mine", {"status": "NotStarted"})
    save_view(teacher, "Mine", {"status": "Completed"})
    assert [view.parameters for view in views_of(teacher)] == [{"status": "Completed"}]


def test_there_is_one_default_at_most(act: Act) -> None:
    teacher = act(people.TEACHER)
    save_view(teacher, "One", {})
    save_view(teacher, "Two", {})
    make_default(teacher, views_of(teacher)[1].id)
    assert [view.is_default for view in views_of(teacher)] == [False, True]
    make_default(teacher, views_of(teacher)[0].id)
    assert [view.is_default for view in views_of(teacher)] == [True, False]
    make_default(teacher, None)
    assert [view.is_default for view in views_of(teacher)] == [False, False]


def test_a_colleague_cannot_remove_or_change_a_shared_view_and_its_owner_can(act: Act) -> None:
    save_view(act(people.TEACHER), "Ours", {"status": "NotStarted"}, is_shared=True)
    colleague = act(people.COORDINATOR)
    view = views_of(colleague)[0]
    assert not remove_view(colleague, view.id)
    with acting_as(colleague) as connection:
        changed = connection.execute(text("update dashboard.saved_view set name = 'Taken'"))
        assert changed.rowcount == 0
    make_default(colleague, view.id)
    assert not views_of(colleague)[0].is_default
    assert names_of(act(people.TEACHER)) == ["Ours"]
    assert remove_view(act(people.TEACHER), view.id)
    assert names_of(act(people.TEACHER)) == []


def test_nobody_shares_with_another_organisation(act: Act) -> None:
    share = text(
        "insert into dashboard.saved_view (name, parameters, organisation_id) "
        "values ('Ours', '{}', :organisation)"
    )
    with pytest.raises(ProgrammingError), acting_as(act(people.TEACHER)) as connection:
        connection.execute(share, {"organisation": people.SOUTH})
    with acting_as(act(people.TEACHER)) as connection:
        connection.execute(share, {"organisation": people.NORTH})
    assert names_of(act(people.COORDINATOR)) == ["Ours"]


@pytest.mark.parametrize("person", [people.ANN, people.STRANGER, people.DISABLED])
def test_who_is_not_staff_keeps_no_views(act: Act, person: object) -> None:
    problem = save_view(act(person), "Mine", {})
    assert problem is not None
    assert problem.code == "refused"
    assert save_view(act(people.TEACHER), "Mine", {}) is None


def test_who_is_switched_off_sees_and_removes_no_view_any_more(act: Act, school: Scratch) -> None:
    teacher = act(people.TEACHER)
    save_view(teacher, "Mine", {})
    switch = "update school.staff set is_active = %s where id = %s"
    with school.owner() as owner:
        owner.execute(switch, (False, people.TEACHER))
        assert names_of(teacher) == []
        with acting_as(teacher) as connection:
            assert connection.execute(text("delete from dashboard.saved_view")).rowcount == 0
        owner.execute(switch, (True, people.TEACHER))
    assert names_of(teacher) == ["Mine"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b", "a\ud800b"])
def test_a_bad_name_is_refused_in_words(act: Act, name: str) -> None:
    problem = save_view(act(people.TEACHER), name, {})
    assert problem is not None
    assert problem.code == "name"
    assert names_of(act(people.TEACHER)) == []
