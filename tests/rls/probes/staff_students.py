"""Staff who are students too see their own cells among their class's, but not what of them is locked."""

from uuid import UUID

from data.access.claims import ClaimsKey
from tests.people import CLASS_1B, CLASS_SOUTH, CLEO, DAN
from tests.rls.probes.probe import IDS, PLATFORM, Probe, after, signed
from tests.rls.staff_students import IDA, KAI, LEA

LOCKED = "update dashboard.fact set is_locked = true"


def of_staff_students(key: ClaimsKey) -> list[Probe]:
    """Probes of the marks in their own class, each beside a classmate's."""
    return [
        after(
            PLATFORM,
            f"{LOCKED}; {signed(key, me)}",
            f"{_marked(me, class_)} = 0 and {_marked(other, class_)} > 0",
        )
        for me, class_, other in ((KAI, CLASS_1B, CLEO), (LEA, CLASS_SOUTH, DAN), (IDA, CLASS_SOUTH, DAN))
    ]  # fmt: skip


def _marked(student: UUID, class_: UUID) -> str:
    """In how many of the ways to the cells of a class this student's are marked as locked."""
    ways = (
        f"select student_id, cell as cells from dashboard.class_cell where class_id = '{class_}'",
        f"select student_id, cells from dashboard.class_rows('{class_}', {IDS}, true)",
        f"select student_id, cell from dashboard.class_cells_as_of('{class_}', now())",
    )
    told = " union all ".join(f"({one})" for one in ways)
    return (
        f"(select count(*) from ({told}) as told "
        f"where student_id = '{student}' and cells like '%k%')"
    )
