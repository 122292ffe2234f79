"""The one database of this process, opened, and which sign-in there is to it."""

from typing import NamedTuple

from dashboard.signin import demo_allowed, providers, school_link
from dashboard.signin.demo_allowed import Conditions, SignInKind
from data.access.session import Database
from data.database import embedded, founding
from data.open import Say, open_database
from data.reading.people import demo_people
from data.settings import read_settings


class SharedDatabase(NamedTuple):
    """The one database of this process, and how people come in to it."""

    database: Database
    sign_in_kind: SignInKind


def open_all(
    address: str, say: Say = lambda sentence: None, *, is_school: bool = False
) -> SharedDatabase:
    """Open the database and settle how people come in. Raises DataError, in words, also for any conflict."""
    providers.refuse_unreadable(providers.files())
    settings, has_auth = read_settings(), providers.is_configured()
    providers.check()
    expected = demo_allowed.sign_in_kind_before_opening(
        address=address,
        has_auth_section=has_auth,
        has_database_url=not settings.is_embedded,
        is_school=is_school,
    )
    opened = open_database(settings, say, with_demo=expected is SignInKind.DEMO)
    server = embedded.running(settings.data_dir) if settings.is_embedded else None
    kind = demo_allowed.sign_in_kind(
        Conditions(
            address=address,
            has_auth_section=has_auth,
            has_database_url=not settings.is_embedded,
            is_launchers=server is not None,
            has_marker=bool(demo_people(opened)),
            is_school=is_school,
        )
    )
    if kind is SignInKind.LINK and server is not None:
        founding.bind(server.owner_url, school_link.ACCOUNT)
    return SharedDatabase(opened, kind)
