"""How classes stand in a module, beside each other."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.catalogue import Module
from data.reading.modules.page import MOST_CLASSES


@dataclass(frozen=True)
class ClassStanding:
    """How one of my classes stands in the module."""

    id: UUID
    name: str
    students: int
    completed: int
    in_progress: int
    other: int

    @property
    def not_started(self) -> int:
        return self.students - self.completed - self.in_progress - self.other


def module_classes(connection: Connection, module: Module) -> list[ClassStanding]:
    """How my classes stand in the module; the first hundred of them by name."""
    rows = connection.execute(
        text("""
            with shown as materialized (
                select class.id, class.name
                from roster.class
                where class.id = any(array(
                        select class_id
                        from roster.class_module
                        where module_id = :module_id
                            and class_id = any(array(select internal.my_staffed_classes()))
                    ))
                    and class.archived_at is null
                order by class.name, class.id
                limit :most
            )
            select
                shown.id, shown.name, counted.students, counted.completed, counted.in_progress, counted.other
            from shown
            join dashboard.module_counts(:module_id, array(select id from shown)) as counted
                on counted.class_id = shown.id
            order by shown.name, shown.id
        """),
        {"module_id": module.id, "most": MOST_CLASSES},
    )
    return [ClassStanding(**row._mapping) for row in rows]
