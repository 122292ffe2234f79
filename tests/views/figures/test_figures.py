"""Page, file and paper say what the stored rows say: a second implementation in plain Python (tests/figures)
works out each figure, over a database made messy. All in one file: a server costs more than asking."""

from tests.views.figures.files import *  # noqa: F403
from tests.views.figures.other_status import *  # noqa: F403
from tests.views.figures.pages import *  # noqa: F403
from tests.views.figures.questions import *  # noqa: F403
from tests.views.figures.sections import *  # noqa: F403
from tests.views.figures.when import *  # noqa: F403
