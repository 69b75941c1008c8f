"""A reminder goes once, and where nobody knows whether it went a person is asked."""

import json
from typing import Any

import pytest

from adapters.moneybird.endpoints import Resource
from connector.port.adapter import PushVerb
from connector.port.errors import (
    AdapterError,
    ContractChangedError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from connector.port.records import ItemId
from tests.adapters.moneybird.push_desk import (
    AWAY,
    REFUSED,
    UNKNOWN,
    changed,
    contact,
    desk,
    invoice,
    order,
    remind,
    workflow,
)

# --- looking


def test_looking_tells_how_far_the_package_was() -> None:
    at = desk(invoice(1, reminder_count=2), invoice(2))
    at.client.reminded(2)

    found = json.loads(at.pusher.look(remind("R/2", "R/1")))

    assert found == {
        "v": 1,
        "at": "2026-11-26T09:00:00+00:00",
        "invoices": {"1": [2, 0], "2": [1, 1]},
    }


def test_a_confirmation_by_the_post_is_no_new_reminder() -> None:
    at = desk(invoice(1))
    at.client.tell(1, "send_reminder_post_confirmation")

    assert json.loads(at.pusher.look(remind()))["invoices"] == {"1": [0, 0]}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"invoice_id": None, "state": "draft"}, "draft"),
        ({"state": "paid"}, "state"),
        ({"state": "pending_payment"}, "state"),
        ({"state": "uncollectible"}, "state"),
        ({"state": "brand_new"}, "state"),
        ({"total_unpaid": "0.0"}, "paid"),
        ({"total_unpaid": "-1.0"}, "paid"),
        ({"total_unpaid": None}, "incomplete"),
        ({"total_unpaid": "NaN"}, "incomplete"),
        ({"total_price_incl_tax": "-121.0", "total_unpaid": "-121.0"}, "credit"),
        ({"paused": True}, "paused"),
        ({"contact": contact(send_invoices_to_email=None)}, "no_email"),
        ({"contact": None}, "no_email"),
        ({"identity_id": None}, "incomplete"),
        ({"workflow_id": "99"}, "unknown_workflow"),
    ],
)
def test_what_may_not_be_reminded_is_refused(fields: dict[str, Any], reason: str) -> None:
    at = desk(invoice(1), invoice(2, **fields))

    with pytest.raises(RefusedError) as raised:
        at.pusher.look(remind("R/1", "R/2"))

    assert (raised.value.code, raised.value.facts["obstacle"]) == (
        "moneybird.not_remindable",
        reason,
    )


@pytest.mark.parametrize("method", ["sepa_direct_debit", "moneybird_payments"])
def test_a_workflow_that_collects_is_never_reminded(method: str) -> None:
    at = desk(invoice(1))
    at.client.flows = [workflow(collects=method)]

    with pytest.raises(RefusedError) as raised:
        at.pusher.look(remind())

    assert raised.value.facts == {"number": "2026-1", "obstacle": "direct_debit"}


@pytest.mark.parametrize("item", ["X/1", "P/1", "Q/1", "C/1", "R/x", "R/", "", "R/1/2"])
def test_only_sales_invoices_are_reminded(item: str) -> None:
    at = desk(invoice(1))

    with pytest.raises(RefusedError) as raised:
        at.pusher.look(remind(item))

    assert raised.value.facts["obstacle"] == "not_a_sales_invoice"


def test_an_order_about_nothing_is_refused() -> None:
    at = desk()

    with pytest.raises(RefusedError):
        at.pusher.look(order(PushVerb.REMIND))


def test_an_invoice_that_is_gone_is_refused() -> None:
    at = desk(invoice(1))

    with pytest.raises(RefusedError) as raised:
        at.pusher.look(remind("R/1", "R/2"))

    assert raised.value.facts == {"number": "2", "obstacle": "gone"}


def test_an_address_of_ours_does_where_the_contact_has_none() -> None:
    at = desk(invoice(1, contact=contact(send_invoices_to_email=None)))

    assert at.pusher.look(remind(email="ap@example.com"))


def test_an_invoice_that_maan_paused_may_be_reminded() -> None:
    at = desk(invoice(1))
    at.pusher.push(order(PushVerb.PAUSE, "R/1", key="a-pause"))

    assert at.pusher.look(remind())


def test_what_was_just_refreshed_is_not_read_again() -> None:
    at = desk(invoice(1), invoice(2))
    at.recent = {1: invoice(1), 2: invoice(2)}

    at.pusher.look(remind("R/1", "R/2"))

    assert at.client.calls == []


def test_one_that_was_not_refreshed_makes_all_be_read() -> None:
    at = desk(invoice(1), invoice(2))
    at.recent = {1: invoice(1)}

    at.pusher.look(remind("R/1", "R/2"))

    assert at.client.calls == ["fetch"]


def test_a_refresh_from_before_our_own_reminder_is_not_looked_at() -> None:
    at = desk(invoice(1))
    at.recent = {1: invoice(1)}
    at.pusher.push(at.looked(remind()))

    found = json.loads(at.pusher.look(remind(key="k2")))

    assert found["invoices"] == {"1": [1, 1]}


def test_other_orders_need_no_look() -> None:
    at = desk(invoice(1))

    assert at.pusher.look(order(PushVerb.PAUSE, "R/1")) == ""
    assert at.client.calls == []


# --- reminding


def test_a_reminder_goes_and_is_seen_to_have_gone() -> None:
    at = desk(invoice(1, reminder_count=1), invoice(2))
    ready = at.looked(remind("R/1", "R/2"))

    reference = at.pusher.push(ready)

    assert reference == "reminder:2@2026-11-26T09:00:00.000Z"
    assert at.client.calls == ["remind", "fetch"]


def test_the_request_names_the_invoices_of_one_contact_and_style_together() -> None:
    at = desk(invoice(1), invoice(2), invoice(3, document_style_id="11"))
    ready = at.looked(remind("R/3", "R/2", "R/1", email="ap@example.com"))

    at.pusher.push(ready)

    base = {
        "contact_id": "70",
        "workflow_id": "8",
        "identity_id": "10",
        "delivery_method": "Email",
        "email_address": "ap@example.com",
        "reminder_text": "Tekst",
    }
    assert at.client.sent == [
        [
            {**base, "document_style_id": "9", "sales_invoice_ids": ["1", "2"]},
            {**base, "document_style_id": "11", "sales_invoice_ids": ["3"]},
        ]
    ]


def test_text_and_address_are_the_packages_own_when_we_have_none() -> None:
    at = desk(invoice(1))

    at.pusher.push(at.looked(remind(text="")))

    assert not {"reminder_text", "email_address"} & set(at.client.sent[0][0])


def test_braces_in_our_text_are_no_placeholders() -> None:
    at = desk(invoice(1))

    at.pusher.push(at.looked(remind(text="Beste {recipient.name}")))

    assert at.client.sent[0][0]["reminder_text"] == "Beste (recipient.name)"


@pytest.mark.parametrize("trouble", [UNKNOWN, ContractChangedError("wire_not_json")])
def test_a_reminder_that_went_before_the_line_broke_is_found(trouble: AdapterError) -> None:
    at = desk(invoice(1), invoice(2))
    ready = at.looked(remind("R/1", "R/2"))
    at.client.fail("remind", trouble, done=True)

    assert at.pusher.push(ready).startswith("reminder:1@")


def test_a_reminder_that_did_not_go_is_told_to_be_certain() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.fail("remind", UNKNOWN)

    with pytest.raises(UnavailableError) as raised:
        at.pusher.push(ready)

    assert raised.value.code == "moneybird.not_sent"


def test_a_reminder_is_looked_for_twice_before_it_counts_as_not_sent() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.fail("remind", UNKNOWN)
    at.client.later = [lambda: at.client.reminded(1)]

    reference = at.pusher.push(ready)

    assert (reference[:10], at.clock.slept) == ("reminder:1", [2])


def test_a_reminder_that_went_about_some_asks_a_person() -> None:
    at = desk(invoice(1), invoice(2))
    ready = at.looked(remind("R/1", "R/2"))
    at.client.fail("remind", UNKNOWN)
    at.client.later = [lambda: at.client.reminded(2)]

    with pytest.raises(OutcomeUnknownError) as raised:
        at.pusher.push(ready)

    assert raised.value.code == "moneybird.partly_sent"


@pytest.mark.parametrize("trouble", [None, UNKNOWN])
def test_a_reminder_that_cant_be_read_back_asks_a_person(trouble: AdapterError | None) -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.fail("remind", trouble)
    at.client.fail("fetch", AWAY)

    with pytest.raises(OutcomeUnknownError) as raised:
        at.pusher.push(ready)

    assert raised.value.code == "moneybird.not_read_back"


def test_a_yes_without_a_trace_asks_a_person() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.is_deaf = True

    with pytest.raises(OutcomeUnknownError) as raised:
        at.pusher.push(ready)

    assert raised.value.code == "moneybird.not_confirmed"


@pytest.mark.parametrize("error", [REFUSED, AWAY, RateLimitError("wire_rate", after=9)])
def test_what_was_certainly_not_done_is_passed_on(error: AdapterError) -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.fail("remind", error)

    with pytest.raises(type(error)) as raised:
        at.pusher.push(ready)

    assert (raised.value, at.client.calls) == (error, ["remind"])


def test_a_refusal_of_several_reminders_is_read_back() -> None:
    at = desk(invoice(1), invoice(2, identity_id="11"))
    ready = at.looked(remind("R/1", "R/2"))
    at.client.fail("remind", REFUSED)

    with pytest.raises(RefusedError) as raised:
        at.pusher.push(ready)

    assert (raised.value, at.client.calls) == (REFUSED, ["remind", "fetch", "fetch"])


def test_a_refusal_after_one_of_several_went_asks_a_person() -> None:
    at = desk(invoice(1), invoice(2, identity_id="11"))
    ready = at.looked(remind("R/1", "R/2"))
    at.client.fail("remind", REFUSED)
    at.client.later = [lambda: at.client.reminded(1)]

    with pytest.raises(OutcomeUnknownError):
        at.pusher.push(ready)


def test_nothing_is_sent_that_nobody_looked_at() -> None:
    at = desk(invoice(1))

    with pytest.raises(RefusedError) as raised:
        at.pusher.push(remind())

    assert (raised.value.code, at.client.sent) == ("moneybird.not_looked", [])


def test_nothing_is_sent_on_a_look_at_other_invoices() -> None:
    at = desk(invoice(1), invoice(2))
    ready = changed(at.looked(remind("R/1")), items=(ItemId("R/1"), ItemId("R/2")))

    with pytest.raises(RefusedError):
        at.pusher.push(ready)

    assert at.client.sent == []


def test_a_reminder_is_not_sent_again_by_the_same_process() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    first = at.pusher.push(ready)

    assert (at.pusher.push(ready), len(at.client.sent)) == (first, 1)


def test_a_reminder_is_not_sent_again_after_a_crash() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    first = at.pusher.push(ready)
    at.restart()

    assert (at.pusher.push(ready), len(at.client.sent)) == (first, 1)


def test_a_later_look_does_not_hide_that_the_reminder_went() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.reminded(1)
    at.pusher.look(remind())

    at.pusher.push(ready)

    assert at.client.sent == []


def test_a_reminder_that_came_through_late_is_not_sent_again() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.fail("remind", UNKNOWN)
    with pytest.raises(UnavailableError):
        at.pusher.push(ready)
    at.client.reminded(1)

    at.pusher.push(ready)

    assert len(at.client.sent) == 1


def test_a_retry_is_measured_by_what_was_before_its_first_attempt() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.fail("remind", UNKNOWN)
    with pytest.raises(UnavailableError):
        at.pusher.push(ready)
    at.client.reminded(1)
    at.client.row(1).update(state="paid", total_unpaid="0.0")

    again = at.looked(remind())

    assert again.before == ready.before
    assert (at.pusher.push(again)[:10], len(at.client.sent)) == ("reminder:1", 1)


def test_a_retry_about_other_invoices_is_measured_afresh() -> None:
    at = desk(invoice(1), invoice(2))
    ready = at.looked(remind("R/1"))

    found = at.pusher.look(changed(ready, items=(ItemId("R/1"), ItemId("R/2"))))

    assert json.loads(found)["invoices"] == {"1": [0, 0], "2": [0, 0]}


def test_what_was_found_to_have_gone_after_all_is_no_baseline_any_more() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.fail("remind", UNKNOWN)
    with pytest.raises(UnavailableError):
        at.pusher.push(ready)
    at.client.reminded(1)
    at.pusher.push(ready)

    again = at.looked(remind())

    assert json.loads(again.before)["invoices"] == {"1": [1, 1]}


def test_what_certainly_did_not_go_is_measured_afresh() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.fail("remind", AWAY)
    with pytest.raises(UnavailableError):
        at.pusher.push(ready)
    at.client.reminded(1)  # by a person

    at.pusher.push(at.looked(remind()))

    assert len(at.client.sent) == 2


def test_a_baseline_that_is_handed_over_is_kept() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.restart()
    at.client.reminded(1)

    assert at.pusher.look(ready) == ready.before


def test_a_retry_of_what_may_not_be_reminded_any_more_is_refused() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.fail("remind", UNKNOWN)
    with pytest.raises(UnavailableError):
        at.pusher.push(ready)
    at.client.row(1).update(state="paid", total_unpaid="0.0")

    with pytest.raises(RefusedError):
        at.pusher.look(remind())


def test_a_new_order_under_a_key_that_was_performed_has_a_baseline_of_its_own() -> None:
    at = desk(invoice(1))
    at.pusher.push(at.looked(remind()))

    again = at.looked(remind())

    assert json.loads(again.before)["invoices"] == {"1": [1, 1]}


def test_a_reminder_may_use_the_reserve() -> None:
    at = desk(invoice(1))
    at.pusher.push(changed(remind(), before=at.pusher.look(remind())))

    assert at.client.urgent == at.client.calls == ["fetch", "remind", "fetch"]


def test_a_reminder_that_was_not_sent_goes_the_next_time() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.fail("remind", UNKNOWN)
    with pytest.raises(UnavailableError):
        at.pusher.push(ready)

    assert at.pusher.push(ready).startswith("reminder:1@")


def test_half_a_reminder_is_never_completed_by_itself() -> None:
    at = desk(invoice(1), invoice(2))
    ready = at.looked(remind("R/1", "R/2"))
    at.client.reminded(1)
    at.restart()

    with pytest.raises(OutcomeUnknownError):
        at.pusher.push(ready)

    assert at.client.sent == []


@pytest.mark.parametrize("later", [{"state": "paid", "total_unpaid": "0.0"}, {"paused": True}])
def test_a_later_attempt_looks_again_before_it_sends(later: dict[str, Any]) -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.row(1).update(later)
    at.restart()

    with pytest.raises(RefusedError):
        at.pusher.push(ready)

    assert at.client.sent == []


def test_a_look_does_not_keep() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.row(1).update(state="paid", total_unpaid="0.0")
    at.clock.advance(61)

    with pytest.raises(RefusedError):
        at.pusher.push(ready)

    assert at.client.sent == []


def test_more_than_a_hundred_invoices_are_read_in_pieces_and_sent_at_once() -> None:
    at = desk(*(invoice(id_) for id_ in range(1, 151)))
    ready = at.looked(remind(*(f"R/{id_}" for id_ in range(1, 151))))

    at.pusher.push(ready)

    assert at.client.calls == ["remind", "fetch", "fetch"]


# --- finding a reminder


def test_a_reminder_is_found_after_a_crash() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    reference = at.pusher.push(ready)
    at.restart()

    assert at.pusher.find_push(ready) == reference


def test_a_reminder_that_did_not_go_is_not_found() -> None:
    at = desk(invoice(1, reminder_count=4))
    ready = at.looked(remind())
    at.clock.advance(300)

    assert at.pusher.find_push(ready) is None


def test_a_reminder_that_may_be_on_its_way_is_not_said_to_be_unsent() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.clock.advance(299)
    at.restart()

    with pytest.raises(UnavailableError) as raised:
        at.pusher.find_push(ready)

    assert raised.value.code == "moneybird.not_known_yet"


def test_a_reminder_is_found_when_its_invoice_was_paid_since() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.pusher.push(ready)
    at.client.row(1).update(state="paid", total_unpaid="0.0")

    assert at.pusher.find_push(ready)


def test_a_reminder_is_found_in_the_history_where_the_counter_stands_still() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.tell(1, "send_reminder_manually")

    assert at.pusher.find_push(ready)


def test_a_reminder_is_found_by_the_counter_where_the_history_says_nothing() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    at.client.row(1)["reminder_count"] += 1

    assert at.pusher.find_push(ready) == "reminder:1"


def test_half_a_reminder_is_for_a_person() -> None:
    at = desk(invoice(1), invoice(2))
    ready = at.looked(remind("R/1", "R/2"))
    at.client.reminded(2)

    with pytest.raises(OutcomeUnknownError):
        at.pusher.find_push(ready)


def test_an_invoice_that_is_gone_leaves_the_others_to_tell() -> None:
    at = desk(invoice(1), invoice(2))
    ready = at.looked(remind("R/1", "R/2"))
    at.pusher.push(ready)
    del at.client.books[Resource.SALES, 1]

    assert at.pusher.find_push(ready)


def test_nobody_can_tell_of_an_invoice_that_is_gone() -> None:
    at = desk(invoice(1))
    ready = at.looked(remind())
    del at.client.books[Resource.SALES, 1]

    with pytest.raises(OutcomeUnknownError):
        at.pusher.find_push(ready)


@pytest.mark.parametrize("before", ["x", "{}", "[]", '{"v":2}', '{"v":1,"at":"x","invoices":{"1":[0,0]}}', '{"v":1,"at":"2026-11-26","invoices":{}}'])  # fmt: skip
def test_a_look_that_cant_be_read_tells_nothing(before: str) -> None:
    at = desk(invoice(1))

    with pytest.raises(OutcomeUnknownError) as raised:
        at.pusher.find_push(remind(before=before))

    assert raised.value.code == "moneybird.before_unreadable"


def test_without_a_look_only_the_marker_counts() -> None:
    at = desk(invoice(1))
    at.client.reminded(1)
    found = at.pusher.find_push(remind())
    at.client.note(Resource.SALES, 1, "Tekst\n[maan k1]")

    assert (found, at.pusher.find_push(remind())) == (
        None,
        "reminder:1@2026-11-26T09:00:00.000Z",
    )
