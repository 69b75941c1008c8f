"""Words that would cost the creditor all collection costs never leave.

The fragments are those that courts refused or accepted: HR 25 November 2016,
ECLI:NL:HR:2016:2704 (term from delivery; two accepted wordings); Rb. Rotterdam
ECLI:NL:RBROT:2020:5202 (two amounts) and ECLI:NL:RBROT:2020:9162 (costs too high).
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from connector.core.actions import CreditUsed
from connector.core.letters.fields import LetterFacts
from connector.core.letters.notice_terms import terms_in
from connector.core.letters.reading import dates_in, euros_in
from connector.core.letters.render import render_letter
from connector.core.letters.texts import Template
from connector.core.policy.model import StepKind
from connector.port.errors import ConfigError
from tests.core.letters.make import (
    NOTHING,
    complete,
    creditor,
    letter_facts,
    notice_facts,
    notice_text,
    recipient,
    shipped,
)
from tests.make import euro

START = "een termijn die niet telt vanaf de bezorging van de brief"
SHORT = "een te korte termijn"
LONG = "een langere termijn dan in het beleid staat (term)"
MIXED = "meer dan één termijn"
DATE = "een datum die als einde van de termijn kan worden gelezen"
HURRY = "vragen om eerder te betalen dan de termijn"
SECOND = "een tweede bedrag om nu te betalen"
OTHER = "een bedrag dat niet bij deze brief hoort"
COSTS = "een ander bedrag aan incassokosten dan is berekend"
ALL = "alle kosten, in plaats van een bedrag"
RATE = "een percentage in plaats van een bedrag"
ACCOUNT = "een ander rekeningnummer dan dat van de schuldeiser"
THREAT = "een dreigement dat een gewone schuldeiser niet mag gebruiken"
UNCLAIMED = "incassokosten aan een consument buiten de veertiendagenbrief om"


def wrong(template: Template, facts: LetterFacts) -> tuple[str, ...]:
    """Return the names of what is wrong, without the words that are quoted after them."""
    try:
        render_letter(template, facts)
    except ConfigError as refused:
        found = refused.facts.get("wrong", (refused.code,))
        return tuple(str(each).partition(": “")[0] for each in found)  # type: ignore[attr-defined]  # a tuple
    return ()


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("Betaal binnen veertien dagen na heden.", START),
        ("Betaal binnen 14 dagen na dagtekening.", START),
        ("Betaal binnen 14 dagen na de dagtekening van deze brief.", START),
        ("Betaal binnen veertien dagen na verzending van deze brief.", START),
        ("Betaal binnen veertien dagen na zending.", START),
        ("Betaal binnen 14 dagen na datum van deze brief.", START),
        ("Betaal binnen veertien dagen na ontvangst van deze brief.", START),
        ("Betaal binnen 14 dagen.", START),
        ("Betaal binnen 14 dagen vanaf vandaag.", START),
        ("U hebt veertien (14) dagen de tijd.", START),
        ("Betaal binnen twee weken nadat deze brief bij u is bezorgd.", START),
        ("Betaal binnen een week.", START),
        ("Betaal binnen 14 werkdagen vanaf de dag nadat deze brief bij u is bezorgd.", START),
        ("De termijn loopt vanaf heden.", START),
        ("Pay within fourteen days of the date of this letter.", START),
        ("Pay within 14 days after receipt.", START),
        ("Pay within fourteen days.", START),
        ("Pay within a week.", START),
        ("Betaal binnen tien dagen vanaf de dag nadat deze brief bij u is bezorgd.", SHORT),
        ("Betaal binnen veertien dagen nadat deze brief bij u is bezorgd.", SHORT),
        ("Pay within fourteen days after this letter was delivered to you.", SHORT),
        ("Betaal binnen 21 dagen vanaf de dag nadat deze brief bij u is bezorgd.", LONG),
        ("Of binnen vijftien dagen nadat deze brief bij u is bezorgd.", MIXED),
        ("Betaal uiterlijk op 7 december 2026.", DATE),
        ("Betaal voor 7 december.", DATE),
        ("De termijn eindigt op 07-12-2026.", DATE),
        ("De termijn eindigt op 7/12/26.", DATE),
        ("Please answer by December 7, 2026.", DATE),
        ("De termijn eindigt op 2026-12-07.", DATE),
        ("Betaal per omgaande.", HURRY),
        ("Please pay as soon as possible.", HURRY),
        ("Betaal {{ totaal_na_termijn }}.", SECOND),
        ("Maak € 40,00 over op onze rekening.", SECOND),
        ("U kocht voor € 99,00 bij ons.", OTHER),
        ("De incassokosten zijn € 48,40.", COSTS),
        ("De incassokosten van € 121,00 komen erbij.", COSTS),
        ("De kosten bedragen 60 euro.", COSTS),
        ("U betaalt dan € 75 aan incassokosten.", COSTS),
        ("Alle kosten komen voor uw rekening.", ALL),
        ("All collection costs are for your account.", ALL),
        ("De kosten zijn 15% van de hoofdsom.", RATE),
        ("Wij rekenen vijftien procent.", RATE),
        ("Rente en 15% incassokosten komen erbij.", RATE),
        ("Betaal op NL02 ABNA 0123 4567 89.", ACCOUNT),
        ("Wij melden u aan bij het BKR.", THREAT),
        ("Wij leggen loonbeslag.", THREAT),
        ("Anders vragen wij uw faillissement aan.", THREAT),
        ("Wij bellen uw werkgever.", THREAT),
        ("We will petition for bankruptcy.", THREAT),
    ],
)
def test_a_fragment_that_courts_refuse_blocks_the_notice(fragment: str, expected: str) -> None:
    found = wrong(notice_text(add=fragment), notice_facts())

    assert set(found) == {expected}


@pytest.mark.parametrize(
    "term",
    [
        "binnen veertien dagen vanaf de dag nadat deze brief bij u is bezorgd",
        "binnen 14 dagen vanaf de dag nadat deze brief bij u is bezorgd",
        "binnen veertien (14) dagen vanaf de dag nadat deze e-mail bij u bezorgd is",
        "binnen 14 dagen, te rekenen vanaf de dag nadat dit bericht bij u is bezorgd",
        "binnen vijftien dagen nadat deze brief bij u is bezorgd",
        "binnen 15 dagen nadat deze e-mail bij u is bezorgd",
    ],
)
def test_a_wording_that_the_supreme_court_named_passes(term: str) -> None:
    text = notice_text(ask=f"Maak {{{{ totaal }}}} over {term}.")

    assert wrong(text, notice_facts()) == ()


@pytest.mark.parametrize("days", ["21", "eenentwintig", "18"])
def test_a_longer_term_passes_when_the_policy_has_it(days: str) -> None:
    term = f"binnen {days} dagen vanaf de dag nadat deze brief bij u is bezorgd"
    text = notice_text(ask=f"Maak {{{{ totaal }}}} over {term}.")
    charges = replace(NOTHING, announced=euro("40.00"))

    facts = notice_facts(of_action={"term_days": 21, "charges": charges})

    assert wrong(text, facts) == ()


@pytest.mark.parametrize(
    "fragment",
    [
        "De factuur is 30 dagen te laat.",
        "De betaaltermijn van 30 dagen is voorbij.",
        "Wij mailden u op 1 november 2026 en belden op 9 november 2026.",
        "De factuur van 24 september is vervallen op 24 oktober 2026.",
        "Na ontvangst van uw betaling sluiten wij het dossier.",
        "Neem zo spoedig mogelijk contact op.",
        "De kosten zijn € nog onbekend, vraag het na.",
        "U moet dan {{ totaal_na_termijn }} betalen.",
        "Wij rekenen geen rente van 6%.",
        "Ons nummer is NL91 ABNA 0417 1643 00.",
        "Betaal {{ totaal }} onder vermelding van {{ kenmerk }}.",
    ],
)
def test_what_belongs_in_a_notice_passes(fragment: str) -> None:
    assert wrong(notice_text(add=fragment), notice_facts()) == ()


def test_costs_without_their_vat_may_be_named_too() -> None:
    charges = replace(NOTHING, announced=euro("48.40"), announced_vat=euro("8.40"))
    declared = (
        "De kosten zijn € 40,00, met {{ aangekondigde_btw }} btw erbij. "
        "Deze btw kunnen wij niet verrekenen."
    )
    declared += " Wij kunnen de btw niet verrekenen."

    assert wrong(notice_text(add=declared), notice_facts(of_action={"charges": charges})) == ()


def test_the_last_day_of_the_interest_may_be_named() -> None:
    charges = replace(
        NOTHING,
        announced=euro("40.00"),
        interest=euro("1.00"),
        interest_article="6:119",
        interest_through=notice_facts().on,
    )
    facts = notice_facts(of_action={"charges": charges, "total": euro("122.00")})

    assert wrong(shipped("statutory_notice"), facts) == ()


def test_a_credit_may_be_named() -> None:
    used = (CreditUsed(number="C1", amount=euro("21.00"), against=None),)
    charges = replace(NOTHING, announced=euro("40.00"))
    facts = notice_facts(of_action={"credits": used, "total": euro("100.00"), "charges": charges})

    assert wrong(notice_text(add="U had nog € 21,00 tegoed."), facts) == ()


def test_an_invoice_number_that_looks_like_a_day_is_no_day() -> None:
    facts = notice_facts()
    items = tuple(replace(item, number="2026-12-07") for item in facts.action.items)

    assert wrong(notice_text(), replace(facts, action=replace(facts.action, items=items))) == ()


@pytest.mark.parametrize("name", ["Deurbeslag Jansen", "Tien Procent B.V.", "Alle Kosten Vooraf"])
def test_a_name_may_hold_any_word(name: str) -> None:
    facts = notice_facts(creditor=creditor(name=name), recipient=recipient(contact=name))

    assert wrong(shipped("statutory_notice"), facts) == ()


def test_an_invoice_with_a_short_number_hides_no_day() -> None:
    facts = notice_facts()
    items = tuple(replace(item, number="7") for item in facts.action.items)
    short = replace(facts, action=replace(facts.action, items=items))

    assert wrong(notice_text(add="Betaal voor 7 december 2026."), short) == (DATE,)


def test_the_words_that_are_wrong_are_quoted() -> None:
    with pytest.raises(ConfigError) as refused:
        render_letter(notice_text(add="Betaal na dagtekening."), notice_facts())

    assert refused.value.facts == {
        "file": "config/letters/nl/brief.txt",
        "wrong": (f"{START}: “na dagtekening”",),
    }


def test_the_subject_is_read_too() -> None:
    text = notice_text(subject="Onderwerp: Betaal binnen 14 dagen")

    assert wrong(text, notice_facts()) == (START,)


@pytest.mark.parametrize("kind", [StepKind.REMINDER, StepKind.FINAL_DEMAND])
@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("Betaal binnen 14 dagen, anders volgen incassokosten.", (UNCLAIMED,)),
        ("Otherwise collection costs will follow.", (UNCLAIMED,)),
        ("Nu betaalt u nog geen incassokosten.", ()),
        ("Anders leggen wij beslag.", (THREAT,)),
        ("Betaal binnen 7 dagen na ontvangst.", ()),
    ],
)
def test_no_other_letter_to_a_consumer_announces_costs(
    kind: StepKind, fragment: str, expected: tuple[str, ...]
) -> None:
    assert wrong(complete(fragment), letter_facts(kind=kind)) == expected


def test_a_business_may_be_told_of_costs() -> None:
    facts = letter_facts(consumer=False)

    assert wrong(complete("Anders volgen incassokosten."), facts) == ()


def test_costs_that_are_claimed_may_be_named() -> None:
    charges = replace(NOTHING, costs=euro("40.00"))
    facts = letter_facts(of_action={"charges": charges, "total": euro("161.00")})

    assert wrong(complete("Daar komen incassokosten bij."), facts) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("€ 1.234,50", "1234.50"),
        ("€1,234.50", "1234.50"),
        ("EUR 40", "40"),
        ("€ 40,-", "40"),
        ("40 euro", "40"),
        ("€ 1.000.", "1000"),
        ("40,- euro", "40"),
    ],
)
def test_an_amount_is_read_however_it_is_written(text: str, expected: str) -> None:
    assert [value for _, value in euros_in(text)] == [Decimal(expected)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7 december 2026", (2026, 12, 7)),
        ("7th of December 2026", (2026, 12, 7)),
        ("dec. 7th, 2026", (2026, 12, 7)),
        ("7-12-26", (2026, 12, 7)),
        ("7 mrt", (None, 3, 7)),
    ],
)
def test_a_day_is_read_however_it_is_written(
    text: str, expected: tuple[int | None, int, int]
) -> None:
    assert [day for _, day in dates_in(text)] == [expected]


@pytest.mark.parametrize("text", ["7 maanden", "2026-0312", "030-1234567", "10023/2026-0312"])
def test_what_is_no_day_is_not_read_as_one(text: str) -> None:
    assert dates_in(text) == []


def test_terms_are_found_in_order() -> None:
    text = "binnen 14 dagen of binnen vijftien dagen nadat deze brief bij u is bezorgd"

    assert [(term.days, term.last_day) for term in terms_in(text)] == [(14, None), (15, 14)]
