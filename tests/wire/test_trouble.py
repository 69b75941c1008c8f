"""No exception of the libraries below leaves wire."""

import inspect
import ssl
from collections.abc import Callable
from typing import Any

import pytest
import requests
import responses
import urllib3.exceptions as below
from requests import exceptions as above

from connector.port.errors import AdapterError, OutcomeUnknownError, UnavailableError
from connector.wire.http import Http
from connector.wire.oauth import OAuthApp, TokenKeeper
from tests.wire.fakes import FakeTools, MemoryVault, http

ORIGIN = "https://remote.example"
TOKEN_URL = f"{ORIGIN}/oauth/token"


def _made(kind: type[Exception]) -> Exception:
    """Return an error of the kind, whatever its constructor asks for."""
    pool: Any = None
    special: dict[type, Callable[[], Exception]] = {
        above.JSONDecodeError: lambda: above.JSONDecodeError("no", "", 0),
        below.MaxRetryError: lambda: below.MaxRetryError(pool, "/", None),
        below.ProxyError: lambda: below.ProxyError("no", OSError()),
        below.IncompleteRead: lambda: below.IncompleteRead(1, 2),
        below.InvalidChunkLength: lambda: below.InvalidChunkLength(_Tell(), b"x"),  # type: ignore[arg-type]
        below.HeaderParsingError: lambda: below.HeaderParsingError([], None),
        below.ProxySchemeUnknown: lambda: below.ProxySchemeUnknown("x"),
    }
    if kind in special:
        return special[kind]()
    try:
        signature = inspect.signature(kind)
    except ValueError:  # as plain as an exception can be
        return kind("x")
    wanted = [
        one
        for one in signature.parameters.values()
        if one.default is inspect.Parameter.empty
        and one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    return kind(*(pool if one.name in {"pool", "conn"} else "x" for one in wanted))


class _Tell:
    def tell(self) -> int:
        return 0

    length_remaining = 1


def _kinds(module: Any, root: type[Exception]) -> list[type[Exception]]:
    return [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, root) and not issubclass(one, Warning)
    ]


FOREIGN: list[type[Exception]] = sorted(
    {
        *_kinds(above, requests.RequestException),
        *_kinds(below, below.HTTPError),
        OSError,
        ConnectionResetError,
        TimeoutError,
        ssl.SSLError,
        UnicodeError,
    },
    key=lambda kind: f"{kind.__module__}.{kind.__name__}",
)

ACTS: list[Callable[[Http], object]] = [
    lambda one: one.read("GET", "/x"),
    lambda one: one.write("POST", "/x"),
    lambda one: one.stream("GET", "/x").__enter__(),
    lambda one: one.download("/x"),
]


def _fails(error: Exception) -> responses.RequestsMock:
    mock = responses.RequestsMock(assert_all_requests_are_fired=False)
    for method in ("GET", "POST"):
        mock.add(method, f"{ORIGIN}/x", body=error)
    mock.add("POST", TOKEN_URL, body=error)
    return mock


@pytest.mark.parametrize("act", ACTS, ids=["read", "write", "stream", "download"])
@pytest.mark.parametrize("kind", FOREIGN)
def test_no_foreign_exception_leaves(kind: type[Exception], act: Callable[[Http], object]) -> None:
    with _fails(_made(kind)), pytest.raises(AdapterError):
        act(http(ORIGIN))


@pytest.mark.parametrize("kind", FOREIGN)
def test_no_foreign_exception_leaves_while_a_token_is_renewed(kind: type[Exception]) -> None:
    kept = '{"access_token": "old", "refresh_token": "r"}'
    app = OAuthApp(
        authorize_url=f"{ORIGIN}/oauth/authorize",
        token_url=TOKEN_URL,
        client_id="id",
        client_secret="hush",
        scopes=(),
    )
    keeper = TokenKeeper(app, name="x", tools=FakeTools(vault=MemoryVault({"x": kept})))
    with _fails(_made(kind)), pytest.raises(AdapterError):
        keeper.renew(keeper.headers())


def _wrapped(reason: Exception) -> Exception:
    pool: Any = None
    return requests.ConnectionError(below.MaxRetryError(pool, "/", reason))


def _refused() -> below.NewConnectionError:
    connection: Any = None
    return below.NewConnectionError(connection, "refused")


@pytest.mark.parametrize(
    "error",
    [
        _wrapped(_refused()),
        requests.exceptions.ConnectTimeout(),
        requests.exceptions.ProxyError(),
        requests.exceptions.SSLError(
            below.MaxRetryError(
                None,  # type: ignore[arg-type]  # no pool is needed to show the reason
                "/",
                below.SSLError(ssl.SSLCertVerificationError("self-signed")),
            )
        ),
    ],
)
def test_write_that_found_no_connection_was_not_done(error: Exception) -> None:
    with _fails(error), pytest.raises(UnavailableError):
        http(ORIGIN).write("POST", "/x")


@pytest.mark.parametrize(
    "error",
    [
        requests.exceptions.SSLError("bad record mac"),
        requests.exceptions.ReadTimeout(),
        requests.ConnectionError(below.ProtocolError("aborted", ConnectionResetError())),
    ],
)
def test_write_that_found_a_connection_may_have_been_done(error: Exception) -> None:
    with _fails(error), pytest.raises(OutcomeUnknownError):
        http(ORIGIN).write("POST", "/x")


def test_certificate_of_somebody_else_is_not_tried_again() -> None:
    error = requests.exceptions.SSLError(below.SSLError(ssl.SSLCertVerificationError("other")))
    one = http(ORIGIN)
    with _fails(error), pytest.raises(UnavailableError, match="wire_untrusted"):
        one.read("GET", "/x")

    assert one.requests == 1


@responses.activate
def test_password_file_does_not_replace_the_token(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine remote.example login x password y\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    call = responses.get(f"{ORIGIN}/x", json=[])
    http(ORIGIN).read("GET", "/x")

    assert call.calls[0].request.headers["Authorization"] == "Bearer secret-1"
