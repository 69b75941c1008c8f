"""What the package is given to read of an action: a line that says it all, then what it is about.

It is written for the bookkeeper, in the language of the installation, with the dossier's words.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Final

from connector.core.actions import Action
from connector.core.policy.model import StepKind
from connector.port.money import Money

if TYPE_CHECKING:
    from connector.core.dossier.text import Words

BETWEEN: Final = " · "
_MOST_NUMBERS: Final = 3  # in the first line; below it all of them stand
_PHONE: Final = "phone"


def text_of(action: Action, on: date, *, language: str, to: str | None = None) -> str:
    """Return the text: a title, why it is asked if that is told, and what the amount is made of.

    Args:
        action: What was done, or is to be done.
        on: The day of it.
        language: `nl` or `en`.
        to: The agency or person that it went to, by name.
    """
    from connector.core.dossier.text import words  # noqa: PLC0415  # slow to load

    written = words(language)
    parts = list(_parts(action, written))
    if len(parts) > 1:
        parts.append(BETWEEN.join((written.label("total"), _money(action.total, written))))
    if action.why:
        parts.insert(0, " ".join(action.why.split()))
    return "\n".join((_title(action, on, written, to), *parts))


def _title(action: Action, on: date, written: "Words", to: str | None) -> str:
    channels = action.via or ((_PHONE,) if action.kind is StepKind.CALL else ())
    numbers = [item.number for item in action.items]
    parts = (
        "maan",
        written.short_day(on.isoformat()),
        action.step,
        to,
        ", ".join(written.of("channels", channel) for channel in channels),
        _money(action.total, written),
        ", ".join(numbers) if len(numbers) <= _MOST_NUMBERS else None,
    )
    return BETWEEN.join(part for part in parts if part)


def _parts(action: Action, written: "Words") -> Iterator[str]:
    """Yield what the amount is made of: invoices, what goes off, what is claimed on top."""
    for item in action.items:
        due = f"{written.label('due')} {written.short_day(item.due.isoformat())}"
        name = f"{written.label('invoice')} {item.number}"
        yield BETWEEN.join((name, _money(item.open, written), due))
    for credit in action.credits:
        name = written.label("less_credit", number=credit.number)
        yield BETWEEN.join((name, _money(credit.amount, written)))
    charges = action.charges
    if charges is not None:
        for label, amount in (
            ("interest", charges.interest),
            ("collection_costs", charges.costs),
            ("costs_vat", charges.vat),
        ):
            if amount:
                yield BETWEEN.join((written.label(label), _money(amount, written)))


def _money(amount: Money, written: "Words") -> str:
    """Return an amount with a plain blank in it: it is read and searched in another program."""
    return written.money(str(amount.amount), amount.currency).replace("\xa0", " ")
