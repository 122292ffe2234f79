"""Who shares a name: told among those whom one may see, and in what is handed out."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from pypdf import PdfReader

from data.access.session import Actor, acting_as
from data.files.reporting.contents import ReportOptions
from data.files.reporting.making import OfClass, class_report
from data.reading.students.namesakes import told_apart
from tests import people
from tests.clusters import Scratch
from tests.people import ANN, BEN, CLEO, DAN

Act = Callable[[UUID], Actor]


@pytest.fixture
def kims(school: Scratch) -> None:
    """Everybody but Ben has one name, in three spellings."""
    with school.owner() as connection:
        for student, name in ((ANN, "Kim Lee"), (CLEO, "kim lee"), (DAN, "KIM LEE")):
            connection.execute(
                "update school.student set full_name = %s where id = %s", (name, student)
            )


@pytest.mark.parametrize(
    ("person", "told"),
    [
        (people.TEACHER, {}),  # sees one of them
        (people.COORDINATOR, {ANN: "ann@example.org"}),
        (people.SOUTH_COORDINATOR, {}),
        (people.ADMIN, {ANN: "ann@example.org"}),
        (people.DISABLED, {}),
    ],
)
@pytest.mark.usefixtures("kims")
def test_a_name_is_shared_with_those_whom_one_may_see(
    act: Act, person: UUID, told: dict[UUID, str]
) -> None:
    with acting_as(act(person)) as connection:
        assert told_apart(connection, [(ANN, "Kim Lee"), (BEN, "Ben O'Neill")]) == told


@pytest.mark.usefixtures("school")
def test_a_class_handed_out_tells_them_apart(school: Scratch, act: Act) -> None:
    with school.owner() as connection:
        connection.execute(
            "update school.student set full_name = 'Kim Lee' where id in (%s, %s)", (ANN, BEN)
        )
    options = ReportOptions(datetime.now(UTC), UTC, "Tess Teacher")
    asked = OfClass(people.CLASS_1A, "1A", [ANN, BEN])
    both = ["Kim Lee (ann@example.org)", "Kim Lee (ben@example.org)"]
    with acting_as(act(people.TEACHER)) as connection:
        pdf = PdfReader(io.BytesIO(class_report(connection, asked, options).content))
        packed = class_report(connection, asked, options, "zip").content
    assert [str(each["/Title"]) for each in pdf.outline if not isinstance(each, list)] == both
    assert zipfile.ZipFile(io.BytesIO(packed)).namelist() == [f"{name}.pdf" for name in both]
