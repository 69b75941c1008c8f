"""A webhook is believed when Exact signed it, and says little."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.exact.simulator import Simulator
from adapters.exact.webhooks import MAX_BYTES, Trust, received, verify
from connector.port.adapter import Received
from connector.port.records import ItemId

SECRET = "webhook-secret"
TRUST = Trust(division=1001, secret=SECRET)
KEY = "5c4b2e3a-0d1e-4f20-9a11-2b3c4d5e6f70"


def content(**fields: object) -> bytes:
    said = {
        "Topic": "FinancialTransactions",
        "ClientId": "0e7ac7c1-0000-4000-8000-51a0c1ae4701",
        "Division": 1001,
        "Action": "Update",
        "Key": KEY,
        "ExactOnlineEndpoint": f"https://start.exactonline.nl/api/v1/1001/financialtransaction/Transactions(guid'{KEY}')",
        "EventCreatedOn": "2026-11-26T10:00:00.123",
    }
    return json.dumps(said | fields, ensure_ascii=False).encode()


def hash_of(inner: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), inner, hashlib.sha256).hexdigest().upper()


def push(inner: bytes, signature: str | None = None) -> bytes:
    return (
        b'{"Content":' + inner + b',"HashCode":"' + (signature or hash_of(inner)).encode() + b'"}'
    )


def test_a_signed_push_is_taken() -> None:
    inner = content()

    assert received(push(inner), trust=TRUST) == Received(
        status=200,
        key=hashlib.sha256(inner).hexdigest(),
        items=(ItemId(f"R/{KEY}"), ItemId(f"P/{KEY}")),
    )


def test_the_same_event_has_the_same_key() -> None:
    first, again, other = (
        received(push(content(Key=key)), trust=TRUST).key for key in (KEY, KEY, KEY[::-1])
    )

    assert (first == again, first == other) == (True, False)


@pytest.mark.parametrize(
    "body",
    [
        push(content(), hash_of(content(), "other")),
        push(content(), hash_of(content()).lower()),
        push(content(Division=1002), hash_of(content())),
        push(content(), "0" * 64),
        content(),
        b"{}",
        b"\xff\xfe",
        b'{"Content":{},"HashCode":""}',
        push(content()).replace(b'{"Content":', b'{ "Content":', 1),
        push(content()).replace(b',"HashCode"', b', "HashCode"', 1),
        push(content())[:-1],
        push(content()) + b"x",
    ],
)
def test_what_exact_did_not_sign_is_refused(body: bytes) -> None:
    assert received(body, trust=TRUST) == Received(status=401)


def test_a_push_of_the_package_is_taken() -> None:
    with Simulator() as package:
        body = package.sign(content())
        trust = Trust(division=1001, secret=package.webhook_secret)

    assert received(body, trust=trust).key is not None


@pytest.mark.parametrize("secret", [None, ""])
def test_without_a_secret_nothing_is_believed(secret: str | None) -> None:
    body = push(content(), hash_of(content(), ""))

    assert received(body, trust=Trust(division=1001, secret=secret)).status == 401


@pytest.mark.parametrize("body", [b"", b"\r\n"])
@pytest.mark.parametrize("secret", [None, SECRET])
def test_the_empty_call_at_registration_is_answered(body: bytes, secret: str | None) -> None:
    assert received(body, trust=Trust(division=1001, secret=secret)) == Received(status=200)


def test_what_is_too_large_is_not_read() -> None:
    body = push(content(Key="x" * MAX_BYTES))

    assert (received(body, trust=TRUST), verify(body, secret=SECRET)) == (
        Received(status=413),
        None,
    )


def test_the_bytes_are_signed_as_they_stand() -> None:
    inner = b'{"Topic" : "Accounts",\n "Name":"\xc3\xa9\xff,\\"HashCode\\":"}'

    assert verify(push(inner), secret=SECRET) == inner


@pytest.mark.parametrize(
    ("endpoint", "items"),
    [
        # a transaction may be on either side, or both; the books know it on one
        (
            f"https://x.example/api/v1/1001/financialtransaction/Transactions(guid'{KEY}')",
            (f"R/{KEY}", f"P/{KEY}"),
        ),
        (f"https://x.example/api/v1/1001/salesentry/SalesEntries(guid'{KEY}')", (f"R/{KEY}",)),
        ("https://x.example/api/v1/1001/purchaseentry/PurchaseEntries", (f"P/{KEY}",)),
        (f"https://x.example/api/v1/1001/crm/Accounts(guid'{KEY}')", ()),
        # whose keys are no entries
        (f"https://x.example/api/v1/1001/financialtransaction/TransactionLines(guid'{KEY}')", ()),
        (f"https://x.example/api/v1/1001/documents/Documents(guid'{KEY}')", ()),
        ("https://x.example/api/v1/1001/salesinvoice/SalesInvoices", ()),
        (None, ()),
        (5, ()),
    ],
)
def test_only_an_entry_names_an_item(endpoint: object, items: tuple[str, ...]) -> None:
    got = received(push(content(ExactOnlineEndpoint=endpoint, Key=KEY.upper())), trust=TRUST)

    assert got.items == items


@pytest.mark.parametrize("fields", [{"Division": 1002}, {"Division": None}, {"Key": None}, {"Key": "x"}])  # fmt: skip
def test_an_event_of_others_names_nothing(fields: dict[str, object]) -> None:
    endpoint = "https://x.example/api/v1/1001/salesentry/SalesEntries"

    got = received(push(content(**({"ExactOnlineEndpoint": endpoint} | fields))), trust=TRUST)

    assert (got.status, got.items, got.key is None) == (200, (), False)


@pytest.mark.parametrize("inner", [b"[]", b"5", b"x", b"\xff", b"[" * 100_000])
def test_signed_nonsense_names_nothing(inner: bytes) -> None:
    assert received(push(inner), trust=TRUST).items == ()


@given(st.binary(max_size=300))
def test_nothing_that_a_stranger_sends_raises(body: bytes) -> None:
    assert received(body, trust=TRUST).status in (200, 401)


def test_a_secret_does_not_show() -> None:
    assert SECRET not in repr(TRUST)
