"""Invented handovers with the law in them: a consumer after a statutory notice, and one in trade."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from connector.core.actions import Action, Charges, CreditUsed, PlannedItem
from connector.core.charges import Charge, ChargeKind, ChargeState, Notice
from connector.core.dossier.account import Account, Sent, default_of
from connector.core.dossier.costs import costs_of, differs
from connector.core.dossier.facts import (
    ClaimFacts,
    DossierFacts,
    EventFacts,
    PaperType,
    PaymentFacts,
    PaymentKind,
    Source,
)
from connector.core.dossier.interest import interest_of
from connector.core.dossier.legal import LawGround
from connector.core.dossier.notices import limitation_of, notices_of
from connector.core.policy.model import CollectionCosts, DebtorKind, Interest, StepKind
from connector.port.records import ItemId, PartyRef
from tests.core.dossier.samples import (
    at,
    claim,
    creditor,
    debtor,
    euro,
    event,
    least,
    mandate,
    meta,
    paper,
)
from tests.core.law.make import FIGURES
from tests.make import action

PARTY = PartyRef("10051")
STATUTORY = Interest(kind="statutory")
SCALE = CollectionCosts(kind="statutory")
NOTHING = euro("0.00")


def planned(number: str, due: date, open_: str, **amounts: str) -> PlannedItem:
    """Return an item of an action; interest and costs left out are nothing."""
    return PlannedItem(
        id=ItemId(f"R/{number}"),
        number=number,
        step="incasso",
        cycle=1,
        issued=date(due.year, due.month, 1),
        due=due,
        open=euro(open_),
        interest=euro(amounts.get("interest", "0.00")),
        costs=euro(amounts.get("costs", "0.00")),
    )


def charges(**changes: object) -> Charges:
    """Return what a message claims; what is left out is nothing."""
    plain = Charges(
        interest=NOTHING, costs=NOTHING, vat=NOTHING, announced=NOTHING, announced_vat=NOTHING
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # tests name the field


def message(kind: StepKind, *items: PlannedItem, **changes: object) -> Action:
    """Return an action of this kind about the items, with the total that they come to."""
    total = sum((item.open + item.interest + item.costs for item in items), NOTHING)
    made = replace(
        action(), id=f"{kind.value}-1", party=PARTY, kind=kind, step=kind.value, items=items,
        total=total,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # tests name the field


def charge(number: str, amount: str, **changes: object) -> Charge:
    """Return costs that a statutory notice announced and that are due."""
    plain = Charge(
        item=ItemId(f"R/{number}"), cycle=1, kind=ChargeKind.COSTS, party=PARTY, number=number,
        state=ChargeState.DUE, amount=euro(amount), vat=NOTHING, paid=NOTHING,
        action="statutory_notice-1", claimed_on=date(2025, 9, 23), by_notice=True,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]  # tests name the field


def notice(number: str, kind: StepKind = StepKind.STATUTORY_NOTICE, **changes: object) -> Notice:
    """Return a notice that left on Tuesday 23 September 2025 by e-mail."""
    plain = Notice(
        item=ItemId(f"R/{number}"), cycle=1, kind=kind, party=PARTY, action=f"{kind.value}-1",
        delivered_on=date(2025, 9, 23), received_on=date(2025, 9, 23), last_day=date(2025, 10, 7),
        effect_from=date(2025, 10, 10),
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]  # tests name the field


def account(handover: Action, **changes: object) -> Account:
    """Return the account of a consumer on 15 January 2026; the due date was agreed."""
    plain = Account(
        action=handover, kind=DebtorKind.CONSUMER, law=FIGURES, on=date(2026, 1, 15),
        due_date_agreed=True, interest=STATUTORY, costs=SCALE, payments={}, sent={},
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]  # tests name the field


def consumer_account() -> Account:
    """Return a consumer's account: rates of 6 and 4 per cent, a part payment, costs after notice.

    EUR 1,210.00 was due on 31 May 2025; EUR 210.00 came in on 20 August 2025, before the notice.
    """
    noticed = planned("F2025-0117", date(2025, 5, 31), "1000.00")
    handed = replace(noticed, interest=euro("39.61"), costs=euro("150.00"))
    notified = message(
        StepKind.STATUTORY_NOTICE, noticed, charges=charges(announced=euro("150.00"))
    )
    claims = charges(
        interest=euro("39.61"), costs=euro("150.00"), interest_article="art. 6:119 BW",
        interest_through=date(2026, 1, 15),
    )  # fmt: skip
    return account(
        message(StepKind.HAND_OVER, handed, charges=claims),
        payments={handed.id: ((date(2025, 8, 20), euro("210.00")),)},
        charges=(charge("F2025-0117", "150.00"),),
        notices=(notice("F2025-0117"),),
        sent={notified.id: Sent(action=notified, on=date(2025, 9, 23))},
    )


def trade_account() -> Account:
    """Return an account in trade: EUR 8,470.00 due 31 December 2024, counted through 31 August 2026.

    The interest is EUR 1,538.98; the scale over the principal gives EUR 798.50.
    """
    item = planned("F2024-0981", date(2024, 12, 31), "8470.00", interest="1538.98", costs="798.50")
    claims = charges(
        interest=euro("1538.98"), costs=euro("798.50"), interest_article="art. 6:119a BW",
        interest_through=date(2026, 8, 31),
    )  # fmt: skip
    return account(
        message(StepKind.HAND_OVER, item, charges=claims),
        kind=DebtorKind.COMPANY,
        on=date(2026, 8, 31),
    )


def consumer(language: str = "nl") -> DossierFacts:
    """Return the dossier of the consumer's account."""
    notified = event(
        at=datetime(2025, 9, 23, 8, 30, tzinfo=UTC), kind="statutory_notice",
        step="veertiendagenbrief", address="b.voorbeeld@mail.example", address_source=Source.BOOKS,
        invoices=("F2025-0117",), amount=euro("1000.00"), term_days=14, deadline=date(2025, 10, 7),
        received_on=date(2025, 9, 23), action="statutory_notice-1",
        documents=(paper(PaperType.EMAIL, date(2025, 9, 23), "veertiendagenbrief"),),
    )  # fmt: skip
    return of_account(
        consumer_account(),
        (notified,),
        meta=meta(language=language, reference_date=date(2026, 1, 15), created_at=at(15, 1)),
        debtor=debtor(
            number="10051", kind=DebtorKind.CONSUMER, kind_evidence=None, legal_form=None, kvk=None,
            name="B. Voorbeeld", street="Testlaan 22 a", email="b.voorbeeld@mail.example",
        ),
        creditor=creditor(vat_deduction="full"),
        totals={"F2025-0117": "1210.00"},
        basis="services",
    )  # fmt: skip


def trade(language: str = "nl") -> DossierFacts:
    """Return the dossier of the account in trade."""
    demanded = event(
        at=datetime(2025, 2, 3, 8, 30, tzinfo=UTC), kind="final_demand", step="sommatie",
        channel="post", address="Plein 1940-45 3-II, 1000 AA Voorbeeldstad",
        address_source=Source.BOOKS, invoices=("F2024-0981",), amount=euro("8470.00"),
        deadline=date(2025, 2, 20), received_on=date(2025, 2, 5), action="final_demand-1",
        proof="printlijst 2025-02-03, regel 2",
        documents=(paper(PaperType.LETTER, date(2025, 2, 3), "sommatie"),),
    )  # fmt: skip
    return of_account(
        trade_account(),
        (demanded,),
        meta=meta(language=language, reference_date=date(2026, 8, 31), created_at=at(31, 8)),
        totals={"F2024-0981": "8470.00"},
        basis="sale",
    )


def provisional(basis: str | None = "services") -> DossierFacts:
    """Return the dossier of a consumer without a notice, past the end of the figures."""
    item = planned("F1", date(2025, 5, 31), "1210.00", interest="92.43")
    claimed = charges(
        interest=euro("92.43"), interest_article="art. 6:119 BW",
        interest_through=date(2026, 12, 31), provisional=True,
    )  # fmt: skip
    known = account(message(StepKind.HAND_OVER, item, charges=claimed), on=date(2027, 2, 1))
    return of_account(
        known, (), totals={"F1": "1210.00"}, basis=basis,
        debtor=debtor(kind=DebtorKind.CONSUMER),
    )  # fmt: skip


def of_account(
    known: Account,
    history: tuple[EventFacts, ...],
    *,
    totals: Mapping[str, str],
    basis: str | None,
    **changes: object,
) -> DossierFacts:
    """Return the dossier of an account, as the flow makes it."""
    interest, costs = interest_of(known), costs_of(known)
    return least(
        mandate=mandate(),
        claims=tuple(
            _claim(known, item, history, total=totals[item.number], basis=basis)
            for item in known.action.items
        ),
        payments=tuple(
            PaymentFacts(invoice=item.number, on=on, amount=amount, kind=PaymentKind.BOOKED)
            for item in known.action.items
            for on, amount in known.payments.get(item.id, ())
        ),
        history=history,
        law=LawGround.DEBTOR_IN_NETHERLANDS,
        costs=costs,
        notices=notices_of(known, history),
        faults=differs(known, interest, costs),
        **changes,
    )


def _claim(
    known: Account,
    item: PlannedItem,
    history: tuple[EventFacts, ...],
    *,
    total: str,
    basis: str | None,
) -> ClaimFacts:
    return claim(
        item.number,
        issued=item.issued,
        due=item.due,
        open=item.open,
        total=euro(total),
        basis=basis,
        description="Onderhoud van de verwarming",
        default=default_of(known, item),
        interest=interest_of(known).get(item.id),
        costs=item.costs or None,
        limitation=limitation_of(known, item, basis, history),
        documents=(paper(PaperType.INVOICE, item.due, item.number),),
    )


def credit(number: str, amount: str, against: str | None = None) -> CreditUsed:
    """Return a credit that an action uses."""
    return CreditUsed(number=number, amount=euro(amount), against=against)
