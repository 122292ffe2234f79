"""What a type of module is, is settled at the door: trimmed and folded, and the same in SQL as in Python."""

import pytest

from data.access.session import acting_as
from data.reading.catalogue import class_modules
from data.reading.locks import locked_with
from data.rules.details import MODULE_TYPES, is_scored
from data.rules.progress import Field, Status
from data.writing.save import save
from tests.clusters import Scratch
from tests.database.rows_as_owner import edit, platform, stored
from tests.database.saving.outcome_in_short import Act
from tests.people import ANN, ASSESSMENT, CLASS_1A, COORDINATOR

WRITTEN = ["assessment ", " Assessment", "ASSESSMENT\t", "\nassessment\r\n"]


@pytest.mark.parametrize("written", WRITTEN)
def test_an_assessment_is_one_however_the_platform_writes_it(
    school: Scratch, act: Act, written: str
) -> None:
    with school.owner() as owner:
        owner.execute("update public.modules set type = %s where id = %s", [written, ASSESSMENT])
    cora = act(COORDINATOR)
    with acting_as(cora) as connection:
        known = {one.id: one.type for one in class_modules(connection, CLASS_1A)}
    assert known[ASSESSMENT] == "assessment"
    platform(school, ANN, ASSESSMENT, "status = 'InProgress', progress_percentage = 55")
    assert save(cora, [edit(school, ANN, ASSESSMENT, {Field.STATUS: Status.COMPLETED})]).saved
    assert stored(school, ANN, ASSESSMENT)[Field.PERCENTAGE] == 55


@pytest.mark.parametrize("module_type", [*MODULE_TYPES, "expert session", "", " ASSESSMENT "])
def test_the_database_says_as_python_does_whether_a_type_is_scored(
    shared: Scratch, act: Act, module_type: str
) -> None:
    """A grade is not locked with the completion."""
    with acting_as(act(COORDINATOR)) as connection:
        fields = locked_with(connection, [Field.STATUS], Status.COMPLETED, module_type)
    assert (Field.PERCENTAGE in fields) is not is_scored(module_type)
