"""Up to where somebody has read the news; `data.reading.classes.news` reads them."""

from datetime import datetime

from sqlalchemy import text

from data.access.session import Actor, acting_as


def read_news(actor: Actor) -> datetime | None:
    """This person has the news on the page. Returns when they last had them in the visit before, which
    ended when they had not for an hour; None on the first visit. Nothing is written where nothing can be, as
    on a standby."""
    with acting_as(actor) as connection:
        found: datetime | None = connection.scalar(text("select dashboard.read_news()"))
    return found
