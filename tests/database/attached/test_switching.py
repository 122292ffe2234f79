"""An attached database is switched over, to triggers or to none, and the command says what that means."""

from data.access.session import acting_as
from data.database.attaching.adapter import read
from data.database.attaching.making import Wanted
from data.database.attaching.steps import attach
from data.database.claims_keys import present_key
from data.database.preflight import faults
from data.reading.attachment import attachment
from tests.database.attached.attaching import asked, attached, nobody_told
from tests.database.attached.host import MODULE, Host, id_of
from tests.database.attached.test_notified import TELLING
from tests.database.attached.test_steps import OF_NO_FACT
from tests.database.attached.test_without_triggers import ONE, WRITTEN, admin
from tests.database.command_line import run

TRIGGERS = """
select count(*)
from pg_trigger
join pg_proc on pg_proc.oid = tgfoid
where tgrelid = 'public.student_module_progress'::regclass
    and pronamespace::regnamespace::text = 'internal'
"""


def test_attached_again_it_is_the_other_way(platform: Host) -> None:
    def again(*, triggers: bool) -> None:
        wanted = Wanted(read(platform.adapter), triggers=triggers)
        attach(platform.owner_url, platform.app_url, wanted, nobody_told)
        assert faults(platform.app_url, present_key(platform.owner_url)) == []
        assert asked(platform, OF_NO_FACT) == [(0,)]
        assert asked(platform, TRIGGERS) == [(12 if triggers else 0,)]
        assert len(asked(platform, TELLING)) == (9 if triggers else 0)

    known = "select extract(epoch from known_since) from internal.attachment"
    database = attached(platform, triggers=False)
    ((at_first,),) = asked(platform, known)
    asked(platform, WRITTEN[0], *ONE)
    again(triggers=True)
    ((since,),) = asked(platform, known)
    assert since > at_first
    asked(
        platform,
        "update public.student_module_progress set score = 3 where student_id = %s",
        ONE[0],
    )
    ((changes,),) = asked(platform, "select count(*) from dashboard.history")
    assert changes > 1
    again(triggers=False)
    assert asked(platform, known) == [(since,)]
    asked(platform, WRITTEN[2], id_of(MODULE, 1))
    again(triggers=False)
    assert asked(platform, "select count(*) from dashboard.history") == [(changes,)]
    with acting_as(admin(database)) as connection:
        found = attachment(connection)
    assert found is not None
    assert not found.has_triggers
    database.engine.dispose()


def test_the_command_says_what_it_means_and_check_finds_nothing_missing(platform: Host) -> None:
    settings = {"DATABASE_URL": platform.app_url, "DATABASE_OWNER_URL": platform.owner_url}
    command = ("attach", "--adapter", "institutions")
    tried = run(*command, "--no-triggers", "--dry-run", "--sql", "-", **settings)
    assert tried.exit_code == 0, tried.output
    assert "Nothing at all is put on" in tried.stdout
    assert "create or replace trigger history_of_inserts\nafter insert on internal" in tried.stdout
    assert "on public.student_module_progress\nreferencing" not in tried.stdout
    done = run(*command, "--no-triggers", "--yes", **settings)
    assert done.exit_code == 0, done.output
    settings["DATABASE_CLAIMS_KEY"] = done.stdout.rpartition("DATABASE_CLAIMS_KEY=")[2].strip()
    asked(platform, WRITTEN[2], id_of(MODULE, 2))
    checked = run("check", **settings)
    assert checked.exit_code == 0, checked.output
    assert "without triggers: names and counts were read just now" in checked.output
    asked(platform, "update internal.attachment set step = 'recording'")
    assert "attach --adapter institutions --no-triggers" in run("check", **settings).output
    assert run(*command, **settings).exit_code == 0  # as before
    assert asked(platform, TRIGGERS) == [(0,)]
    assert "--yes" in run(*command, "--triggers", **settings).stderr
    assert "are placed on" in run(*command, "--triggers", "--yes", **settings).stdout
    assert asked(platform, TRIGGERS) == [(12,)]
    assert "are removed" in run(*command, "--no-triggers", "--yes", **settings).stdout
    assert asked(platform, TRIGGERS) == [(0,)]
