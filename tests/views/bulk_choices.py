"""What tests of correcting many share: a module nobody has begun, and choosing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from streamlit.testing.v1 import AppTest

from data import demo
from data.rules.progress import Field
from tests.views.conftest import Open, Owner


@contextmanager
def unbegun(owner: Owner) -> Iterator[UUID]:
    """A project that nobody in class one has begun, but for one student at 40 %; put back afterwards."""
    row = owner.execute(
        """
        select id
        from public.modules
        join school.class_module on module_id = id
        where class_id = %s and lower(type) = 'project'
        order by position
        limit 1
        """,
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    found: UUID = row[0]  # type: ignore[assignment]
    owner.execute(
        "create temporary table locked_rows as select * from public.student_module_progress "
        "where module_id = %s",
        (found,),
    )
    owner.execute("delete from public.student_module_progress where module_id = %s", (found,))
    owner.execute(
        "insert into public.student_module_progress (student_id, module_id, status, progress_percentage) "
        "values (%s, %s, 'InProgress', 40)",
        (students(owner)[0][0], found),
    )
    yield found
    owner.execute("delete from public.student_module_progress where module_id = %s", (found,))
    owner.execute("insert into public.student_module_progress select * from locked_rows")


def students(owner: Owner) -> list[tuple[UUID, str]]:
    """Those of class one whose name nobody shares."""
    return owner.execute(
        """
        select min(id::text)::uuid, full_name
        from school.student
        join school.class_student on student_id = id
        where class_id = %s
        group by full_name
        having count(*) = 1
        order by full_name
        """,
        (demo.CLASS_ONE,),
    ).fetchall()  # type: ignore[return-value]


def opened(open_page: Open, **parameters: object) -> AppTest:
    return open_page(demo.COORDINATOR_ONE, "bulk", **{"class": demo.CLASS_ONE}, **parameters)


def choose(test: AppTest, module: UUID, **values: str) -> None:
    next(one for one in test.multiselect if one.label == "Modules").set_value([module]).run()
    fields = [Field[name] for name in values]
    test.multiselect(key="bulk_fields").set_value(fields).run()
    for name, value in values.items():
        key = f"bulk_value_{Field[name]}"
        (test.selectbox if name == "STATUS" else test.text_input)(key=key).set_value(value)
    test.run()
