"""A small file can hold a great deal: what it comes to is counted before the dashboard holds it."""

from typing import Any

import pytest

from data.files.importing.reading.file import read_file
from data.files.importing.sheet import UnreadableFile
from tests.unit.made_tables import workbook


def with_name(name: str, lines: int, *, merged: bool) -> bytes:
    """A table of so many lines, whose one student is said once, merged, or in each of them."""

    def write(_: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["Student", "Module", "Percentage"])
        if merged:
            sheet.merge_range(1, 0, lines, 0, name)
        else:
            sheet.write_column(1, 0, [name] * lines)
        sheet.write_column(1, 1, ["Fractions"] * lines)

    return workbook(write)


@pytest.mark.parametrize("merged", [True, False])
def test_one_long_text_in_thousands_of_cells_is_refused(merged: bool) -> None:
    content = with_name("x" * 20_000, 2_000, merged=merged)
    assert len(content) < 50_000
    with pytest.raises(UnreadableFile, match="too big once it is unpacked"):
        read_file("marks.xlsx", content)


@pytest.mark.parametrize("merged", [True, False])
def test_an_honest_name_in_as_many_cells_is_read(merged: bool) -> None:
    found = read_file("marks.xlsx", with_name("Ann Ågren", 2_000, merged=merged))
    assert [row.cells[0] for row in found.rows] == ["Ann Ågren"] * 2_000
