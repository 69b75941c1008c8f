"""A statutory notice that lacks what the law or the debtor needs does not leave.

Art. 6:96 lid 6 BW; art. 2 lid 3 Besluit vergoeding voor buitengerechtelijke incassokosten.
"""

from dataclasses import replace
from typing import Any

import pytest

from connector.core.letters.fields import LetterFacts
from connector.core.letters.render import render_letter
from connector.core.policy.model import ChannelName, StepKind
from connector.port.errors import ConfigError
from tests.core.letters.make import (
    NOTHING,
    creditor,
    letter_facts,
    notice_facts,
    notice_text,
    recipient,
    shipped,
)
from tests.make import euro, planned


def missing(facts: LetterFacts, **changed: str) -> object:
    with pytest.raises(ConfigError) as refused:
        render_letter(notice_text(**changed), facts)
    assert refused.value.code == "letter_incomplete"
    return refused.value.facts["missing"]


def with_charges(**amounts: Any) -> LetterFacts:
    charges = replace(NOTHING, announced=euro("40.00"), **amounts)
    total = euro("121.00") + charges.claimed
    return notice_facts(of_action={"charges": charges, "total": total})


def test_a_notice_in_own_words_with_everything_passes() -> None:
    letter = render_letter(notice_text(), notice_facts())

    assert letter.template == "brief"


@pytest.mark.parametrize(
    ("dropped", "named"),
    [
        ("ask", "de termijn van veertien dagen in de woorden die de rechter aanvaardt, in het Nederlands"),
        ("no_costs", "dat er geen incassokosten zijn bij betaling op tijd"),
        ("costs", "het bedrag van de incassokosten"),
        ("after", "het totaal na de termijn"),
        ("next", "wat er daarna kan gebeuren, zoals overdracht aan een incassobureau"),
        ("plan", "hoe iemand om een betalingsregeling vraagt"),
        ("answer", "hoe iemand bezwaar maakt"),
    ],
)  # fmt: skip
def test_each_part_that_is_dropped_is_named(dropped: str, named: str) -> None:
    found = missing(notice_facts(), **{dropped: ""})

    assert named in found  # type: ignore[operator]  # a tuple of names


def test_debtor_and_creditor_are_named_with_their_address() -> None:
    found = missing(notice_facts(creditor=creditor(name="Zaak 9")), people="", payment="{{ iban }}")

    assert found == (
        "het kenmerk",
        "de naam van de debiteur",
        "het adres van de debiteur",
        "de naam van de schuldeiser",
        "het adres van de schuldeiser",
    )


def test_who_has_no_known_address_is_named_with_the_mail_address() -> None:
    facts = notice_facts(recipient=recipient(street=None))

    letter = render_letter(notice_text(), facts)

    assert "aan Bakkerij De Wit, info@dewit.example." in letter.text.replace("\n", " ")


def test_an_address_without_postcode_is_an_address() -> None:
    letter = render_letter(notice_text(), notice_facts(recipient=recipient(postcode=None)))

    assert "Keizersgracht 12, Amsterdam" in letter.text.replace("\n", " ")


def test_each_invoice_is_named_with_its_days_and_its_amount() -> None:
    own = "{{ factuur }}: {{ totaal }}."

    found = missing(notice_facts(), items=own, principal="")

    assert found == ("alle factuurdatums", "alle vervaldatums")


def test_an_invoice_without_a_known_date_can_still_be_noticed() -> None:
    letter = render_letter(notice_text(), _undated())

    assert "–" in letter.text


def _undated() -> LetterFacts:
    facts = notice_facts()
    items = tuple(replace(item, issued=None) for item in facts.action.items)
    return replace(facts, action=replace(facts.action, items=items))


def test_the_amount_of_each_invoice_and_the_principal_are_named() -> None:
    facts = with_charges(interest=euro("1.00"), interest_article="6:119")

    found = missing(facts, items="{{ factuur }} 24-09-2026 24-10-2026 {{ totaal }}", principal="",
                    next="Er komt rente bij. Daarna volgt een incassobureau.")  # fmt: skip

    assert found == ("het openstaande bedrag van elke factuur", "de hoofdsom")


def test_claimed_interest_is_said_to_go_on() -> None:
    facts = with_charges(interest=euro("1.00"))
    text = notice_text(next="Daarna volgt een incassobureau.")
    shown = replace(text, words=replace(text.words, labels={**text.words.labels, "interest": "X"}))

    with pytest.raises(ConfigError) as refused:
        render_letter(shown, facts)

    assert refused.value.facts["missing"] == ("dat de rente doorloopt",)


@pytest.mark.parametrize("announced", [None, NOTHING])
def test_a_notice_without_costs_to_announce_is_refused(announced: object) -> None:
    found = missing(notice_facts(of_action={"charges": announced}))

    assert found == ("het bedrag van de incassokosten",)


VAT = "het btw-bedrag in de incassokosten en dat wij die btw niet kunnen verrekenen"


@pytest.mark.parametrize(
    ("declared", "passes"),
    [
        ("Dit is met {{ aangekondigde_btw }} btw. Wij kunnen deze btw niet verrekenen.", True),
        ("This has {{ announced_vat }}. We cannot reclaim this VAT.", True),
        ("This has {{ announced_vat }} of VAT, which cannot be deducted.", True),
        ("Dit is met {{ aangekondigde_btw }} btw.", False),
        ("Wij kunnen de btw niet verrekenen.", False),
        ("", False),
    ],
)
def test_vat_on_the_costs_needs_its_amount_and_the_declaration(
    declared: str, *, passes: bool
) -> None:
    facts = with_charges(announced_vat=euro("6.94"))
    text = notice_text(add=declared)

    try:
        render_letter(text, facts)
        found: object = ()
    except ConfigError as refused:
        found = refused.facts["missing"]

    assert found == (() if passes else (VAT,))


def test_without_vat_nothing_is_declared() -> None:
    letter = render_letter(shipped("statutory_notice"), notice_facts())

    assert "btw" not in letter.text.casefold()


def test_a_default_notice_names_the_last_day_of_its_term() -> None:
    """Art. 6:82 lid 1 BW: a reasonable term for performance."""
    facts = letter_facts(kind=StepKind.DEFAULT_NOTICE, deadline=None)

    with pytest.raises(ConfigError) as refused:
        render_letter(shipped("default_notice"), facts)

    assert refused.value.facts["missing"] == ("de datum waarop de termijn eindigt",)


@pytest.mark.parametrize(
    ("via", "term", "expected"),
    [
        ((ChannelName.EMAIL,), None, "binnen veertien dagen vanaf de dag nadat deze e-mail bij u is bezorgd"),
        ((ChannelName.EMAIL, ChannelName.POST), None, "binnen veertien dagen vanaf de dag nadat deze brief bij u is bezorgd"),
        ((ChannelName.POST,), 7, "binnen veertien dagen vanaf de dag nadat deze brief bij u is bezorgd"),
        ((ChannelName.POST,), 21, "binnen 21 dagen vanaf de dag nadat deze brief bij u is bezorgd"),
    ],
)  # fmt: skip
def test_the_term_is_that_of_the_law_or_longer_and_names_the_carrier(
    via: tuple[ChannelName, ...], term: int | None, expected: str
) -> None:
    charges = replace(NOTHING, announced=euro("40.00"))
    facts = notice_facts(of_action={"via": via, "term_days": term, "charges": charges})

    letter = render_letter(shipped("statutory_notice"), facts)

    assert f"€\u00a0121,00 over {expected}." in letter.text.replace("\n", " ")


def test_a_term_in_business_days_leaves_the_words_of_the_law() -> None:
    facts = notice_facts(of_action={"term_days": 20, "term_business": True})

    letter = render_letter(shipped("statutory_notice"), facts)

    assert "binnen veertien dagen vanaf de dag nadat" in letter.text.replace("\n", " ")


def test_no_form_of_a_notice_names_a_day_for_the_term() -> None:
    letter = render_letter(shipped("statutory_notice"), notice_facts())

    forms = (letter.text, letter.html, str(letter.data))
    assert [form for form in forms if "7 december 2026" in form or "07-12-2026" in form] == []


def test_an_english_notice_keeps_the_term_in_dutch() -> None:
    letter = render_letter(shipped("statutory_notice", "en"), notice_facts(language="en"))

    text = letter.text.replace("\n", " ")
    assert "within fourteen days from the day after this e-mail was delivered to you" in text
    assert "binnen 14 dagen vanaf de dag nadat deze e-mail bij u is bezorgd" in text


def test_an_english_notice_without_the_dutch_term_is_refused() -> None:
    english = shipped("statutory_notice", "en")
    words = replace(
        english.words, labels={**english.words.labels, "notice_term_dutch_email": "{days}"}
    )

    with pytest.raises(ConfigError) as refused:
        render_letter(replace(english, words=words), notice_facts(language="en"))

    assert refused.value.facts["missing"] == (
        "the term of fourteen days in the words that courts accept, in Dutch",
    )


@pytest.mark.parametrize("language", ["nl", "en"])
def test_several_invoices_fit_in_one_notice(language: str) -> None:
    items = (planned("A"), planned("B"))
    facts = notice_facts(language=language)
    action = replace(facts.action, items=items, total=euro("242.00"))

    letter = render_letter(shipped("statutory_notice", language), replace(facts, action=action))

    assert "282" in letter.text
