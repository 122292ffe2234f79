"""When: last activity, and completions over time, on every page and on paper."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text

from data.files.reporting import contents
from data.files.reporting.contents import ReportOptions
from data.reading.classes.matrix import Matrix
from data.reading.classes.overview import overview
from data.reading.classes.page import class_page
from data.reading.filters import read_filters
from data.reading.people import clock
from data.reading.students.comparison import reached
from data.reading.students.page import StudentPage
from data.reading.students.report import Reported, reported
from data.reading.students.standing import completions
from tests.figures import mess, moments
from tests.figures.clocks import CHANGES
from tests.figures.figures import Oracle
from tests.profiles import chosen

WEEK = timedelta(weeks=1)


def test_last_activity_is_what_the_student_did(
    admin: Connection,
    oracle: Oracle,
    matrices: dict[UUID, Matrix],
    student_pages: dict[UUID, StudentPage],
) -> None:
    now = clock(admin)
    for of_class in oracle.classes.values():
        for row in matrices[of_class.id].students:
            keys = [(row.id, module) for module in of_class.modules]
            known = [at for key in keys if (at := oracle.last_activity(key, now))]
            assert row.last_activity == max(known, default=None), row.name
            if not known:
                stored = [
                    oracle.stored.progress[key] for key in keys if key in oracle.stored.progress
                ]
                changed = [moments.plausible(one["last_updated"], now) for one in stored]
                assert row.last_change == max((at for at in changed if at), default=None)
    for student, page in student_pages.items():
        for one in page.modules:
            assert one.last_activity == oracle.last_activity((student, one.module.id), now)


def test_days_near_a_change_of_the_clocks(admin: Connection, oracle: Oracle) -> None:
    of_class, now = oracle.classes[mess.CLOCKS], clock(admin)
    (module,) = of_class.modules
    last = {one: oracle.last_activity((one, module), now) for one in of_class.students}
    papers = reported(admin, list(of_class.students))
    for change in CHANGES:
        here = ZoneInfo(change.zone)
        near = {one: at for one, at in last.items() if at in change.moments}
        assert len(near) > 8
        for day in change.days:
            asked, _ = read_filters({"class": str(of_class.id), "since": day.isoformat()}, here)
            found = class_page(admin, asked).matrix
            assert found is not None
            assert {row.id for row in found.students} == {
                one for one, at in last.items() if at and change.day(at) >= day
            }
        for paper in papers:
            told = contents.student(paper, ReportOptions(now, here, "Ada"))
            days = [
                row["completed"]
                for row, each in zip(
                    [*told["modules"], *told["others"]], paper.modules, strict=True
                )
                if each.module.id == module
            ]
            if paper.id in near:
                on = change.day(near[paper.id])
                assert days == [f"{on.day} {on:%b} {on.year}"]


def test_the_trend_of_every_class(admin: Connection, oracle: Oracle) -> None:
    now = admin.execute(text("select now()")).scalar_one()
    for told in overview(admin):
        of_class = oracle.classes[told.id]
        assert told.trend[-1] == of_class.buckets[0], told.name
        for many in range(1, len(told.trend), chosen(sample=4, nightly=1)):
            day = (now - many * WEEK).astimezone(UTC).date() + timedelta(days=1)
            until = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta.resolution
            past = oracle.completed_at(of_class.cells, now, until)
            assert told.trend[-1 - many] == past, (told.name, many)


def test_completions_of_every_student_over_time(
    admin: Connection, oracle: Oracle, students: list[UUID]
) -> None:
    now = clock(admin)
    for student in students:
        modules = oracle.of_classes(student)
        keys = [(student, module) for module in modules]
        done = sum(oracle.cell(*key).status == "Completed" for key in keys)
        found = completions(admin, student)
        assert found.since == min(entry["at"] for entry in oracle.stored.history)
        before, after = reached(found.completions, modules, done, found.since)
        assert before == oracle.completed_at(keys, now, found.since)
        steps = {one.completion.at: one.completed for one in after}
        for at, completed in steps.items():
            assert completed == oracle.completed_at(keys, now, at), at
        assert (after[-1].completed if after else before) == done


def test_the_sentence_and_the_table_of_every_report(
    admin: Connection, oracle: Oracle, reports: list[Reported]
) -> None:
    now = clock(admin)
    options = ReportOptions(now, UTC, "Ada")
    begun = min(entry["at"] for entry in oracle.stored.history)
    lately = max(begun, now - timedelta(days=28))
    for one in reports:
        told = contents.student(one, options)
        since = {
            module: oracle.completed_since((one.id, module), now)
            for module in oracle.of_classes(one.id)
            if not _is_first(oracle, (one.id, module), now)
        }
        gained = sum(at is not None and at > lately for at in since.values())
        if told["chart"] is not None:
            many = "modules were" if gained > 1 else "module was"
            assert f"{gained or 'No'} {many} completed" in told["chart"]["finding"]
        days = [row["completed"] for row in told["modules"]]
        for module, day in zip((each.module.id for each in one.modules), days, strict=False):
            at = since.get(module)
            if day is not None and day != "unreadable" and at is not None:
                assert day == f"{at.day} {at:%b} {at.year}"


def _is_first(oracle: Oracle, key: tuple[UUID, UUID], now: datetime) -> bool:
    """Recorded first as completed, and without a date that can be meant: nobody knows since when."""
    row, history = oracle.stored.progress.get(key), oracle.history[key]
    if row is None or moments.plausible(row["completed_at"], now):
        return False
    gains = [entry for entry in history if moments.became(entry) > 0]
    return bool(gains) and gains[-1]["operation"] == "insert"
