"""The [auth] section: what cannot be used is refused at start, by name."""

import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
import streamlit

from dashboard.signin import providers
from data.access.errors import DataError

SECRET = "x" * 32
EXAMPLE = Path(__file__).resolve().parents[2] / ".streamlit" / "secrets.example.toml"
EXAMPLES = ("google", "microsoft", "keycloak", "supabase", "other")
SERVICE = {
    "client_id": "a",
    "client_secret": "b",
    "server_metadata_url": "https://sso.example.org/x",
}
GOOD = {"redirect_uri": "https://p.example.org/oauth2callback", "cookie_secret": SECRET}

Configure = Callable[[Mapping[str, Any]], None]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Configure:
    def configured(auth: Mapping[str, Any]) -> None:
        monkeypatch.setattr(providers, "is_configured", lambda: True)
        monkeypatch.setattr(providers, "section", lambda: auth)

    return configured


def test_services_are_told_in_the_order_of_the_file(configure: Configure) -> None:
    configure(GOOD | SERVICE | {"google": SERVICE, "sso": SERVICE | {"label": "The school"}})
    providers.check()
    assert [(one.name, one.label) for one in providers.providers()] == [
        (None, "your school's account"), ("google", "Google"), ("sso", "The school"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("auth", "named"),
    [
        ({}, "redirect_uri"),
        (GOOD | {"redirect_uri": "https://p.example.org/"} | SERVICE, "redirect_uri"),
        (GOOD | {"redirect_uri": "http://p.example.org/oauth2callback"} | SERVICE, "https://"),
        (GOOD | {"redirect_uri": "https://p.example.org/progress/oauth2callback"} | SERVICE, "names a folder"),
        (GOOD | {"redirect_uri": "https://P.Example.org/oauth2callback"} | SERVICE, "https://p.example.org/oa"),
        (GOOD | {"redirect_uri": "https://p.example.org:443/oauth2callback"} | SERVICE, "https://p.example.org/oa"),
        (GOOD | {"redirect_uri": "https://schüler.example.org/oauth2callback"} | SERVICE, "xn--"),
        (GOOD | SERVICE | {"server_metadata_url": "http://sso.example.org/x"}, "metadata_url must begin"),
        (GOOD | {"cookie_secret": "short"} | SERVICE, "cookie_secret"),
        (GOOD, "names no sign-in service"),
        (GOOD | {"sso": {"client_id": "a"}}, r"\[auth.sso\] .* client_secret, server_metadata_url"),
        (GOOD | {"sso": SERVICE | {"client_secret": ""}}, "client_secret"),
        (GOOD | {"my_sso": SERVICE}, "underscore"),
        (
            GOOD | {"m": SERVICE | {"emails_are_verified": True, "server_metadata_url": "https://l/common/v2"}},
            "trusts every e-mail",
        ),
        (
            GOOD | {"m": SERVICE | {"emails_are_verified": True, "server_metadata_url": "https://l/Consumers/v2"}},
            "trusts every e-mail",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(
    configure: Configure, auth: Mapping[str, Any], named: str
) -> None:
    configure(auth)
    with pytest.raises(DataError, match=named):
        providers.check()


def test_the_example_wants_nothing_but_what_is_empty_in_it(configure: Configure) -> None:
    auth = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["auth"]
    configure(auth)
    with pytest.raises(DataError, match="cookie_secret"):
        providers.check()
    filled = {
        name: one | {"client_id": "a", "client_secret": "b"} if isinstance(one, dict) else one
        for name, one in auth.items()
    }
    configure(filled | {"cookie_secret": SECRET})
    providers.check()
    found = providers.providers()
    assert [one.name for one in found] == [*EXAMPLES]
    assert [one.name for one in found if one.trusts_email] == ["microsoft"]
    for one in found:
        assert filled[str(one.name)]["client_kwargs"]["code_challenge_method"] == "S256"


def test_every_example_says_what_is_asked_of_who_is_signed_in_there_already() -> None:
    """Else Streamlit asks which account they mean, and many services refuse that; two are known to take it."""
    auth = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["auth"]
    asked = {name: auth[name]["client_kwargs"]["prompt"] for name in EXAMPLES}
    assert asked == dict.fromkeys(EXAMPLES, "") | dict.fromkeys(
        ("google", "microsoft"), "select_account"
    )


@pytest.mark.parametrize("redirect_uri", [
    "https://p.example.org/oauth2callback", "https://p.example.org:8443/oauth2callback",
    "http://localhost:{port}/oauth2callback", "http://127.0.0.1:80000/oauth2callback", "http://[::1]:1/oauth2callback",
])  # fmt: skip
def test_an_address_as_browsers_write_it_is_taken(configure: Configure, redirect_uri: str) -> None:
    configure(GOOD | SERVICE | {"redirect_uri": redirect_uri})
    providers.check()


def test_a_folder_that_streamlit_serves_under_is_refused_for_what_is_around_its_sign_in_would_not_be(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(GOOD | SERVICE)
    told = {"secrets.files": [], "server.baseUrlPath": "progress"}
    monkeypatch.setattr(streamlit, "get_option", told.__getitem__)
    with pytest.raises(DataError, match=r"server\.baseUrlPath"):
        providers.check()


def refused(file: Path) -> str:
    try:
        providers.refuse_what_others_read([file.with_name("none.toml"), file])
    except DataError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("mode", "is_refused"),
    [(0o600, False), (0o400, False), (0o640, True), (0o644, True), (0o602, True), (0o620, True)],
)
def test_secrets_that_others_on_the_machine_can_read_or_change_are_refused(
    tmp_path: Path, mode: int, is_refused: bool
) -> None:
    file, link = tmp_path / "secrets.toml", tmp_path / "a link.toml"
    file.touch()
    link.symlink_to(file)
    file.chmod(mode)
    assert ("chmod 600 '" in refused(link)) is is_refused  # it can be copied
    assert bool(refused(file)) is is_refused


def test_secrets_of_the_systems_may_be_our_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secrets.toml"
    file.touch()
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    for mode, is_refused in ((0o640, False), (0o440, False), (0o644, True)):
        file.chmod(mode)
        assert bool(refused(file)) is is_refused


@pytest.mark.parametrize("which", ["of the file", "of the link"])
def test_secrets_in_a_folder_where_others_can_put_another_file_are_refused(
    tmp_path: Path, which: str
) -> None:
    folders = {name: tmp_path / name for name in ("of the file", "of the link")}
    for folder in folders.values():
        folder.mkdir()
    file, link = folders["of the file"] / "secrets.toml", folders["of the link"] / "secrets.toml"
    file.touch(0o600)
    link.symlink_to(file)
    assert refused(link) == ""
    folders[which].chmod(0o777)
    assert f"chmod o-w '{folders[which]}'" in refused(link)
    folders[which].chmod(0o1777)  # as /tmp is: nobody replaces what is another's
    assert refused(link) == ""


def test_secrets_that_cannot_be_read_are_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secrets.toml"
    providers.refuse_unreadable([file, tmp_path])  # none is there
    file.write_text('cookie_secret = "abc', encoding="utf-8")
    with pytest.raises(DataError, match="is not written as TOML is") as told:
        providers.refuse_unreadable([file])
    assert "abc" not in str(told.value)
    monkeypatch.setattr(
        Path, "read_text", Mock(side_effect=PermissionError(13, "Permission denied"))
    )
    with pytest.raises(DataError, match=r"cannot be read \(Permission denied\).*chmod 640"):
        providers.refuse_unreadable([file])


def test_the_start_looks_at_the_files_that_streamlit_reads(
    configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(GOOD | SERVICE)
    file = tmp_path / "secrets.toml"
    file.touch()
    file.chmod(0o644)
    told = {"secrets.files": [str(file)], "server.baseUrlPath": ""}
    monkeypatch.setattr(streamlit, "get_option", told.__getitem__)
    with pytest.raises(DataError, match="Others on this machine"):
        providers.check()
    file.chmod(0o600)
    providers.check()


def test_where_people_reach_the_page_is_what_the_service_leads_back_to(
    configure: Configure,
) -> None:
    configure(GOOD)
    assert providers.own_address(8501) == "https://p.example.org"
    configure({"redirect_uri": "http://localhost:{port}/oauth2callback"})
    assert providers.own_address(8501) == "http://localhost:8501"


@pytest.mark.parametrize(("provider", "comes"), [("sso", True), ("gone", False), (None, False)])
def test_a_cookie_of_a_service_that_was_taken_out_is_nobodys(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, provider: str | None, comes: bool
) -> None:
    configure(GOOD | {"sso": SERVICE})
    claims = {"iss": "https://sso", "sub": "1", "provider": provider}
    user = SimpleNamespace(is_logged_in=True, to_dict=lambda: claims)
    monkeypatch.setattr(streamlit, "user", user)
    assert (providers.who_came() is not None) is comes
