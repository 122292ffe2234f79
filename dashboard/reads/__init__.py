"""The only cache. A result is kept for one person and one version of the database.

The version is the database's own snapshot: any write anywhere makes a new one, so nothing can be stale
that was written before the rerun began. Answers are frozen, so the very object is kept: taking a pickled copy
of 500 students at each rerun cost as much as drawing them.
"""

from dashboard.reads.asking import Visit, begin, forget, visit
from dashboard.reads.changes import (
    MOST_ROWS,
    SAVES_A_PAGE,
    batch,
    batch_changes,
    batches,
    first_day,
    history,
    history_count,
    history_modules,
    history_of_cell,
    history_people,
)
from dashboard.reads.classes import (
    arranged,
    class_page,
    drawn,
    options,
    overview,
    saved_views,
    students_of_class,
)
from dashboard.reads.correcting import (
    attempts,
    draft,
    drafts,
    grid,
    keepings,
    kept,
    kept_by_batch,
    kept_with,
    left_as_it_is,
    roster,
)
from dashboard.reads.modules import (
    module_classes,
    module_funnel,
    module_page,
    module_sittings,
    module_times,
)
from dashboard.reads.students import (
    cell_page,
    class_median,
    class_scores,
    completions,
    find_students,
    notes,
    student,
    student_modules,
    student_page,
)

__all__ = [
    "MOST_ROWS",
    "SAVES_A_PAGE",
    "Visit",
    "arranged",
    "attempts",
    "batch",
    "batch_changes",
    "batches",
    "begin",
    "cell_page",
    "class_median",
    "class_page",
    "class_scores",
    "completions",
    "draft",
    "drafts",
    "drawn",
    "find_students",
    "first_day",
    "forget",
    "grid",
    "history",
    "history_count",
    "history_modules",
    "history_of_cell",
    "history_people",
    "keepings",
    "kept",
    "kept_by_batch",
    "kept_with",
    "left_as_it_is",
    "module_classes",
    "module_funnel",
    "module_page",
    "module_sittings",
    "module_times",
    "notes",
    "options",
    "overview",
    "roster",
    "saved_views",
    "student",
    "student_modules",
    "student_page",
    "students_of_class",
    "visit",
]
