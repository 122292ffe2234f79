"""Results of another system are progress once its roster was taken: its ids say whose they are."""

from pathlib import Path

from tests import people
from tests.clusters import Scratch
from tests.database.command_line import at, run
from tests.database.rows_as_owner import SC, stored
from tests.unit.packages import OneRoster, packed


def test_results_find_students_and_modules_by_the_ids_of_the_roster(
    school: Scratch, tmp_path: Path
) -> None:
    package = OneRoster().user("s-1", "Ann Ågren", email="ann@example.org").tables()
    package["lineItems"] = "sourcedId,status,dateLastModified,title\ni-1,,,Fractions test\n"
    roster, results = tmp_path / "roster.zip", tmp_path / "results.csv"
    roster.write_bytes(packed(package))
    results.write_text(
        "sourcedId,status,dateLastModified,lineItemSourcedId,studentSourcedId,scoreStatus,score,scoreDate,comment\n"
        "r-1,active,,i-1,s-1,fully graded,72,2026-09-01,\n"
    )
    actor = ("--actor", "cora@example.org")
    taken = ("import", str(results), *actor, "--reason", "A test")
    assert run(*taken, **at(school)).exit_code == 1
    assert run("roster", str(roster), *actor, **at(school)).exit_code == 0
    result = run(*taken, **at(school))
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "1 change is saved.")
    assert stored(school, people.ANN, people.ASSESSMENT)[SC] == 72
