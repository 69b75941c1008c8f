"""What a webhook comes to, and what a stranger can't do with one."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.moneybird.webhooks import MAX_BYTES, Trust, received, verify
from connector.port.adapter import Received
from connector.port.records import ItemId

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
SECRET = "whsec-of-this-test"
TOKEN = "token-of-this-test"
SIGNED = Trust(administration="123", secret=SECRET)
BY_TOKEN = Trust(administration="123", token=TOKEN)


def event(**fields: Any) -> bytes:
    said = {
        "administration_id": "123",
        "webhook_id": "9",
        "webhook_token": TOKEN,
        "entity_type": "SalesInvoice",
        "entity_id": "496081538556888568",
        "state": "late",
        "action": "sales_invoice_state_changed_to_late",
        "entity": {"id": "496081538556888568"},
    }
    return json.dumps(said | fields).encode()


def v1(body: bytes, *, at: datetime = NOW, secret: str = SECRET) -> str:
    stamp = str(int(at.timestamp())).encode()
    return hmac.new(secret.encode(), stamp + b"." + body, hashlib.sha256).hexdigest()


def signed(
    body: bytes, *, at: datetime = NOW, secret: str = SECRET, key: str | None = None
) -> dict[str, str]:
    stamp = int(at.timestamp())
    signature = {"moneybird-signature": f"t={stamp},v1={v1(body, at=at, secret=secret)}"}
    return signature if key is None else signature | {"idempotency-key": key}


def digest(body: bytes, *, at: datetime = NOW) -> str:
    return hashlib.sha256(f"{int(at.timestamp())}.".encode() + body).hexdigest()


def items(body: bytes, trust: Trust = SIGNED) -> tuple[str, ...]:
    return received(signed(body), body, trust=trust, now=NOW).items


def is_true(headers: dict[str, str], body: bytes, **known: str | None) -> bool:
    trust = {"secret": SECRET, "token": None} | known
    return verify(headers, body, secret=trust["secret"], token=trust["token"], now=NOW)


def test_a_signature_is_worked_out_over_time_and_raw_body() -> None:
    # computed with: printf '1795683600.{"a": 1}' | openssl dgst -sha256 -hmac secret
    header = "t=1795683600,v1=557c17d967308c45d895b3f080973902a5bf4480ccfdb3ec1f7b296ac988f262"
    at = datetime.fromtimestamp(1795683600, UTC)

    accepted = verify(
        {"moneybird-signature": header}, b'{"a": 1}', secret="secret", token=None, now=at
    )

    assert accepted


def test_any_of_several_signatures_will_do_while_a_secret_is_replaced() -> None:
    body = event()
    header = f"t={int(NOW.timestamp())},v1={'0' * 64},v1={v1(body)}"

    assert is_true({"moneybird-signature": header}, body)


def test_unknown_schemes_are_ignored() -> None:
    body = event()
    header = f"t={int(NOW.timestamp())},v9=whatever,v1={v1(body)}"

    assert is_true({"moneybird-signature": header}, body)


@pytest.mark.parametrize("scheme", ["v0", "v2", "V1", ""])
def test_a_right_signature_of_another_scheme_does_not_count(scheme: str) -> None:
    body = event()
    header = f"t={int(NOW.timestamp())},{scheme}={v1(body)}"

    assert not is_true({"moneybird-signature": header}, body)


@pytest.mark.parametrize(("seconds", "accepted"), [(300, True), (-300, True), (301, False), (-301, False)])  # fmt: skip
def test_a_signature_is_good_for_five_minutes(seconds: int, accepted: bool) -> None:
    body = event()
    headers = signed(body, at=NOW - timedelta(seconds=seconds))

    assert is_true(headers, body) is accepted


def test_a_changed_body_is_refused() -> None:
    body = event()

    assert not is_true(signed(body), body.replace(b"late", b"paid"))


def test_another_secret_is_refused() -> None:
    body = event()

    assert not is_true(signed(body, secret="another"), body)


@pytest.mark.parametrize(
    "header",
    ["", "t=", "v1=", "t=1", ",,,", "t=²,v1=x", "t=99999999999999999999,v1=x", "t=nan,v1=é", "é"],
)
def test_a_damaged_signature_is_refused(header: str) -> None:
    assert not is_true({"moneybird-signature": header}, event())


def test_the_token_in_the_body_does_not_replace_a_signature() -> None:
    assert not is_true({}, event(), token=TOKEN)


def test_without_a_secret_the_token_in_the_body_counts() -> None:
    assert is_true({}, event(), secret=None, token=TOKEN)


@pytest.mark.parametrize("named", ["another", "", None, 1, ["x"], "tök"])
def test_another_token_is_refused(named: object) -> None:
    assert not is_true({}, event(webhook_token=named), secret=None, token=TOKEN)


@pytest.mark.parametrize("nothing", [None, ""])
def test_without_secret_and_token_nobody_is_believed(nothing: str | None) -> None:
    assert not is_true({}, event(webhook_token=""), secret=nothing, token=nothing)


def test_a_webhook_names_the_invoice_to_read_again() -> None:
    body = event()

    answer = received(signed(body), body, trust=SIGNED, now=NOW)

    assert answer == Received(status=200, key=digest(body), items=(ItemId("R/496081538556888568"),))


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("SalesInvoice", "R/77"),
        ("ExternalSalesInvoice", "X/77"),
        ("Document", "P/77"),
        ("PurchaseInvoice", "P/77"),
        ("Receipt", "Q/77"),
    ],
)
def test_each_kind_of_record_has_its_own_items(kind: str, item: str) -> None:
    assert items(event(entity_type=kind, entity_id="77")) == (item,)


@pytest.mark.parametrize(
    ("kind", "item"),
    [("SalesInvoice", "R/5"), ("ExternalSalesInvoice", "X/5"), ("Document", "P/5")],
)
def test_a_payment_names_its_invoice(kind: str, item: str) -> None:
    entity = {"id": "1", "invoice_type": kind, "invoice_id": "5"}

    found = items(event(entity_type="Payment", entity_id="1", entity=entity))

    assert found == (item,)


def test_a_note_names_the_record_that_it_stands_on() -> None:
    entity = {"id": "1", "entity_type": "ExternalSalesInvoice", "entity_id": "5"}

    assert items(event(entity_type="Note", entity_id="1", entity=entity)) == ("X/5",)


def test_a_destroyed_invoice_is_read_again_to_see_that_it_is_gone() -> None:
    body = event(action="sales_invoice_destroyed", entity=None)

    assert items(body) == ("R/496081538556888568",)


@pytest.mark.parametrize("kind", ["Contact", "Workflow", "VatDocument", None, 5, ["SalesInvoice"]])
def test_other_kinds_name_nothing_and_have_a_key(kind: object) -> None:
    body = event(entity_type=kind)

    answer = received(signed(body, key="k-1"), body, trust=SIGNED, now=NOW)

    assert answer == Received(status=200, key=digest(body))


@pytest.mark.parametrize("id_", [None, True, -1, 1.5, "", "1/../2", "٣", "9" * 30, 10**30, {}])
def test_an_id_that_is_none_names_nothing(id_: object) -> None:
    assert items(event(entity_id=id_)) == ()


@pytest.mark.parametrize("entity", [None, [], "x", {}, {"invoice_type": "SalesInvoice"}, {"invoice_type": ["a"], "invoice_id": "5"}])  # fmt: skip
def test_a_payment_that_says_nothing_names_nothing(entity: object) -> None:
    assert items(event(entity_type="Payment", entity=entity)) == ()


def test_the_books_of_somebody_else_name_nothing() -> None:
    assert items(event(administration_id="124")) == ()


def test_an_administration_may_come_as_a_number() -> None:
    assert items(event(administration_id=123)) == ("R/496081538556888568",)


def test_what_was_signed_is_the_same_news_under_any_other_key() -> None:
    body = event()

    keys = {
        received(signed(body, key=key), body, trust=SIGNED, now=NOW).key for key in ("a", "b", None)
    }

    assert keys == {digest(body)}


def test_what_was_signed_at_another_time_is_other_news() -> None:
    body = event()
    later = NOW + timedelta(seconds=1)

    answer = received(signed(body, at=later), body, trust=SIGNED, now=NOW)

    assert answer.key == digest(body, at=later)


def test_without_a_signature_the_key_is_that_of_moneybird() -> None:
    answer = received({"idempotency-key": "abc-1"}, event(), trust=BY_TOKEN, now=NOW)

    assert answer.key == "abc-1"


@pytest.mark.parametrize("given_key", ["", "  ", "a b", "é", "x" * 201])
def test_a_key_that_is_none_is_replaced_by_the_digest_of_the_body(given_key: str) -> None:
    body = event()

    answer = received({"idempotency-key": given_key}, body, trust=BY_TOKEN, now=NOW)

    assert answer.key == hashlib.sha256(body).hexdigest()


def test_a_bad_signature_is_answered_with_401_and_has_no_key() -> None:
    body = event()

    assert received({}, body, trust=SIGNED, now=NOW) == Received(status=401)


@pytest.mark.parametrize("body", [b"", b"  \n", b"{}", event(entity_id=None, entity=None, action="test_webhook")])  # fmt: skip
def test_the_call_at_registration_is_answered_and_nothing_follows(body: bytes) -> None:
    assert received({}, body, trust=SIGNED, now=NOW) == Received(status=200)


@pytest.mark.parametrize(
    "body",
    [b"[]", b"x", b"5", b'{"entity_id": "1"}', b'{"entity": {}}', b'{"a":"' + b"x" * 5000 + b'"}'],
)
def test_what_is_no_registration_needs_a_signature(body: bytes) -> None:
    assert received({}, body, trust=SIGNED, now=NOW) == Received(status=401)


def test_a_body_over_a_megabyte_is_not_looked_at() -> None:
    body = b" " * (MAX_BYTES + 1)

    assert received(signed(body), body, trust=SIGNED, now=NOW) == Received(status=413)


@pytest.mark.parametrize("trust", [SIGNED, Trust(administration="123", token=TOKEN)])
def test_nesting_without_end_is_refused(trust: Trust) -> None:
    body = b"[" * 4000

    assert received({}, body, trust=trust, now=NOW) == Received(status=401)


def test_nesting_without_end_that_is_signed_names_nothing() -> None:
    body = b'{"a":' + b"[" * 200_000

    assert items(body) == ()


def test_secrets_are_not_shown() -> None:
    shown = repr(Trust(administration="1", secret=SECRET, token=TOKEN))

    assert SECRET not in shown
    assert TOKEN not in shown


_texts = st.text(max_size=60)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=12,
)
_bodies = (
    st.binary(max_size=300)
    | _json.map(lambda said: json.dumps(said).encode())
    | st.fixed_dictionaries(
        dict.fromkeys(("administration_id", "entity_type", "entity_id", "entity"), _json)
    ).map(lambda said: json.dumps(said).encode())
)
_headers = st.dictionaries(
    st.sampled_from(["moneybird-signature", "idempotency-key", "x"]),
    _texts | _texts.map(lambda text: f"t=1795683600,v1={text}"),
)


@given(headers=_headers, body=_bodies)
def test_a_stranger_gets_an_answer_and_nothing_else(headers: dict[str, str], body: bytes) -> None:
    answer = received(headers, body, trust=SIGNED, now=NOW)

    assert (answer.key, answer.items) == (None, ())


@given(body=_bodies)
def test_nothing_that_is_signed_makes_it_stumble(body: bytes) -> None:
    answer = received(signed(body), body, trust=SIGNED, now=NOW)

    assert answer.status == 200


@given(headers=_headers, body=_bodies)
def test_nothing_makes_the_older_check_stumble(headers: dict[str, str], body: bytes) -> None:
    trust = Trust(administration="123", token=TOKEN)

    assert received(headers, body, trust=trust, now=NOW).items == ()
