"""Who changed the rules of attention of an organisation and its classes, and its days off."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class RuleChange:
    """One change. `author` is None where the name is not mine to know, `class_name` where it was for the
    organisation. Of a figure: from `before` to `after`, None where nothing was chosen; of days off: which,
    and whether they were `removed`."""

    at: datetime
    author: str | None
    class_name: str | None
    figure: str | None
    before: int | None
    after: int | None
    holiday: str | None
    first_day: date | None
    last_day: date | None
    removed: bool


def rule_changes(connection: Connection, organisation_id: UUID, most: int) -> list[RuleChange]:
    """The newest, at most so many, the newest first."""
    rows = connection.execute(
        text("""
            with change as (
                select
                    at, author_id, class_id, figure,
                    lag(value) over (partition by organisation_id, class_id, figure order by number) as before,
                    value as after,
                    null::text as holiday, null::date as first_day, null::date as last_day, false as removed
                from dashboard.attention_change
                where organisation_id = :organisation
                    or class_id in (select id from roster.class where organisation_id = :organisation)
                union all
                select at, author_id, null, null, null, null, name, first_day, last_day, false
                from dashboard.holiday
                where organisation_id = :organisation
                union all
                select removed_at, removed_by, null, null, null, null, name, first_day, last_day, true
                from dashboard.holiday
                where organisation_id = :organisation and removed_at is not null
            )
            select
                change.at, staff.full_name, class.name, change.figure, change.before, change.after,
                change.holiday, change.first_day, change.last_day, change.removed
            from change
            left join roster.staff on staff.id = change.author_id
            left join roster.class on class.id = change.class_id
            order by change.at desc, change.figure
            limit :most
        """),
        {"organisation": organisation_id, "most": most},
    )
    return [RuleChange(*row) for row in rows]
