from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from adapters.moneybird.endpoints import Resource
from adapters.moneybird.mapping import (
    BOUNCES,
    Context,
    Mapped,
    Workflow,
    to_item,
    to_workflows,
)
from connector.port.money import Money
from connector.port.records import Document, End, ItemId, ItemRecord, Ledger, PartyRef
from tests.adapters.moneybird.reading import (
    FIRST,
    WORKFLOW,
    contact,
    event,
    external,
    note,
    payment,
    sales,
    workflow,
)

SILENT = Workflow(reminds=False, collects=False)


def context(known: Workflow | None = SILENT, **fields: Any) -> Context:
    return Context(workflows={} if known is None else {str(WORKFLOW): known}, **fields)


def mapped(record: dict[str, Any], where: Context | None = None) -> Mapped:
    return to_item(Resource.SALES, record, where or context())


def item(record: dict[str, Any], where: Context | None = None) -> ItemRecord:
    found = mapped(record, where).item
    assert found is not None
    return found


def external_item(record: dict[str, Any]) -> ItemRecord:
    found = to_item(Resource.EXTERNAL, record, context()).item
    assert found is not None
    return found


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def test_open_invoice_has_all_that_moneybird_says_of_it() -> None:
    record = sales()

    expected = ItemRecord(
        id=ItemId(f"R/{FIRST}"),
        ledger=Ledger.RECEIVABLE,
        number="2026-5376",
        party=PartyRef("10"),
        document=Document.INVOICE,
        issued=date(2026, 9, 1),
        due=date(2026, 10, 1),
        open=euro("121.0"),
        total=euro("121.0"),
        vat=euro("21.0"),
        reference="RF35",
        description="Project X",
        sent_on=date(2026, 9, 1),
        payment_url="https://moneybird.com/123/pay",
        remindable=True,
        raw=record,
    )
    assert item(record) == expected


def test_part_payment_leaves_the_rest_open_and_is_dated() -> None:
    found = item(
        sales(total_unpaid="21.0", payments=[payment("100.0", "2026-11-03"), payment("1")])
    )

    assert (found.open, found.paid_on, found.end) == (euro("21.0"), date(2026, 11, 3), None)


def test_paid_invoice_is_settled_by_payment() -> None:
    found = item(sales(state="paid", total_unpaid="0.0", payments=[payment("121.0")]))

    assert (found.open, found.end) == (euro("0"), End.PAID)


def test_paid_state_settles_whatever_amount_stands_there() -> None:
    found = item(sales(state="paid", total_unpaid="0.01"))

    assert (found.open, found.end, found.paid_on) == (euro("0"), End.PAID, None)


def test_invoice_that_credit_notes_settled_is_credited() -> None:
    settled = [payment("121.0", credit_invoice_id="5")]

    assert item(sales(state="paid", total_unpaid="0.0", payments=settled)).end is End.CREDITED


def test_invoice_that_was_paid_and_credited_in_part_is_paid() -> None:
    settled = [payment("21.0", credit_invoice_id="5"), payment("100.0")]

    assert item(sales(state="paid", total_unpaid="0.0", payments=settled)).end is End.PAID


def test_uncollectible_invoice_is_written_off_and_blocked() -> None:
    found = item(sales(state="uncollectible"))

    assert (found.open, found.end, found.blocked) == (euro("0"), End.WRITTEN_OFF, True)


def test_open_invoice_without_anything_left_counts_as_paid() -> None:
    assert item(sales(state="late", total_unpaid="0.0")).end is End.PAID


def test_overpaid_invoice_shows_what_we_owe() -> None:
    assert item(sales(total_unpaid="-9.0")).open == euro("-9.0")


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_invoice_that_was_not_sent_is_no_item(state: str) -> None:
    assert mapped(sales(state=state, invoice_id=None)) == Mapped(item=None, is_listed=False)


def test_unknown_state_stays_open_and_is_blocked_with_a_warning() -> None:
    found = mapped(sales(state="brand_new"))

    assert found.item is not None
    assert (found.item.open, found.item.blocked) == (euro("121.0"), True)
    assert found.warnings == ("moneybird.state_unknown",)


def test_credit_invoice_names_its_original_when_that_was_read_too() -> None:
    record = sales(
        total_unpaid="-121.0",
        total_price_incl_tax="-121.0",
        total_price_excl_tax="-100.0",
        original_sales_invoice_id=77,
    )

    found = item(record, context(numbers={"77": "2026-0001"}))

    assert (found.document, found.names_invoice) == (Document.CREDIT, "2026-0001")
    assert (found.open, found.vat, found.remindable) == (euro("-121.0"), euro("-21.0"), False)


def test_direct_debit_under_way_is_known() -> None:
    found = item(sales(state="pending_payment"))

    assert (found.direct_debit, found.remindable) == (True, False)


def test_history_tells_how_it_was_sent_and_when_it_was_reminded() -> None:
    events = [
        event("sales_invoice_send_post", "2026-09-02T08:00:00.000Z"),
        event("sales_invoice_send_email", "2026-09-01T08:00:00.000Z"),
        event("sales_invoice_send_reminder_email", "2026-10-20T22:30:00.000Z"),
        event("sales_invoice_send_reminder_manually", "2026-10-10T08:00:00.000Z"),
        event("sales_invoice_updated"),
    ]

    found = item(sales(state="reminded", reminder_count=2, events=events))

    assert (found.sent_via, found.reminders_sent) == ("post", 2)
    assert found.reminded_on == date(2026, 10, 21)  # past midnight in Amsterdam


@pytest.mark.parametrize(
    ("action", "via"),
    [("email", "email"), ("post", "post"), ("manually", "manual"), ("si", "peppol")],
)
def test_every_way_of_sending_has_its_word(action: str, via: str) -> None:
    assert item(sales(events=[event(f"sales_invoice_send_{action}")])).sent_via == via


def test_invoice_given_to_online_collection_is_factored() -> None:
    assert item(sales(events=[event("sales_invoice_send_to_payt")])).factored


def test_dubious_invoice_is_tagged() -> None:
    assert item(sales(marked_dubious_on="2026-11-01")).tags == ("dubious",)


def test_invoice_of_a_subscription_belongs_to_a_contract() -> None:
    record = sales(subscription_id=None, recurring_sales_invoice_id=31)

    assert item(record).contract == "31"


def test_odd_payment_url_is_left_out() -> None:
    assert item(sales(payment_url="javascript:alert(1)")).payment_url is None


def test_workflow_that_reminds_by_itself_is_tagged() -> None:
    found = item(sales(), context(Workflow(reminds=True, collects=False)))

    assert (found.tags, found.blocked, found.remindable) == (("auto_reminders",), False, True)


def test_workflow_that_is_paused_does_not_remind() -> None:
    record = sales(paused=True, notes=[note("[maan abc-pause]")])

    assert item(record, context(Workflow(reminds=True, collects=False))).tags == ()


def test_workflow_that_collects_is_never_reminded() -> None:
    found = item(sales(), context(Workflow(reminds=False, collects=True)))

    assert (found.tags, found.remindable) == (("collects",), False)


def test_unknown_workflow_is_never_reminded() -> None:
    found = item(sales(), context(None))

    assert (found.tags, found.blocked, found.remindable) == (("workflow_unknown",), False, False)


@pytest.mark.parametrize(
    ("known", "blocked"),
    [(Workflow(reminds=True, collects=False), True), (SILENT, False), (None, True)],
)
def test_left_workflow_that_may_remind_blocks(known: Workflow | None, blocked: bool) -> None:
    assert item(sales(), context(known, leave=True)).blocked is blocked


def test_left_workflow_that_we_paused_blocks_nothing() -> None:
    record = sales(paused=True, notes=[note("[maan abc-pause]")])

    found = item(record, context(Workflow(reminds=True, collects=False), leave=True))

    assert not found.blocked


def test_invoice_that_a_person_paused_is_blocked() -> None:
    found = item(sales(paused=True, notes=[note("wacht even"), note(None)]))

    assert (found.blocked, found.remindable) == (True, False)


def test_invoice_that_maan_paused_goes_on() -> None:
    found = item(sales(paused=True, notes=[note("Overgenomen\n[maan abc-pause]")]))

    assert (found.blocked, found.remindable) == (False, True)


def test_debtor_without_email_is_not_reminded_by_the_package() -> None:
    who = contact(email=None, send_invoices_to_email=None)

    assert not item(sales(contact=who)).remindable


def test_invoice_that_lacks_its_contact_is_told_and_not_reminded_by_the_package() -> None:
    record = sales() | {"contact": None}

    assert (item(record).party, item(record).remindable) == ("10", False)


def test_failed_reminder_is_a_bounce() -> None:
    failed = note(
        None, "2026-11-20T23:30:00.000Z", id=88, todo_type="sales_invoice_reminder_sending_failed"
    )

    (bounce,) = mapped(sales(notes=[failed, note("gebeld")])).bounces

    assert (bounce.item, bounce.on) == (f"R/{FIRST}", date(2026, 11, 21))
    assert (bounce.reference, bounce.reason) == ("88", "sales_invoice_reminder_sending_failed")


@pytest.mark.parametrize("reason", sorted(BOUNCES))
def test_only_a_failed_reminder_is_one_of_a_reminder(reason: str) -> None:
    (found,) = mapped(sales(notes=[note(None, todo_type=reason)])).bounces

    assert found.is_reminder is (reason == "sales_invoice_reminder_sending_failed")


def test_bounce_of_an_unknown_day_is_left_out() -> None:
    failed = note(None, "later", todo_type="sales_invoice_email_blocked")

    assert mapped(sales(notes=[failed])).bounces == ()


def test_external_invoice_is_a_receivable_that_moneybird_does_not_remind() -> None:
    found = external_item(external(marked_dubious_on="2026-11-01"))

    assert (found.id[:2], found.number, found.ledger) == ("X/", "EXT-1", Ledger.RECEIVABLE)
    assert (found.open, found.due) == (euro("121.0"), date(2026, 10, 1))
    assert (found.remindable, found.tags) == (False, ("dubious",))


def test_external_invoice_without_a_due_date_has_none() -> None:
    assert external_item(external(due_date=None)).due is None


def test_external_invoice_without_a_reference_has_the_number_of_the_books() -> None:
    assert external_item(external(reference=None)).number == "8"


def test_external_invoice_under_way_to_be_paid_is_known() -> None:
    found = to_item(Resource.EXTERNAL, external(state="pending_payment"), context())

    assert found.item is not None
    assert (found.item.direct_debit, found.is_listed) == (True, False)


def test_external_invoice_without_a_contact_is_told() -> None:
    found = to_item(Resource.EXTERNAL, external(contact_id=None), context())

    assert found == Mapped(item=None, is_listed=True, warnings=("moneybird.no_contact",))


def test_workflows_tell_who_reminds_and_who_collects() -> None:
    rows = [workflow(1, auto=True), workflow(2, collects=True)]

    found = to_workflows(rows)

    assert found == {
        "1": Workflow(reminds=True, collects=False),
        "2": Workflow(reminds=False, collects=True),
    }


def test_workflow_of_estimates_is_none_of_ours() -> None:
    assert to_workflows([workflow(1) | {"type": "EstimateWorkflow"}]) == {}


def test_workflow_that_cannot_be_read_is_unknown() -> None:
    assert to_workflows([{"id": "1"}, workflow(2) | {"steps": None}, workflow(3)]).keys() == {"3"}
