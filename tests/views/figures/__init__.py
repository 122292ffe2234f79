"""What page, file and paper say, held to tests/figures. Its checks stand in several files and run in one."""

import pytest

pytest.register_assert_rewrite(
    *(f"{__name__}.{checks}" for checks in ("files", "pages", "questions", "sections", "when"))
)
