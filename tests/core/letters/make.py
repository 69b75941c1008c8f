"""Builders for letters: a dull reminder, of which a test names what matters."""

from datetime import date
from typing import Any

from connector.core.actions import PlannedItem
from connector.core.letters.fields import Creditor, LetterFacts, Recipient, Sender
from connector.core.letters.texts import SourceText, Template, read_texts
from connector.core.policy.model import StepKind
from connector.press.templates import load_templates
from tests.make import action, planned

SHIPPED = load_templates(None)


def creditor(**fields: Any) -> Creditor:
    plain: dict[str, Any] = {
        "name": "Jansen B.V.",
        "street": "Dorpsstraat 1",
        "postcode": "1234 AB",
        "city": "Utrecht",
        "email": "administratie@jansen.example",
        "phone": "030-1234567",
        "iban": "NL91ABNA0417164300",
        "kvk": "12345678",
        "vat_id": "NL000099998B57",
    }
    return Creditor(**(plain | fields))


def recipient(**fields: Any) -> Recipient:
    plain: dict[str, Any] = {
        "name": "Bakkerij De Wit",
        "email": "info@dewit.example",
        "street": "Keizersgracht 12",
        "postcode": "1015 CJ",
        "city": "Amsterdam",
        "country": "NL",
        "language": "nl",
        "ref": "10023",
    }
    return Recipient(**(plain | fields))


def letter_facts(
    *items: PlannedItem,
    kind: StepKind = StepKind.REMINDER,
    of_action: dict[str, Any] | None = None,
    **fields: Any,
) -> LetterFacts:
    plain: dict[str, Any] = {
        "creditor": creditor(),
        "sender": Sender(
            from_="Jansen B.V. <administratie@jansen.example>", signature="Petra Jansen"
        ),
        "recipient": recipient(),
        "action": action(*(items or (planned("2026-0312"),)), kind=kind, **(of_action or {})),
        "on": date(2026, 11, 23),
        "deadline": date(2026, 12, 7),
        "reference": "10023/2026-0312",
        "agency_name": "Voorbeeld Incasso B.V.",
    }
    return LetterFacts(**(plain | fields))


def shipped(name: str = "first_reminder", language: str = "nl") -> Template:
    return SHIPPED.get(name, language)


def shipped_sources() -> dict[str, SourceText]:
    """The least that a set of texts needs, apart from the letters themselves."""
    words = (
        'locale = "nl_NL"\nlong_date = "d MMMM yyyy"\nshort_date = "dd-MM-yyyy"\n'
        'dispute = ["niet eens"]\n[words]\n'
    )
    shown = shipped().words
    words += "".join(f"{name} = {text!r}\n" for name, text in sorted(shown.labels.items()))
    words += "[required]\n"
    words += "".join(f"{name} = {text!r}\n" for name, text in sorted(shown.required.items()))
    return {
        "nl/words.toml": SourceText(file="nl/words.toml", text=words),
        "mail.html": SourceText(
            file="mail.html", text="{% for form, block in blocks %}{% endfor %}"
        ),
        "letter.typ": SourceText(file="letter.typ", text="leeg"),
    }


def text_of(body: str, *, subject: str = "Onderwerp: Herinnering", name: str = "eigen") -> Template:
    """A text as a bookkeeper would write it into config/letters/nl."""
    source = SourceText(file=f"config/letters/nl/{name}.txt", text=f"{subject}\n\n{body}")
    texts = read_texts(shipped_sources() | {f"nl/{name}.txt": source})
    return texts.get(name, "nl")


COMPLETE = "[posten]\n\n[betaling]\n\nNiet eens met de rekening? Bel: {{ contact }}."


def complete(body: str) -> Template:
    """A text that holds what every demand must, with something of its own before it."""
    return text_of(f"{body}\n\n{COMPLETE}")
