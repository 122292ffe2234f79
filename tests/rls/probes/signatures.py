"""Who asks is told by a signature, and counts only while the school says so."""

import time
from uuid import UUID

from data.access.claims import ClaimsKey
from tests.people import (
    ADMIN,
    ANN,
    ASSESSMENT,
    CLASS_1A,
    CLASS_1B,
    COORDINATOR,
    COURSE,
    DAN,
    SOUTH,
    TEACHER,
)
from tests.rls.forging import forged_claims
from tests.rls.oracle import PROGRESS
from tests.rls.probes.probe import (
    IDS,
    PLATFORM,
    TESS,
    Probe,
    after,
    as_guest,
    row,
    signed,
)

BOTH = f"{{{CLASS_1A}, {CLASS_1B}}}"


def of_key(key: ClaimsKey) -> list[Probe]:
    """Probes that need a signature of somebody's at hand."""

    def as_person(person: UUID) -> str:
        return signed(key, person)

    def sees_nothing(of: str) -> str:
        return f"not exists (select from internal.my_{of}())"

    def guests(at: float) -> str:
        return as_guest(key.guest_claims(at))

    nobody = " and ".join(map(sees_nothing, ("students", "classes", "staffed_classes")))
    nobody += " and not exists (select from roster.editable)"
    gone = f"{nobody} and {sees_nothing('organisations')} and internal.my_role() is null"
    guest = f"insert into school.class_student values ('{CLASS_1A}', '{DAN}')"
    return [
        after(
            TESS,
            f"perform set_config('request.jwt.claims', '{claims}', true)",
            "internal.me() is null",
        )
        for claims in forged_claims(key).values()
    ] + [
        after(PLATFORM, f"{as_person(ADMIN)}", f"internal.me() = '{ADMIN}'"),
        # A login that `migrate` does not know speaks for nobody.
        after(
            PLATFORM, f"{as_person(ADMIN)}; delete from internal.app_login", "internal.me() is null"
        ),
        after(
            PLATFORM,
            f"{as_person(ADMIN)}; update internal.claims_key set ends_at = now() - interval '1 second'",
            "internal.me() is null",
        ),
        *(
            after(
                PLATFORM,
                f"update school.{table} set is_active = false where id = '{person}'; {as_person(person)}",
                gone,
            )
            for table, person in (
                *(("staff", TEACHER), ("staff", COORDINATOR), ("staff", ADMIN), ("student", ANN)),
            )
        ),
        # Who taught a class and is something else now.
        after(
            PLATFORM,
            "update school.staff set role = 'coordinator', "
            f"organisation_id = '{SOUTH}' where id = '{TEACHER}'; {as_person(TEACHER)}",
            f"not exists (select from internal.my_students() as it where it = '{ANN}') "
            f"and not exists (select from internal.my_staffed_classes() as it where it = '{CLASS_1A}')",
        ),
        # A guest from another organisation is not the coordinator's.
        *(
            after(PLATFORM, f"{guest}; {as_person(COORDINATOR)}", condition)
            for condition in (
                f"not exists (select from dashboard.class_cell where student_id = '{DAN}')",
                f"(select students = 2 from dashboard.class_count where class_id = '{CLASS_1A}')",
                f"2 = (select count(*) from dashboard.class_rows('{CLASS_1A}', {IDS}, true))",
            )
        ),
        # (Teachers see a guest as completed; settled or not.)
        *(
            after(
                PLATFORM,
                f"{guest}; insert into {PROGRESS} (student_id, module_id, status, score) "
                f"values ('{DAN}', '{ASSESSMENT}', 'InProgress', 7); {then}{as_person(person)}",
                f"(select sum(failed) = {many} and sum(passed) = 0 from dashboard.class_score "
                f"where class_id = '{CLASS_1A}' and module_id = '{ASSESSMENT}')",
            )
            for then in ("", "perform internal.settle(1000); ")
            for person, many in ((COORDINATOR, 1), (TEACHER, 2))
        ),
        *(
            after(
                PLATFORM,
                f"{guest}; update {PROGRESS} set status = 'Completed' {row(DAN)}; {then}{as_person(person)}",
                f"(select sum(completions) = {many} from dashboard.class_completion "
                f"where class_id = '{CLASS_1A}') "
                f"and (select completed = {many - 1} and students = {many} "
                f"from dashboard.module_counts('{COURSE}', '{{{CLASS_1A}}}'))",
            )
            for then in ("", "perform internal.settle(1000); ")
            for person, many in ((COORDINATOR, 2), (TEACHER, 3))
        ),
        *(
            after(
                PLATFORM,
                f"{guest}; update {PROGRESS} set status = 'Completed', progress_details = '{{\"seen\": 1}}'; "
                f"{as_person(person)}",
                f"(select sum(students) filter (where class_id = '{CLASS_1A}') = {many} "
                f"and count(*) = {classes} "
                f"from dashboard.active_weeks('{BOTH}', '{COURSE}', current_date, current_date)) "
                f"and (select sum(completions) filter (where class_id = '{CLASS_1A}') = {many} "
                f"and count(*) = {classes} "
                f"from dashboard.module_completions('{BOTH}', '{COURSE}', '2000-01-01', current_date)) "
                f"and (select count(*) filter (where class_id = '{CLASS_1A}') = {many} "
                f"and count(distinct class_id) = {classes} "
                f"from dashboard.completion_times('{BOTH}', '{COURSE}', '2000-01-01', current_date))",
            )
            for person, many, classes in ((COORDINATOR, 2, 2), (TEACHER, 3, 1))
        ),
        # Who sees a student learns of no class of somebody else's.
        after(
            PLATFORM,
            f"insert into school.class_student values ('{CLASS_1B}', '{ANN}'); {as_person(TEACHER)}",
            "(select count(*) = 2 from roster.class_student)",
        ),
        *(
            after(PLATFORM, claims, "not internal.is_guest()")
            for claims in (
                guests(time.time() - 300),
                guests(time.time() + 300),
                as_person(ADMIN),
                as_guest(ClaimsKey(key.id, bytes(32)).guest_claims(time.time())),
                as_guest("{}"),
            )
        ),
        after(
            PLATFORM,
            f"{guests(time.time())}; delete from internal.demo_marker",
            "internal.is_guest() and not exists (select from dashboard.demo_people())",
        ),
    ]
