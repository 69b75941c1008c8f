"""Dated stories of the fourteen-day letter: what it announces, and what becomes of the costs.

The ladder is that of the consumer stories, with collection costs and interest by the law. Amounts
by the scale of art. 2 Besluit vergoeding voor buitengerechtelijke incassokosten: 15 % of the first
EUR 2,500, with a minimum of EUR 40. The default notice of Anna's invoice runs until Monday 5
October 2026, so that its letter leaves on Thursday 8 October; by post it arrives on Saturday 10
October, the policy adds two business days, and its term ends on Tuesday 27 October.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from connector.core.actions import Approval
from connector.core.policy.model import ChannelName, Policy
from connector.core.snapshot import Creditor, HoldReason, Item, Party
from tests.core.make_core import (
    CONSUMER_LADDER,
    codes,
    consumer,
    euro,
    hold,
    item,
    payment,
    policy,
    step,
    track,
)
from tests.scenarios.diary import Diary

INVOICE: dict[str, Any] = {
    "issued": date(2026, 8, 2), "due": date(2026, 9, 1), "open": euro("1000.00"),
}  # fmt: skip
YOUNGER: dict[str, Any] = {
    "issued": date(2026, 9, 1), "due": date(2026, 9, 25), "open": euro("500.00"),
}  # fmt: skip
START = date(2026, 8, 20)
NOTICE = date(2026, 10, 8)
LAST_DAY = date(2026, 10, 27)
DUE_SINCE = date(2026, 10, 30)  # the term is over and the bank has had its days
HAND_OVER = date(2026, 11, 6)
END = date(2027, 3, 1)
REGISTERED = frozenset({"voorbeeld-incasso"})
BY_MAIL = step("veertiendagenbrief", "deadline + 1d", "statutory_notice", fallback="post")


def consumers(*ladder: Mapping[str, Any], **guards: Any) -> Policy:
    """Return a policy for consumers with costs and interest by the law."""
    charged = track(
        *(ladder or CONSUMER_LADDER),
        name="particulier",
        applies_to={"kind": "consumer"},
        collection_costs="statutory",
        interest="statutory",
    )
    return policy(tracks=[charged, track()], guards=guards)


def file_of(
    *items: Item, by: Policy | None = None, party: Party | None = None, **creditor: Any
) -> Diary:
    """Return Anna's file, with an agency that may collect from natural persons."""
    known = Creditor(**({"registered_agencies": REGISTERED} | creditor))
    books = items or (item(**INVOICE),)
    return Diary(by or consumers(), *books, parties=[party or consumer()], creditor=known)


def test_notice_announces_costs_and_asks_none() -> None:
    """De brief van 8 oktober vraagt 1.000 euro en noemt 150 euro voor als Anna niet betaalt."""
    on, letter = file_of().run(START, NOTICE).sent[-1]

    assert letter.charges is not None
    assert (on, letter.step, letter.total, letter.charges.announced) == (
        NOTICE, "veertiendagenbrief", euro("1000.00"), euro("150.00"),
    )  # fmt: skip


def test_notice_is_looked_at_by_a_person_even_in_automatic_mode() -> None:
    """Ook als alles vanzelf gaat: een mens ziet deze brief en de overdracht (art. 22 AVG)."""
    diary = file_of().run(START, END)

    assert {action.step: action.approval for _, action in diary.sent} == {
        "aankondiging": Approval.AUTOMATIC,
        "herinnering": Approval.AUTOMATIC,
        "aanmaning": Approval.AUTOMATIC,
        "veertiendagenbrief": Approval.INDIVIDUAL,
        "incasso": Approval.INDIVIDUAL,
    }


def test_term_runs_from_the_letter_although_the_mail_arrived_at_once() -> None:
    """De brief ging per e-mail en per post: de laatste ontvangst telt."""
    (notice,) = (one for one in file_of().run(START, NOTICE).notices if one.delivered_on == NOTICE)

    assert (notice.received_on, notice.last_day, notice.effect_from) == (
        date(2026, 10, 13), LAST_DAY, DUE_SINCE,
    )  # fmt: skip


def test_costs_are_due_only_after_the_term_and_the_days_of_the_bank() -> None:
    """Op 29 oktober kan een betaling van de 27e nog binnenkomen; op 30 oktober niet meer."""
    diary = file_of().run(START, date(2026, 10, 29))
    before = diary.charged()
    diary.run(DUE_SINCE, DUE_SINCE)

    assert (before, diary.charged()) == (["costs announced 150.00"], ["costs due 150.00"])


def test_handover_claims_principal_interest_and_costs() -> None:
    """Verzuim vanaf 6 oktober: 32 dagen 4 % over 1.000 euro is 3,51, en 150 euro kosten."""
    on, handed = file_of().run(START, END).sent[-1]

    (line,) = handed.items
    assert (on, line.open, line.interest, line.costs, handed.total) == (
        HAND_OVER, euro("1000.00"), euro("3.51"), euro("150.00"), euro("1153.51"),
    )  # fmt: skip


def test_handover_never_comes_before_the_term_has_ended_whatever_the_ladder_says() -> None:
    """Het traject wil op 16 oktober overdragen; de brief loopt tot de 27e, de bank tot de 30e."""
    early = step("incasso", "due + 45d", "hand_over", to="voorbeeld-incasso")
    diary = file_of(by=consumers(*CONSUMER_LADDER[:4], early)).run(START, date(2026, 10, 29))
    waits = codes(diary.plan(date(2026, 10, 29)))
    diary.run(DUE_SINCE, END)

    assert waits == {"F1": "notice_runs"}
    assert diary.story()[-1] == "2026-10-30 F1 incasso"


def test_consumer_who_pays_on_the_last_day_never_owes_costs() -> None:
    """Anna betaalt op 27 oktober; de kosten vervallen en er komt niets meer."""
    diary = file_of().run(START, LAST_DAY)
    diary.remove("F1")
    diary.run(date(2026, 10, 28), END)

    assert diary.charged() == ["costs waived 150.00"]
    assert diary.story()[-1] == "2026-10-08 F1 veertiendagenbrief"


def test_part_payment_within_the_term_leaves_costs_over_the_remainder() -> None:
    """Anna betaalt 900 euro in de termijn: over 100 euro is het minimum van 40 euro verschuldigd.

    Source: HR 25-11-2016, ECLI:NL:HR:2016:2704 (betaling van een deel binnen de termijn).
    """
    diary = file_of().run(START, date(2026, 10, 20))
    _pays_part(diary, "900.00", date(2026, 10, 20))
    diary.run(date(2026, 10, 21), END)

    assert diary.charged() == ["costs due 40.00", "interest due 1.83"]
    assert diary.sent[-1][1].total == euro("141.83")


def test_part_payment_after_the_term_leaves_the_costs_as_they_fell_due() -> None:
    """Anna betaalt 900 euro op 2 november, na de termijn: de kosten blijven 150 euro."""
    diary = file_of().run(START, date(2026, 11, 2))
    _pays_part(diary, "900.00", date(2026, 11, 2))
    diary.run(date(2026, 11, 3), END)

    (line,) = diary.sent[-1][1].items
    assert (line.open, line.costs) == (euro("100.00"), euro("150.00"))


def test_costs_are_waived_when_only_the_principal_comes_in_after_the_term() -> None:
    """Anna betaalt op 2 november precies de factuur: het kantoor laat de kosten gaan."""
    diary = file_of().run(START, date(2026, 11, 2))
    due = diary.charged()
    diary.remove("F1")
    diary.run(date(2026, 11, 3), END)

    assert (due, diary.charged()) == (["costs due 150.00"], ["costs waived 150.00"])


def test_bookkeeper_is_asked_about_the_costs_where_the_policy_wants_it() -> None:
    """Met `principal_only: ask` beslist een mens over de 150 euro."""
    diary = file_of(by=consumers(after_costs={"principal_only": "ask"}))
    diary.run(START, date(2026, 11, 2))
    diary.remove("F1")
    made = diary.look(date(2026, 11, 3))

    assert [(point.code, point.facts["amount"]) for point in made.attention] == [
        ("charges_open", euro("150.00"))
    ]
    assert diary.charged() == ["costs due 150.00"]


def test_payment_of_exactly_the_costs_is_proposed_for_booking() -> None:
    """Anna betaalt 1.000 en 150 euro; de boekhouder ziet hoe hij de 150 euro boekt."""
    diary = _paid_with_costs()
    made = diary.look(date(2026, 11, 3))

    (point,) = made.attention
    assert diary.charged() == ["costs paid 150.00"]
    assert (point.code, point.facts["payment"], point.facts["costs"]) == (
        "charges_paid", "B1", euro("150.00"),
    )  # fmt: skip


def test_money_that_paid_costs_is_not_deducted_from_another_invoice() -> None:
    """De 150 euro is geen tegoed voor F2: die wordt voor het hele bedrag aangemaand."""
    diary = _paid_with_costs()
    diary.look(date(2026, 11, 3))
    later = item("F2", issued=date(2026, 10, 1), due=date(2026, 10, 20), open=euro("500.00"))
    diary.items[later.id] = later
    diary.run(date(2026, 11, 4), date(2026, 11, 4))

    _, reminder = diary.sent[-1]
    assert ([line.number for line in reminder.items], reminder.credits, reminder.total) == (
        ["F2"], (), euro("500.00"),
    )  # fmt: skip


def test_notice_whose_mail_bounced_goes_again_by_post_and_runs_anew() -> None:
    """De e-mail van 8 oktober kwam op de 12e terug; de brief per post begint opnieuw te lopen."""
    diary = file_of(by=consumers(*CONSUMER_LADDER[:3], BY_MAIL, CONSUMER_LADDER[4]))
    diary.run(START, date(2026, 10, 12))
    diary.came_back("veertiendagenbrief")
    forgotten = diary.charged()
    diary.parties = (consumer(email_bounced=True),)
    diary.run(date(2026, 10, 13), date(2026, 10, 30))

    on, letter = diary.sent[-1]
    assert (forgotten, on, letter.via) == ([], date(2026, 10, 15), (ChannelName.POST,))
    assert diary.notices[-1].last_day == date(2026, 11, 3)
    assert diary.charged() == ["costs announced 150.00"]


def test_one_letter_takes_in_a_younger_invoice_that_is_in_default() -> None:
    """De vervaldag is afgesproken, dus F2 is ook in verzuim: 1.500 euro, 225 euro kosten.

    Source: art. 6:96 lid 7 BW: de hoofdsommen worden opgeteld.
    """
    diary = file_of(item(**INVOICE), item("F2", **YOUNGER), due_date_agreed=True)
    diary.run(START, NOTICE)

    _, letter = diary.sent[-1]
    assert letter.charges is not None
    assert [(line.number, line.step) for line in letter.items] == [
        ("F1", "veertiendagenbrief"),
        ("F2", "veertiendagenbrief"),
    ]
    assert (letter.total, letter.charges.announced) == (euro("1500.00"), euro("225.00"))
    assert "joined_by_law" in {reason.code for reason in letter.reasons}


def test_costs_over_two_invoices_are_divided_and_add_up() -> None:
    """Van de 225 euro hoort 150 bij F1 en 75 bij F2."""
    diary = file_of(item(**INVOICE), item("F2", **YOUNGER), due_date_agreed=True)
    diary.run(START, DUE_SINCE)

    assert (diary.charged("F1"), diary.charged("F2")) == (
        ["costs due 150.00"], ["costs due 75.00"],
    )  # fmt: skip


def test_younger_invoice_without_an_agreed_due_date_gets_its_own_default_first() -> None:
    """Zonder afgesproken vervaldag is F2 pas na een eigen aanmaning in verzuim (art. 6:82 BW)."""
    diary = file_of(item(**INVOICE), item("F2", **YOUNGER)).run(START, END)

    assert [line for line in diary.story() if " F2 " in line] == [
        "2026-09-29 F2 herinnering",
        "2026-10-15 F2 aanmaning",
        "2026-11-03 F2 veertiendagenbrief",
        "2026-12-03 F2 incasso",
    ]


@pytest.mark.parametrize(
    ("agreed", "letters"), [(True, ["2026-09-17 F1 veertiendagenbrief"]), (False, [])]
)
def test_notice_without_a_default_notice_needs_an_agreed_due_date(
    agreed: bool, letters: list[str]
) -> None:
    """Wie geen vervaldag afsprak, moet eerst in gebreke worden gesteld (art. 6:82, 6:83 BW)."""
    notice = step("veertiendagenbrief", "deadline + 1d", "statutory_notice", via=["email", "post"])
    by = consumers(*CONSUMER_LADDER[:2], notice)
    diary = file_of(by=by, due_date_agreed=agreed).run(START, END)

    assert [line for line in diary.story() if "veertiendagenbrief" in line] == letters


def test_dispute_within_the_term_keeps_the_costs_from_falling_due() -> None:
    """Anna klaagt op 20 oktober: zolang dat niet is beantwoord, blijven de kosten aangekondigd."""
    diary = file_of().run(START, date(2026, 10, 20))
    diary.holds.append(hold("F1", reason=HoldReason.DISPUTE, until=date(2026, 11, 15)))
    diary.run(date(2026, 10, 21), date(2026, 12, 1))

    assert diary.charged() == ["costs announced 150.00"]
    assert codes(diary.plan(date(2026, 12, 1))) == {"F1": "held"}


def test_agency_follows_a_fortnight_after_the_answer_to_a_dispute() -> None:
    """Op 1 december is de klacht beantwoord; op 15 december gaat F1 naar het bureau."""
    diary = file_of().run(START, date(2026, 10, 20))
    answered = hold(
        "F1", reason=HoldReason.DISPUTE, until=date(2026, 11, 15), answered_on=date(2026, 12, 1)
    )
    diary.holds.append(answered)
    diary.run(date(2026, 10, 21), END)

    assert diary.story()[-1] == "2026-12-15 F1 incasso"


@pytest.mark.parametrize(("country", "law", "last"), [
    ("DE", None, "2026-09-21 F1 aanmaning"),
    ("DE", "nl", "2026-11-06 F1 incasso"),
])  # fmt: skip
def test_debtor_abroad_bears_dutch_costs_only_where_dutch_law_is_recorded(
    country: str, law: str | None, last: str
) -> None:
    """Anna woont in Duitsland: zonder vastgelegd Nederlands recht geen veertiendagenbrief."""
    diary = file_of(party=consumer(country=country, applicable_law=law)).run(START, END)

    assert diary.story()[-1] == last


def test_agency_without_a_register_number_gets_no_consumer() -> None:
    """Het bureau staat niet in het register van de Wki: F1 blijft hier, een mens ziet waarom."""
    diary = file_of(registered_agencies=frozenset()).run(START, END)
    made = diary.plan(END)

    assert codes(made) == {"F1": "agency_unregistered"}
    assert [point.code for point in made.attention] == ["agency_unregistered"]


def test_sale_to_a_consumer_of_more_than_two_years_ago_is_not_handed_over() -> None:
    """De koop van 2024 verjaarde op 1 september 2026 (art. 7:28 BW); de brieven kwamen te laat."""
    sold = item(**(INVOICE | {"due": date(2024, 9, 1), "basis": "sale"}))
    diary = file_of(sold)
    diary.ledger = {**diary.ledger, "seen": frozenset({("old_item", sold.id, 1)})}
    diary.run(date(2026, 9, 2), END)

    assert "incasso" not in "\n".join(diary.story())
    assert codes(diary.plan(END)) == {"F1": "time_barred"}


def _pays_part(diary: Diary, amount: str, on: date) -> None:
    before = diary.items[item().id].open
    paid = euro(amount)
    diary.change("F1", open=before - paid, last_payment_on=on, payments=((on, paid),))


def _paid_with_costs() -> Diary:
    """Anna paid F1 on 2 November, and EUR 150 that the books can't place."""
    diary = file_of().run(START, date(2026, 11, 2))
    diary.remove("F1")
    money = payment("B1", "150.00")
    diary.items[money.id] = money
    return diary
