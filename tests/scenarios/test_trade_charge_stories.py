"""Dated stories of interest and costs in trade, where the law asks for no letter beforehand.

The ladder is that of the business stories; interest and costs are claimed from the sommatie on.
"""

from datetime import date
from typing import Any

from connector.core.actions import Approval
from connector.core.policy.model import Policy
from connector.core.snapshot import Creditor, Party
from tests.core.make_core import (
    CONSUMER_LADDER,
    LADDER,
    codes,
    consumer,
    euro,
    item,
    party,
    policy,
    step,
    track,
)
from tests.scenarios.diary import Diary

INVOICE: dict[str, Any] = {
    "issued": date(2026, 8, 2), "due": date(2026, 9, 1), "open": euro("1000.00"),
}  # fmt: skip
START = date(2026, 8, 20)
END = date(2027, 3, 1)
AGENCIES = Creditor(registered_agencies=frozenset({"voorbeeld-incasso"}))


def both() -> Policy:
    """Return a policy that claims what the law gives, of consumers and in trade."""
    private = track(*CONSUMER_LADDER, name="particulier", applies_to={"kind": "consumer"},
                    collection_costs="statutory", interest="statutory")  # fmt: skip
    trade = track(collection_costs="statutory",
                  interest={"kind": "statutory", "claim_from": "sommatie"})  # fmt: skip
    return policy(tracks=[private, trade])


def file_of(debtor: Party, **invoice: Any) -> Diary:
    """Return the file of one debtor with one invoice of EUR 1,000."""
    return Diary(both(), item(**(INVOICE | invoice)), parties=[debtor], creditor=AGENCIES)


def _claimed(diary: Diary, step: str) -> tuple[date, str, str, str]:
    on, action = next(entry for entry in diary.sent if entry[1].step == step)
    (line,) = action.items
    return on, str(line.interest.amount), str(line.costs.amount), str(action.total.amount)


def test_reminders_to_a_company_claim_nothing_on_top() -> None:
    """Herinnering en tweede herinnering vragen alleen de factuur."""
    diary = file_of(party()).run(START, date(2026, 10, 1))

    assert [action.total for _, action in diary.sent] == [euro("1000.00"), euro("1000.00")]
    assert diary.charged() == []


def test_final_demand_to_a_company_claims_commercial_interest_and_costs() -> None:
    """Handelsrente van 2 september tot en met 9 oktober 2026, 38 dagen 10,4 %, is 10,83 euro.

    Source: art. 6:119a lid 1 BW (vanaf de dag na de vervaldag), art. 6:96 lid 5 BW (15 %).
    """
    diary = file_of(party()).run(START, END)

    assert _claimed(diary, "sommatie") == (date(2026, 10, 9), "10.83", "150.00", "1160.83")


def test_handover_of_a_company_brings_the_interest_up_to_date() -> None:
    """Op 4 november is de rente 18,24 euro; de kosten blijven wat ze waren."""
    diary = file_of(party()).run(START, END)

    assert _claimed(diary, "incasso") == (date(2026, 11, 4), "18.24", "150.00", "1168.24")
    assert diary.charged() == ["costs due 150.00", "interest due 18.24"]


def test_costs_of_a_sole_trader_are_looked_at_by_a_person() -> None:
    """Een eenmanszaak is een mens: de sommatie met kosten gaat niet vanzelf uit (art. 22 AVG)."""
    trader = party(name="Klusbedrijf De Wit", kind="sole_trader")
    diary = file_of(trader).run(START, END)

    approvals = {action.step: action.approval for _, action in diary.sent}
    assert approvals["tweede-herinnering"] is Approval.AUTOMATIC
    assert approvals["sommatie"] is Approval.INDIVIDUAL


def test_small_claim_on_a_company_bears_the_forty_euro_of_the_law() -> None:
    """Over 121 euro is 15 % minder dan het minimum: 40 euro (art. 6:96 lid 4 BW)."""
    diary = file_of(party(), open=euro("121.00")).run(START, date(2026, 10, 9))

    assert diary.charged()[0] == "costs due 40.00"


def test_company_that_turns_out_to_be_a_consumer_owes_no_costs_and_no_interest_of_trade() -> None:
    """Na de sommatie blijkt het een particulier: de kosten vervallen, want er was geen brief."""
    diary = file_of(party()).run(START, date(2026, 10, 20))
    claimed = diary.charged()[0]
    diary.parties = (consumer(),)
    diary.run(date(2026, 10, 21), END)

    assert claimed == "costs due 150.00"
    assert diary.charged() == ["costs waived 150.00", "interest waived 10.83"]
    assert codes(diary.plan(END)) == {"F1": "notice_missing"}


def test_interest_of_a_corrected_consumer_is_worked_out_anew() -> None:
    """De vervaldag was afgesproken: de tweede sommatie vraagt 4 % vanaf 2 september, meer niet.

    Source: art. 6:119 BW; 57 dagen tot en met 28 oktober 2026 zijn 6,25 euro.
    """
    again = step("tweede-sommatie", "deadline + 1d", "final_demand")
    ladder = track(*LADDER[:3], again, collection_costs="statutory",
                   interest={"kind": "statutory", "claim_from": "sommatie"})  # fmt: skip
    agreed = Creditor(due_date_agreed=True)
    diary = Diary(policy(tracks=[ladder]), item(**INVOICE), parties=[party()], creditor=agreed)
    diary.run(START, date(2026, 10, 20))
    diary.parties = (consumer(),)
    diary.run(date(2026, 10, 21), END)

    assert _claimed(diary, "tweede-sommatie") == (date(2026, 10, 28), "6.25", "0.00", "1006.25")
    assert diary.charged() == ["costs waived 150.00", "interest due 6.25"]


def test_who_calls_asks_for_what_the_letter_claimed_and_the_interest_since() -> None:
    """Op 28 oktober belt het kantoor over 1.000 euro, 16,24 rente en de 150 euro van de brief."""
    diary = file_of(party()).run(START, END)

    assert _claimed(diary, "bellen") == (date(2026, 10, 28), "16.24", "150.00", "1166.24")


def test_call_before_any_letter_with_costs_asks_none() -> None:
    """Het traject belt voor de sommatie: dan zijn er nog geen kosten gevraagd."""
    early = {"step": "bellen", "at": "due + 14d", "do": "call"}
    by = policy(tracks=[track(early, collection_costs="statutory")])
    diary = Diary(by, item(**INVOICE), parties=[party()]).run(START, date(2026, 9, 20))

    assert [action.total for _, action in diary.sent] == [euro("1000.00")]


def test_company_abroad_pays_no_dutch_costs() -> None:
    """Een GmbH in Duitsland: zonder vastgelegd Nederlands recht alleen de hoofdsom."""
    diary = file_of(party(name="Bäckerei Weiß GmbH", country="DE")).run(START, END)

    assert {action.total for _, action in diary.sent} == {euro("1000.00")}
    assert diary.charged() == []


def test_what_was_paid_too_much_on_one_invoice_counts_for_the_next() -> None:
    """Op F0 is 300 euro teveel geboekt: de herinnering van F1 vraagt nog 700 euro."""
    diary = file_of(party())
    overpaid = item("F0", issued=date(2026, 7, 1), due=date(2026, 7, 31), open=euro("-300.00"))
    diary.items[overpaid.id] = overpaid
    diary.run(START, date(2026, 9, 15))

    _, reminder = diary.sent[-1]
    assert [(line.number, line.open) for line in reminder.items] == [("F1", euro("1000.00"))]
    assert [(used.number, used.amount) for used in reminder.credits] == [("F0", euro("300.00"))]
    assert reminder.total == euro("700.00")
