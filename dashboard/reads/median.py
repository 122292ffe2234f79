"""How the middle student of a class stands: the one answer that may be a minute old.

It is of a whole class: counting 500 students anew for each that is opened would cost as much as the rest of
the page.
"""

from uuid import UUID

from dashboard.reads import kept_for, read, visit
from data.access.session import Actor
from data.reading.students import standing
from data.reading.students.standing import ClassMedian


def class_median(class_id: UUID) -> ClassMedian | None:
    """The median completion of a class; None for one I may not see."""
    return _class_median(visit().actor, class_id)


@kept_for(400, ttl="1m")
def _class_median(actor: Actor, class_id: UUID) -> ClassMedian | None:
    return read(actor, lambda connection: standing.class_median(connection, class_id))
