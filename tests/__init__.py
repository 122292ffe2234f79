"""What the tests share, with assertions that tell what they compared."""

import pytest

pytest.register_assert_rewrite("tests.browsing", "tests.demo_data", "tests.profiles")
