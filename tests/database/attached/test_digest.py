"""The digest of a platform's own classes, which an attached database mails as any."""

from tests.database.attached.attaching import asked, attached
from tests.database.attached.host import CLIENT, STAFF, Host, id_of
from tests.database.command_line import run
from tests.database.digest.conftest import URL
from tests.database.digest.mail_host import HERE, mail_host


def test_staff_of_a_platform_get_it_where_it_is_sent(platform: Host) -> None:
    person, school = id_of(STAFF, 20), id_of(CLIENT, 1)
    called = "update public.profiles set role = 'coordinator', client_id = %s where id = %s"
    asked(platform, called, school, person)
    attached(platform).engine.dispose()
    ((email,),) = asked(platform, "select email from school.staff where id = %s", person)
    settings = {
        "DATABASE_URL": platform.app_url,
        "DATABASE_OWNER_URL": platform.owner_url,
        "PROGRESS_URL": URL,
        "PROGRESS_MAIL_FROM": "progress@school.example",
    }
    with mail_host() as host:
        server = f"smtp://{HERE}:{host.port}"
        arguments = ("digest", "--week", "--to", str(email))
        off = run(*arguments, **settings, PROGRESS_SMTP=server)
        assert off.stdout.startswith("0 sent, 1 in schools that do not send it")
        asked(platform, "insert into school.digest values (%s, true, true)", school)
        sent = run(*arguments, **settings, PROGRESS_SMTP=server)
        assert (sent.stdout, sent.stderr) == ("1 sent.\n", "")
        assert host.takers == [email]
        text = host.mails[0].get_body(("plain",))
        assert text is not None
        assert f"{URL}/student?student=" in text.get_content()
