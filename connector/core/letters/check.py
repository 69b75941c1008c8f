"""Every text tried on invented facts, so that a fault shows before a debtor would be written to."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from connector.core.actions import Action, AlsoOpen, Approval, Charges, CreditUsed, PlannedItem
from connector.core.letters.fields import Creditor, LetterFacts, Recipient, Sender
from connector.core.letters.render import render_letter
from connector.core.letters.texts import Template, TemplateSet
from connector.core.policy.model import ChannelName, StepKind
from connector.core.reasons import Fact, Reason
from connector.port.errors import MaanError
from connector.port.money import Money
from connector.port.records import PartyRef, receivable_id

_KINDS: Final = {
    "announcement": StepKind.REMINDER,
    "first_reminder": StepKind.REMINDER,
    "reminder": StepKind.REMINDER,
    "handover_notice": StepKind.HAND_OVER,
    "final_demand": StepKind.FINAL_DEMAND,
    "default_notice": StepKind.DEFAULT_NOTICE,
    "statutory_notice": StepKind.STATUTORY_NOTICE,
}
_SCALE: Final = "6:96 lid 5 BW; art. 2 Besluit vergoeding voor buitengerechtelijke incassokosten"
_WITHOUT_LETTER: Final = frozenset({StepKind.CALL, StepKind.TASK})


def check_texts(
    templates: TemplateSet, steps: Iterable[tuple[str, StepKind]] = ()
) -> tuple[MaanError, ...]:
    """Return the first fault of each text that can't make a lawful letter, in order of file.

    Args:
        templates: All texts.
        steps: Name and kind of each step of the policies. A text that is named after a step must
            do for each kind of that name; one that no step names, for one kind at least.
    """
    kinds: dict[str, set[StepKind]] = {}
    for step, kind in steps:
        kinds.setdefault(step, set()).add(kind)
    faults = [
        found
        for language in sorted(templates.letters)
        for name, template in sorted(templates.letters[language].items())
        if (found := _fault(template, kinds.get(name, set()) - _WITHOUT_LETTER)) is not None
    ]
    return tuple(faults)


def sample_facts(
    kind: StepKind, language: str, *, invoices: int = 1, charged: bool = False
) -> LetterFacts:
    """Return facts about nobody, for a preview without a debtor.

    `charged`: with interest, costs and VAT on them. A statutory notice always announces costs.
    """
    items = tuple(_item(number, charged=charged) for number in range(1, invoices + 1))
    several = invoices > 1
    has_deadline = several or kind is StepKind.DEFAULT_NOTICE
    return LetterFacts(
        creditor=Creditor(
            name="Voorbeeld B.V.",
            street="Voorbeeldstraat 1",
            postcode="1234 AB",
            city="Utrecht",
            email="administratie@voorbeeld.example",
            phone="030-1234567",
            iban="NL91ABNA0417164300",
            kvk="12345678",
            vat_id="NL000099998B57",
        ),
        sender=Sender(
            from_="Voorbeeld B.V. <administratie@voorbeeld.example>", signature="P. Jansen"
        ),
        recipient=Recipient(
            name="Bakkerij Proef",
            contact="S. Proef" if several else None,
            street="Proefweg 2",
            postcode="5678 CD",
            city="Amsterdam",
            email="proef@voorbeeld.example",
            ref="10001",
        ),
        action=_action(kind, items, charged=charged),
        on=date(2026, 9, 7),
        deadline=date(2026, 9, 21) if has_deadline else None,
        reference="10001-2026",
        payment_url="https://betalen.example/voorbeeld" if several else None,
        agency_name="Incasso Voorbeeld B.V.",
        language=language,
    )


def _fault(template: Template, steps: set[StepKind]) -> MaanError | None:
    known = _KINDS.get(template.name)
    if known is not None:
        return next(_faults(template, known, consumer=True), None)
    kinds = sorted(steps) or [StepKind.REMINDER, StepKind.HAND_OVER, StepKind.STATUTORY_NOTICE]
    faults = [next(_faults(template, kind, consumer=False), None) for kind in kinds]
    found = [fault for fault in faults if fault is not None]
    must_all = bool(steps)
    return found[0] if found and (must_all or len(found) == len(kinds)) else None


def _faults(template: Template, kind: StepKind, *, consumer: bool) -> Iterator[MaanError]:
    """Yield what goes wrong; a text of a step may be for businesses, one of ours is for all."""
    for invoices in (1, 3):
        for charged in (False, True):
            facts = sample_facts(kind, template.language, invoices=invoices, charged=charged)
            before_due = replace(facts.action, before_due=template.name == "announcement")
            try:
                render_letter(template, replace(facts, action=before_due, consumer=consumer))
            except MaanError as error:
                yield error


def _item(number: int, *, charged: bool) -> PlannedItem:
    return PlannedItem(
        id=receivable_id(f"2026-{number:04}"),
        number=f"2026-{number:04}",
        step="voorbeeld",
        cycle=1,
        issued=date(2026, 8, number),
        due=date(2026, 8, 14 + number),
        open=Money(Decimal("121.00"), "EUR"),
        interest=_euro("0.53") if charged else Money.zero("EUR"),
        costs=Money.zero("EUR"),
    )


def _charges(kind: StepKind, *, invoices: int, charged: bool) -> Charges | None:
    nothing, costs, vat = Money.zero("EUR"), _euro("40.00"), _euro("8.40")
    none = Charges(
        interest=nothing, costs=nothing, vat=nothing, announced=nothing, announced_vat=nothing
    )
    is_notice = kind is StepKind.STATUTORY_NOTICE
    if not charged:
        return replace(none, announced=costs) if is_notice else None
    charges = replace(
        none,
        interest=Money(Decimal("0.53") * invoices, "EUR"),
        interest_article="6:119",
        interest_through=date(2026, 9, 7),
    )
    if is_notice:
        return replace(charges, announced=costs + vat, announced_vat=vat)
    return replace(charges, costs=costs, vat=vat)


def _euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def _action(kind: StepKind, items: tuple[PlannedItem, ...], *, charged: bool) -> Action:
    several = len(items) > 1
    charges = _charges(kind, invoices=len(items), charged=charged)
    asked = sum((item.open for item in items), Money.zero("EUR"))
    if charges is not None:
        asked += charges.claimed
    credit = Money(Decimal("21.00"), "EUR")
    also = AlsoOpen(number="2026-0099", due=date(2026, 9, 1), open=Money(Decimal("60.50"), "EUR"))
    return Action(
        id="000000000000",
        party=PartyRef("10001"),
        party_name="Bakkerij Proef",
        track="voorbeeld",
        step="voorbeeld",
        kind=kind,
        via=(ChannelName.EMAIL,),
        currency="EUR",
        items=items,
        also_open=(also,) if several and kind is not StepKind.STATUTORY_NOTICE else (),
        credits=(CreditUsed(number="C-1", amount=credit, against="2026-0001"),) if several else (),
        total=asked - credit if several else asked,
        approval=Approval.REQUIRED,
        term_days=None if kind is StepKind.STATUTORY_NOTICE else 7,
        charges=charges,
        reasons=_reasons(charges),
    )


def _reasons(charges: Charges | None) -> tuple[Reason, ...]:
    if charges is None or not charges.costs.amount:
        return ()
    facts: dict[str, Fact] = {"costs": charges.costs, "base": _euro("266.67"), "article": _SCALE}
    return (Reason("costs_claimed", facts),)
