"""A whole sign-in at a service that does what certified ones do not: its tokens, its answers, its clock."""

import base64
import hashlib
import json
import ssl
import time
from dataclasses import replace
from typing import Any

import httpx
import pytest
from authlib.integrations.starlette_client import OAuth
from joserfc import jwt
from joserfc.jwk import RSAKey
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from dashboard.signin import client, providers
from dashboard.signin.trouble import Trouble
from tests.unit.odd_service import (
    ECS,
    EDWARDS,
    EMAIL,
    ISSUER,
    RSA,
    SECRET,
    Answer,
    Browser,
    Key,
    Service,
    run,
    sign,
)


def sign_in(service: Service) -> dict[str, Any]:
    """What the browser is given of it."""
    browser = Browser(service)

    async def all_the_way() -> dict[str, Any]:
        return await browser.comes_back(await browser.goes())

    found: dict[str, Any] = run(all_the_way())
    assert browser.exchange.trouble is None or not found["userinfo"]
    return found


def trouble(service: Service) -> Trouble | None:
    """What the sign-in page says of it."""
    browser = Browser(service)

    async def all_the_way() -> None:
        await browser.comes_back(await browser.goes())

    try:
        run(all_the_way())
    except Exception:  # noqa: BLE001 (as Streamlit does, whatever it is)
        assert browser.exchange.trouble is not None
    return browser.exchange.trouble


def half_hash(text: str) -> str:
    return (
        base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()
    )


@pytest.mark.parametrize(
    "service",
    [
        Service(),
        Service(algorithm="PS256"),
        Service(algorithm="ES256", key=ECS["P-256"]),
        Service(algorithm="ES512", key=ECS["P-521"]),
        Service(algorithm="Ed25519", key=EDWARDS),
        Service({"at_hash": half_hash("a")}),
        Service({"aud": ["progress"]}),
        Service({"aud": ["progress", "api"], "azp": "progress"}),
        Service(moments={"iat": 100}),
        Service(moments={"iat": -1800}),
        Service(moments={"exp": -100}),
    ],
)
def test_what_is_right_lets_in(service: Service) -> None:
    claims = sign_in(service)["userinfo"]
    assert (claims["iss"], claims["sub"], claims["email"]) == (ISSUER, "tess", EMAIL["email"])


@pytest.mark.parametrize(
    "service",
    [
        Service(algorithm="HS256", key=SECRET.encode()),
        Service(algorithm="HS256", key=RSA.as_pem(private=False)),
        Service(algorithm="none"),
        Service(key=RSAKey.generate_key(2048, {"kid": "one"}), answers={
            "/keys": lambda: httpx.Response(200, json={"keys": [RSA.as_dict(private=False)]})}),
        Service({"nonce": "another"}),
        Service(lacks=("nonce",)),
        Service({"at_hash": half_hash("b")}),
        Service({"aud": "another"}),
        Service({"aud": "another", "azp": "progress"}),
        Service({"aud": ["another", "third"], "azp": "progress"}),
        Service({"azp": "another"}),
        Service({"iss": f"{ISSUER}/"}),
        Service(metadata={"issuer": None}),
        Service(lacks=("sub",)),
        Service({"sub": 17}),
        Service({"sub": "tess\n"}),
        Service({"sub": ""}),
        Service({"sub": "t" * 1001}),
    ],
)  # fmt: skip
def test_a_token_that_is_not_this_sign_ins_lets_nobody_in_and_that_is_said(
    service: Service,
) -> None:
    assert trouble(service) is Trouble.SETUP


@pytest.mark.parametrize("moments", [{"iat": 180}, {"nbf": 180}, {"exp": -180}])
def test_clocks_that_differ_are_told(moments: dict[str, int]) -> None:
    assert trouble(Service(moments=moments)) is Trouble.CLOCK


def test_a_sign_in_is_of_now_whatever_the_services_clock_says() -> None:
    """Else whoever signed out everywhere came in no more until a slow clock had passed that moment."""
    for off in (-1800, 100):
        userinfo = sign_in(Service(moments={"iat": off}))["userinfo"]
        assert abs(userinfo["iat"] - time.time()) < 20


@pytest.mark.parametrize(
    ("path", "answer", "told"),
    [
        ("/well-known", httpx.Response(200, text="<html>"), Trouble.SETUP),
        ("/well-known", httpx.Response(200, json=[1]), Trouble.SETUP),
        ("/well-known", httpx.Response(301, headers={"location": f"{ISSUER}/x"}), Trouble.SETUP),
        ("/well-known", httpx.Response(503), Trouble.AWAY),
        ("/token", httpx.Response(200, text="<html>"), Trouble.SETUP),
        ("/token", httpx.Response(500, text="<html>"), Trouble.AWAY),
        ("/token", httpx.Response(429, text="slow down"), Trouble.AWAY),
        ("/token", httpx.Response(400, json={"error": "temporarily_unavailable"}), Trouble.AWAY),
        ("/token", httpx.Response(400, json={"error": "invalid_grant"}), Trouble.FAILED),
        ("/token", httpx.Response(401, json={"error": "invalid_client"}), Trouble.SETUP),
        ("/token", httpx.Response(200, json={"access_token": "a"}), Trouble.SETUP),
        ("/token", httpx.ReadTimeout("slow"), Trouble.AWAY),
        ("/keys", httpx.Response(404), Trouble.SETUP),
        ("/keys", httpx.ConnectError("no route"), Trouble.AWAY),
        ("/keys", httpx.Response(200, json={"keys": []}), Trouble.SETUP),
    ],
)
def test_a_service_that_answers_otherwise_is_told_by_what_helps(
    path: str, answer: httpx.Response | Exception, told: Trouble
) -> None:
    assert trouble(Service(answers={path: answering(answer)})) is told


def answering(answer: httpx.Response | Exception) -> Answer:
    def answered() -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    return answered


@pytest.mark.parametrize("name", ["token_endpoint", "jwks_uri", "userinfo_endpoint"])
def test_a_service_that_is_asked_in_the_clear_is_not_asked(name: str) -> None:
    assert trouble(Service(metadata={name: "http://sso.example.org/x"})) is Trouble.SETUP


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text=jwt.encode({"alg": "RS256"}, {"sub": "tess"} | EMAIL, RSA)),
        httpx.Response(200, text="<html>"),
        httpx.Response(500),
        httpx.Response(401, json={"error": "invalid_token"}),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("refused"),
    ],
)
def test_an_account_comes_in_where_no_e_mail_can_be_asked(
    answer: httpx.Response | Exception,
) -> None:
    """One that is known needs none; of another it is said that there is none."""
    service = Service(lacks=("email", "email_verified"), answers={"/me": answering(answer)})
    assert sign_in(service)["userinfo"].keys() == {"iss", "sub", "nonce", "iat"}


def answering_signed(
    claims: dict[str, Any], header: dict[str, str] | None = None, key: Key | bytes = RSA
) -> Service:
    """A service whose token lacks the e-mail, and which signs what it is asked for afterwards."""
    signed = sign({"alg": "RS256", "kid": "one"} | (header or {}), {"sub": "tess"} | claims, key)
    answer = httpx.Response(
        200, headers={"content-type": "application/jwt; charset=utf-8"}, text=signed
    )
    return Service(lacks=("email", "email_verified"), answers={"/me": answering(answer)})


@pytest.mark.parametrize(
    "service",
    [
        answering_signed({"iss": ISSUER, "aud": "progress"} | EMAIL),
        answering_signed({"aud": ["api", "progress"], "iat": int(time.time())} | EMAIL),
        answering_signed(EMAIL, {"alg": "PS256"}),
        answering_signed(EMAIL, {"typ": "JWT", "cty": "x"}),
        replace(answering_signed(EMAIL, {"alg": "PS256"}), metadata={
            "id_token_signing_alg_values_supported": ["RS256"],
            "userinfo_signing_alg_values_supported": ["none", "PS256"]}),
    ],
)  # fmt: skip
def test_an_e_mail_is_read_where_the_service_signs_what_it_tells(service: Service) -> None:
    found = sign_in(service)["userinfo"]
    assert {name: found[name] for name in EMAIL} == EMAIL


@pytest.mark.parametrize(
    "service",
    [
        answering_signed(EMAIL, key=RSAKey.generate_key(2048, {"kid": "one"})),
        answering_signed(EMAIL, {"kid": "another"}),
        answering_signed(EMAIL, {"alg": "none"}, b""),
        answering_signed(EMAIL, {"alg": "HS256"}, SECRET.encode()),
        answering_signed(EMAIL, {"alg": "HS256"}, RSA.as_pem(private=False)),
        answering_signed({"iss": "https://another.example.org"} | EMAIL),
        answering_signed({"aud": "another"} | EMAIL),
        answering_signed({"exp": 1} | EMAIL),
        answering_signed({"sub": "otto"} | EMAIL),
        Service(lacks=("email", "email_verified"), answers={"/me": lambda: httpx.Response(
            200, headers={"content-type": "application/jwt"}, text="five.parts.of.an.encrypted")}),
    ],
)  # fmt: skip
def test_no_e_mail_is_read_of_what_others_signed_or_of_somebody_else(service: Service) -> None:
    assert sign_in(service)["userinfo"].keys() == {"iss", "sub", "nonce", "iat"}


def test_whether_an_e_mail_is_verified_is_asked_too_where_the_token_does_not_say() -> None:
    assert sign_in(Service(lacks=("email_verified",)))["userinfo"]["email_verified"] is True
    asked = sign_in(Service({"email_verified": False}))["userinfo"]["email_verified"]
    assert asked is False  # the control: what the token says is believed


def test_where_every_e_mail_is_verified_the_service_is_not_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trusted = providers.Provider("school", "School", trusts_email=True)
    monkeypatch.setattr(providers, "providers", lambda: (trusted,))
    refusing = Service(lacks=("email_verified",), answers={"/me": answering(ValueError("asked"))})
    assert "email_verified" not in sign_in(refusing)["userinfo"]


def test_the_browser_keeps_no_more_of_somebody_than_who_they_are() -> None:
    """Groups and pictures made cookies that a proxy refuses, and that page after page."""
    groups = {"groups": ["a" * 36] * 200, "picture": "https://x/" + "y" * 500, "name": "Tess"}
    found = sign_in(Service(groups))
    assert found.keys() == {"userinfo"}
    assert found["userinfo"].keys() == {"iss", "sub", "nonce", "iat", "email", "email_verified"}


def test_the_services_token_is_kept_where_signing_out_there_asks_for_it() -> None:
    found = sign_in(Service())
    assert json.loads(base64.urlsafe_b64decode(found["id_token"].split(".")[1] + "=="))["sub"]
    assert "id_token" not in sign_in(Service(metadata={"end_session_endpoint": None}))


def test_the_answer_that_signs_in_is_one_that_a_proxy_takes() -> None:
    """nginx takes 4 kB of headers where nothing else is set; ours are some 1,500 bytes without the token."""
    written = json.dumps({"id_token": "x" * client.LONGEST_TOKEN})
    assert len(create_signed_value("s", "_streamlit_user_tokens", written)) + 1500 < 4096
    for length, is_kept in ((client.LONGEST_TOKEN - 800, True), (client.LONGEST_TOKEN, False)):
        found = sign_in(Service({"x": "y" * (length * 3 // 4)}))
        assert ("id_token" in found) is is_kept


def test_the_authorities_that_are_believed_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time holds up everybody who waits for an answer."""

    def asking() -> Any:
        named = {"scope": "openid"}
        return OAuth().register("school", client_cls=client.SchoolClient, client_kwargs=named)

    asking()._get_session()

    def read_again(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(ssl, "create_default_context", read_again)
    asking()._get_session()
    asking()._get_oauth_client()


def test_tabs_that_go_to_the_service_at_once_all_come_back() -> None:
    browser = Browser(Service())

    async def in_turn() -> list[dict[str, Any]]:
        gone = [await browser.goes() for _ in range(6)]
        assert len(json.dumps(browser.session)) < 2000  # it is a cookie
        assert len(browser.session) == client.MOST_TABS
        return [await browser.comes_back(one) for one in gone[-client.MOST_TABS :]]

    found = run(in_turn())
    assert [one["userinfo"]["sub"] for one in found] == ["tess"] * client.MOST_TABS
    assert len({one["userinfo"]["nonce"] for one in found}) == client.MOST_TABS
