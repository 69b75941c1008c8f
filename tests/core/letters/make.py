"""Builders for letters: a dull reminder, of which a test names what matters."""

from dataclasses import replace
from datetime import date
from typing import Any

from connector.core.actions import Charges, PlannedItem
from connector.core.letters.fields import Creditor, LetterFacts, Recipient, Sender
from connector.core.letters.texts import SourceText, Template, read_texts
from connector.core.policy.model import StepKind
from connector.press.templates import load_templates
from tests.make import action, euro, planned

SHIPPED = load_templates(None)


NOTHING = Charges(
    interest=euro("0.00"),
    costs=euro("0.00"),
    vat=euro("0.00"),
    announced=euro("0.00"),
    announced_vat=euro("0.00"),
)


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
    words += "[unlawful]\n"
    words += "".join(f"{name} = {text!r}\n" for name, text in sorted(shown.unlawful.items()))
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


def notice_facts(**fields: Any) -> LetterFacts:
    """A statutory notice of one invoice of 121.00 that announces costs of 40.00."""
    of_action = {
        "charges": replace(NOTHING, announced=euro("40.00")),
        "term_days": None,
        **fields.pop("of_action", {}),
    }
    plain: dict[str, Any] = {"kind": StepKind.STATUTORY_NOTICE, "of_action": of_action}
    return letter_facts(**(plain | fields))


def notice_text(*, subject: str = "Onderwerp: Brief", add: str = "", **changed: str) -> Template:
    """A notice in a bookkeeper's words; a named part may be changed, or be "" to drop it."""
    parts = {**NOTICE, **changed}
    body = "\n\n".join(part for part in (*parts.values(), add) if part)
    return text_of(body, subject=subject, name="brief")


NOTICE = {
    "principal": "De hoofdsom is {{ hoofdsom }}.",
    "items": "[posten]",
    "ask": "Maak {{ totaal }} over {{ deadline }}.",
    "no_costs": "Dan betaalt u geen incassokosten.",
    "payment": "[betaling]",
    "costs": "Anders betaalt u incassokosten. Die zijn {{ aangekondigde_kosten }}.",
    "after": "Het totaal wordt dan {{ totaal_na_termijn }}.",
    "next": "Ook kan een incassobureau het van ons overnemen.",
    "answer": "Niet eens met de rekening? {{ contact }}.",
    "plan": "Vraag ons om een betalingsregeling.",
    "people": "Van {{ onze_naam }}, {{ ons_adres }} aan {{ uw_naam }}, {{ uw_adres }}.",
}
"""The parts of a complete statutory notice."""

COMPLETE = "[posten]\n\n[betaling]\n\nNiet eens met de rekening? Bel: {{ contact }}."


def complete(body: str) -> Template:
    """A text that holds what every demand must, with something of its own before it."""
    return text_of(f"{body}\n\n{COMPLETE}")
