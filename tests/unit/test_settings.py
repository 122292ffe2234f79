"""The environment is read once; what makes no sense is refused by the variable's name."""

import re
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from data.settings import SETTINGS, SettingError, read_settings

APP = "postgresql://app:p%40ss@school.example:5433/progress"
OWNER = "postgresql://owner:secret@school.example:5433/progress"


def test_without_anything_the_embedded_database_serves() -> None:
    settings = read_settings({})
    assert settings.is_embedded
    assert settings.owner_url is None
    assert settings.data_dir.is_absolute()
    assert settings.data_dir.name == "progress-dashboard"


@pytest.mark.parametrize("empty", ["", "   "])
def test_an_empty_variable_is_as_good_as_none(empty: str) -> None:
    assert read_settings(dict.fromkeys(SETTINGS, empty)) == read_settings({})


@pytest.mark.parametrize(
    "written",
    [
        APP,
        f"  {APP}\n",
        APP.replace("postgresql:", "postgres:"),
        APP.replace("postgresql:", "postgresql+psycopg2:"),
    ],
)
def test_a_url_is_read_for_our_driver_whatever_it_named(written: str) -> None:
    settings = read_settings({"DATABASE_URL": written, "DATABASE_OWNER_URL": OWNER})
    assert not settings.is_embedded
    url = settings.database_url
    assert url is not None
    assert url.drivername == "postgresql+psycopg"
    assert (url.username, url.password, url.host, url.port) == (
        "app",
        "p@ss",
        "school.example",
        5433,
    )
    assert "p@ss" not in repr(settings)
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL"])
@pytest.mark.parametrize(
    "written",
    [
        "school.example",
        "not a url",
        "://",
        "mysql://app@school.example/progress",
        "sqlite:///progress.db",
        "http://school.example/",
        "postgresql://app@school.example:port/progress",
        "postgresql://app:4711081/progress",  # a password whose @host is missing
        "postgresql://app@[::1/progress",
        "host=school.example dbname=progress",
    ],
)
def test_what_is_no_postgresql_url_is_refused_by_name(name: str, written: str) -> None:
    with pytest.raises(SettingError, match=rf"^{name} .*postgresql://"):
        read_settings({"DATABASE_URL": APP, "DATABASE_OWNER_URL": OWNER} | {name: written})


def test_a_replica_is_any_standby_of_several_servers_and_is_refused_without_a_database() -> None:
    several = "postgresql://app:secret@one,two:5433/progress"
    url = read_settings({"DATABASE_URL": APP, "DATABASE_READ_URL": several}).read_url
    assert url is not None
    assert url.query == {**TWO, "target_session_attrs": "standby"}
    with pytest.raises(SettingError, match=r"^DATABASE_READ_URL .*DATABASE_URL is not"):
        read_settings({"DATABASE_READ_URL": several})
    with pytest.raises(SettingError, match=r"^DATABASE_READ_URL .*postgresql://"):
        read_settings({"DATABASE_URL": APP, "DATABASE_READ_URL": "not a url"})


def test_a_refusal_tells_no_password() -> None:
    with pytest.raises(SettingError) as refused:
        read_settings({"DATABASE_URL": "postgresql://app:hunter2@school.example:port/progress"})
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "written",
    [
        "postgresql://app:hunter@2@school.example/progress",
        "postgresql://app:hunter@2@school.example:5432/progress",
        "postgresql://app:hunter@2@school.example,other.example/progress",
        "postgresql://app:hunter@2:3@school.example/progress",
        "postgresql://app:hunter@2/3@school.example/progress",
    ],
)
def test_an_at_in_the_password_is_told_without_it(written: str) -> None:
    with pytest.raises(SettingError, match=r"^DATABASE_URL has a second @\. .*%40") as refused:
        read_settings({"DATABASE_URL": written})
    assert "hunter" not in str(refused.value)
    assert "2" not in str(refused.value).replace("%2F", "").replace("%25", "")
    read_settings({"DATABASE_URL": "postgresql://app:hunter%402@school.example/progress"})


TWO = {"host": "one,two", "port": "5432,5433", "target_session_attrs": "primary"}


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL"])
@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("postgresql://app:a,b@one,two:5433/progress", TWO),
        ("postgresql://app:a,b@one:5432,two:5433/progress?sslmode=require", TWO),
        ("postgresql://app:a,b@/progress?host=one:5432&host=two:5433", TWO),
        ("postgresql://app:a,b@/progress?host=one,two&port=5432,5433", TWO),
        (
            "postgresql://app:a,b@one,two:5433/progress?target_session_attrs=read-write",
            TWO | {"target_session_attrs": "read-write"},
        ),
        (
            "postgresql://app:a,b@[::1],[2001:db8::1]:5433/progress",
            TWO | {"host": "::1,2001:db8::1"},
        ),
        ("postgresql://app:a,b@/progress?host=one,::1&port=7", TWO | {"host": "one,::1", "port": "7,7"}),
        ("postgresql://app:a,b@%2Fone,%2Ftwo:5433/progress", TWO | {"host": "/one,/two"}),
    ],
)  # fmt: skip
def test_of_several_servers_it_is_the_primary_however_they_are_named(
    name: str, written: str, read: dict[str, str]
) -> None:
    settings = read_settings({"DATABASE_URL": APP, "DATABASE_OWNER_URL": OWNER} | {name: written})
    url = settings.owner_url if name == "DATABASE_OWNER_URL" else settings.database_url
    assert url is not None
    again = make_url(url.render_as_string(hide_password=False))  # as commands are given it
    _, told = again.get_dialect()().create_connect_args(again)
    told.pop("sslmode", None)
    assert told == read | {"dbname": "progress", "user": "app", "password": "a,b"}


@pytest.mark.parametrize(
    "written",
    [
        *("one:5432,/progress", "one,,two/progress", "one,two:port/progress", "one:0,two/progress"),
        *("one,two:65536/progress", "one, two/progress", "one,two/progress?host=three"),
        *("one,two/progress?port=5432", "::1,two/progress", "/progress?host=one:1&host=two:port"),
        *("/progress?host=one&host=two&port=1", "/progress?host=one,two&port=1,2,3"),
        *("/progress?host=one,two&port=1,port", "three:5432/progress?host=one,two"),
        "one,two/progress?hostaddr=10.0.0.1,10.0.0.2",
    ],
)
def test_several_servers_that_cannot_be_read_are_told_how_to_be_written(written: str) -> None:
    with pytest.raises(SettingError, match=r"^DATABASE_URL names several servers, ") as refused:
        read_settings({"DATABASE_URL": f"postgresql://app:hunter2@{written}"})
    told = str(refused.value)
    assert "hunter2" not in told
    read_settings({"DATABASE_URL": told[told.index("postgresql://") : -1]})


@pytest.mark.parametrize("written", ["-1", "+1", "1.0", "1_0", "ten", "1000000", "1e2", "१"])
@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("PROGRESS_HTTPS", "a whole number from 0 to 1"),
        ("PROGRESS_ANONYMOUS_PER_ADDRESS", "a whole number from 1 to 100000"),
        ("PROGRESS_ANONYMOUS_IN_ALL", "a whole number from 1 to 100000"),
    ],
)
def test_what_is_no_number_of_its_kind_is_refused(name: str, bounds: str, written: str) -> None:
    with pytest.raises(SettingError, match=f"^{name} must be {bounds}\\.$"):
        read_settings({name: written})


@pytest.mark.parametrize("written", ["0", "-1", "721", "nan", "inf", "a day"])
def test_hours_that_no_sign_in_can_last_are_refused(written: str) -> None:
    with pytest.raises(
        SettingError, match=r"^PROGRESS_SESSION_HOURS must be a number of hours, up"
    ):
        read_settings({"PROGRESS_SESSION_HOURS": written})


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(SettingError, match=r"^PROGRESS_HTTPS must .*\. DATABASE_CLAIMS_KEY is not"):
        read_settings({"PROGRESS_HTTPS": "2", "DATABASE_CLAIMS_KEY": "secret"})


def test_the_owner_alone_is_refused() -> None:
    with pytest.raises(SettingError, match="DATABASE_OWNER_URL is set but DATABASE_URL is not"):
        read_settings({"DATABASE_OWNER_URL": OWNER})


@pytest.mark.parametrize("folder", ["/srv/data", "relative/data", "~/data", "/srv/with space/ünï"])
def test_the_data_folder_is_absolute_whoever_named_it(folder: str) -> None:
    expected = Path(folder).expanduser().absolute()
    assert read_settings({"PROGRESS_DATA_DIR": folder}).data_dir == expected
    assert read_settings({}).at(Path(folder)).data_dir == expected
    assert read_settings({"PROGRESS_DATA_DIR": folder}).at(None).data_dir == expected


def test_the_home_of_nobody_is_refused_by_name() -> None:
    folder = "~nobody-has-this-name/data"
    with pytest.raises(SettingError, match=r"^PROGRESS_DATA_DIR"):
        read_settings({"PROGRESS_DATA_DIR": folder})
    with pytest.raises(SettingError, match=re.escape(folder)):
        read_settings({}).at(Path(folder))


def test_every_setting_that_is_read_has_its_words() -> None:
    source = (Path(__file__).parents[2] / "data" / "settings.py").read_text(encoding="utf-8")
    assert set(re.findall(r"\"([A-Z]+_[A-Z_]+)\"", source)) == set(SETTINGS)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("9101", ("127.0.0.1", 9101)),
        ("0.0.0.0:9101", ("0.0.0.0", 9101)),
        ("monitoring.school.example:65535", ("monitoring.school.example", 65535)),
        ("[::1]:9101", ("::1", 9101)),
    ],
)
def test_metrics_are_told_at_a_port_of_this_machine_unless_another_address_is_named(
    written: str, read: tuple[str, int]
) -> None:
    assert read_settings({"PROGRESS_METRICS": written}).metrics == read
    assert read_settings({}).metrics is None


@pytest.mark.parametrize(
    "written", ["0", "65536", ":9101", "::1:9101", "a:b", "http://a:1", "a b:1", "9101/x", "on"]
)
def test_what_is_no_port_is_refused(written: str) -> None:
    with pytest.raises(SettingError, match=r"^PROGRESS_METRICS is not a port\. Write 9101"):
        read_settings({"PROGRESS_METRICS": written})


MAIL = "smtp://progress:p%40ss@mail.example:587"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (MAIL, ("smtp", "progress", "p@ss", "mail.example", 587)),
        ("smtp://mail.example", ("smtp", None, None, "mail.example", 587)),
        ("smtps://mail.example", ("smtps", None, None, "mail.example", 465)),
        ("smtp://localhost:25", ("smtp", None, None, "localhost", 25)),
    ],
)
def test_a_mail_server_is_a_url(written: str, read: tuple[object, ...]) -> None:
    settings = read_settings({"PROGRESS_SMTP": written})
    url = settings.mail_server
    assert url is not None
    assert (url.drivername, url.username, url.password, url.host, url.port) == read
    assert "p@ss" not in repr(settings)


@pytest.mark.parametrize(
    "written",
    [
        *("mail.example", "mail.example:25", "http://mail.example", "smtp://", "smtp:///x"),
        *("smtp://u:hunter2@mail.example:port", "smtp://u:hunter2@mail.example:99999"),
        *("smtp://u:hunter2@mail.example/inbox", "smtp://u:hunter2@mail.example?x=y"),
        *("smtp://hunter2@mail.example", "smtp://u:hunter2@x@mail.example"),
    ],
)
def test_what_is_no_mail_server_is_refused_without_its_password(written: str) -> None:
    with pytest.raises(SettingError, match=r"^PROGRESS_SMTP ") as refused:
        read_settings({"PROGRESS_SMTP": written})
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://progress.school.example", "https://progress.school.example"),
        ("https://progress.school.example:8443/", "https://progress.school.example:8443"),
        ("http://127.0.0.1:8501", "http://127.0.0.1:8501"),
        ("http://localhost:8501/", "http://localhost:8501"),
    ],
)
def test_the_dashboards_address_is_its_name_alone(written: str, read: str) -> None:
    assert read_settings({"PROGRESS_URL": written}).dashboard == read


@pytest.mark.parametrize(
    "written",
    [
        *("progress.school.example", "ftp://x.example", "https://", "javascript:alert(1)"),
        *("https://x.example/folder", "https://x.example?a=b", "https://x.example/#a"),
        *("https://u:p@x.example", "https://x.example\nBcc:", "https://ü.example"),
        "http://progress.school.example",
    ],
)
def test_what_leads_to_no_dashboard_is_refused(written: str) -> None:
    with pytest.raises(SettingError, match=r"^PROGRESS_URL "):
        read_settings({"PROGRESS_URL": written})


@pytest.mark.parametrize(
    "written", ["progress", "a@b", "Progress <a@b.example>", "a@b.example\nBcc: c@d.example"]
)
def test_mails_come_from_an_address_and_nothing_else(written: str) -> None:
    assert read_settings({"PROGRESS_MAIL_FROM": "a@b.example"}).mail_sender == "a@b.example"
    with pytest.raises(SettingError, match=r"^PROGRESS_MAIL_FROM is not an e-mail address"):
        read_settings({"PROGRESS_MAIL_FROM": written})
