"""Rows of progress as a test of the browser wants them, under the page's feet."""

from collections.abc import Sequence

from tests.browsing import App


def put(app: App, cells: Sequence[Sequence[str]], percentage: int) -> None:
    """In progress, and at this percentage; each cell begins with its student's and its module's id."""
    with app.owner() as owner:
        for student, module, *_ in cells:
            owner.execute(
                """
                insert into public.student_module_progress (
                    student_id, module_id, status, progress_percentage
                )
                values (%s, %s, 'InProgress', %s)
                on conflict (student_id, module_id) do update
                set status = 'InProgress', progress_percentage = excluded.progress_percentage,
                    score = null, completed_at = null
                """,
                (student, module, percentage),
            )
