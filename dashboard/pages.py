"""The only list of pages, and of who may open them. A page is its folder in views/ and its row here."""

from typing import Final, NamedTuple

from data.access.roles import EDITORS, STAFF
from data.access.session import Actor


class Page(NamedTuple):
    """A page: `name` is its folder in views/ and its path in the URL. Pages of one `group` fold into one entry
    of the menu that is called so; a page without one stands there by itself."""

    name: str
    title: str
    icon: str
    roles: tuple[str, ...]
    group: str = ""


EDIT: Final = "Edit"

PAGES: Final = (
    Page("overview", "Overview", ":material/dashboard:", STAFF),
    Page("classroom", "Class", ":material/grid_on:", STAFF),
    Page("student", "Student", ":material/person:", STAFF),
    Page("module", "Module", ":material/menu_book:", STAFF),
    Page("trends", "Trends", ":material/timeline:", STAFF),
    Page("history", "History", ":material/history:", STAFF),
    Page("edit", "Edit one", ":material/edit:", EDITORS, EDIT),
    Page("grid", "Edit as a table", ":material/table_edit:", EDITORS, EDIT),
    Page("bulk", "Edit many", ":material/checklist:", EDITORS, EDIT),
    Page("upload", "Import a file", ":material/upload_file:", EDITORS, EDIT),
    Page("check", "Data check", ":material/rule:", EDITORS, EDIT),
    Page("school", "School", ":material/school:", EDITORS),
    Page("help", "Help", ":material/help:", STAFF),
)


def may_open(name: str, actor: Actor) -> bool:
    """Is the page of this name for this person? Courtesy, to choose what is shown: the policies decide."""
    return any(page.name == name and actor.role in page.roles for page in PAGES)
