"""Every text tried on invented facts, so that a fault shows before a debtor would be written to."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from connector.core.actions import Action, AlsoOpen, Approval, CreditUsed, PlannedItem
from connector.core.letters.fields import Creditor, LetterFacts, Recipient, Sender
from connector.core.letters.render import render_letter
from connector.core.letters.texts import Template, TemplateSet
from connector.core.policy.model import ChannelName, StepKind
from connector.port.errors import MaanError
from connector.port.money import Money
from connector.port.records import PartyRef, receivable_id

_KINDS: Final = {
    "handover_notice": StepKind.HAND_OVER,
    "final_demand": StepKind.FINAL_DEMAND,
    "default_notice": StepKind.DEFAULT_NOTICE,
    "statutory_notice": StepKind.STATUTORY_NOTICE,
}


def check_texts(templates: TemplateSet) -> tuple[MaanError, ...]:
    """Return the first fault of each text that can't make a complete letter, in order of file.

    A text named after a step may be for a demand or for a handover: one of the two must do.
    """
    faults = [
        found
        for language in sorted(templates.letters)
        for _, template in sorted(templates.letters[language].items())
        if (found := _fault(template)) is not None
    ]
    return tuple(faults)


def sample_facts(kind: StepKind, language: str, *, invoices: int = 1) -> LetterFacts:
    """Return facts about nobody, for a preview without a debtor."""
    items = tuple(_item(number) for number in range(1, invoices + 1))
    several = invoices > 1
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
        action=_action(kind, items, several=several),
        on=date(2026, 9, 7),
        deadline=date(2026, 9, 21) if several else None,
        reference="10001-2026",
        payment_url="https://betalen.example/voorbeeld" if several else None,
        agency_name="Incasso Voorbeeld B.V.",
        language=language,
    )


def _fault(template: Template) -> MaanError | None:
    known = _KINDS.get(template.name)
    kinds = (known,) if known else (StepKind.REMINDER, StepKind.HAND_OVER)
    faults = [next(_faults(template, kind), None) for kind in kinds]
    return faults[0] if all(faults) else None


def _faults(template: Template, kind: StepKind) -> Iterator[MaanError]:
    for invoices in (1, 3):
        facts = sample_facts(kind, template.language, invoices=invoices)
        before_due = replace(facts.action, before_due=template.name == "announcement")
        try:
            render_letter(template, replace(facts, action=before_due))
        except MaanError as error:
            yield error


def _item(number: int) -> PlannedItem:
    return PlannedItem(
        id=receivable_id(f"2026-{number:04}"),
        number=f"2026-{number:04}",
        step="voorbeeld",
        cycle=1,
        issued=date(2026, 8, number),
        due=date(2026, 8, 14 + number),
        open=Money(Decimal("121.00"), "EUR"),
        interest=Money.zero("EUR"),
        costs=Money.zero("EUR"),
    )


def _action(kind: StepKind, items: tuple[PlannedItem, ...], *, several: bool) -> Action:
    asked = sum((item.open for item in items), Money.zero("EUR"))
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
        also_open=(also,) if several else (),
        credits=(CreditUsed(number="C-1", amount=credit, against="2026-0001"),) if several else (),
        total=asked - credit if several else asked,
        approval=Approval.REQUIRED,
        term_days=7,
    )
