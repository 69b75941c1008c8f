"""Which types of documents may be made is asked only where Exact said no."""

import pytest

from connector.port.errors import AdapterError, AuthorisationError, RateLimitError, RefusedError
from tests.adapters.exact.push_desk import AWAY, DOCUMENTS, REFUSED, TYPES, desk, message


def test_types_are_not_asked_while_exact_takes_the_documents() -> None:
    at = desk()

    at.pusher.push(message())

    assert f"GET {TYPES}" not in at.client.calls


@pytest.mark.parametrize("type_", [50, 99])
def test_a_document_that_is_refused_for_its_type_says_so(type_: int) -> None:
    at = desk(document_type=type_)
    at.client.fail(f"POST {DOCUMENTS}", REFUSED)
    with pytest.raises(RefusedError) as raised:
        at.pusher.push(message())

    assert (raised.value.code, raised.value.facts) == (
        "exact.document_type",
        {"type": type_, "types": "55"},
    )


def test_a_type_that_cant_be_created_is_not_tried_again() -> None:
    at = desk(document_type=50)
    at.client.fail(f"POST {DOCUMENTS}", REFUSED)
    codes = []
    for key in ("k1", "k2", "k3"):
        with pytest.raises(RefusedError) as raised:
            at.pusher.push(message(key=key))
        codes.append(raised.value.code)

    assert (codes, at.writes(), at.client.calls.count(f"GET {TYPES}")) == (
        ["exact.document_type"] * 3,
        [f"POST {DOCUMENTS}"],
        1,
    )


def test_a_refusal_that_is_not_for_the_type_is_told_as_it_is() -> None:
    at = desk()
    for _ in range(2):
        at.client.fail(f"POST {DOCUMENTS}", REFUSED)
    told = []
    for key in ("k1", "k2"):
        with pytest.raises(RefusedError) as raised:
            at.pusher.push(message(key=key))
        told.append(raised.value)

    assert (told, at.client.calls.count(f"GET {TYPES}")) == ([REFUSED, REFUSED], 1)


@pytest.mark.parametrize(
    "error",
    [
        AuthorisationError("wire_forbidden", endpoint="x"),
        RateLimitError("exact.stopped_asking", endpoint="x", status="403", after=60),
        AWAY,
    ],
)
def test_types_that_cant_be_asked_hide_no_refusal(error: AdapterError) -> None:
    at = desk(document_type=50)
    at.client.fail(f"POST {DOCUMENTS}", REFUSED)
    at.client.fail(f"GET {TYPES}", error)
    with pytest.raises(RefusedError) as raised:
        at.pusher.push(message())

    assert raised.value is REFUSED


def test_types_that_cant_be_read_hide_no_refusal() -> None:
    at = desk()
    at.client.books[TYPES] = [{"ID": "x", "DocumentIsCreatable": True}]
    at.client.fail(f"POST {DOCUMENTS}", REFUSED)
    with pytest.raises(RefusedError) as raised:
        at.pusher.push(message())

    assert raised.value is REFUSED
