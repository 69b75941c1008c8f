"""A dossier with interest, costs and notices as people read it."""

import io
import re
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pypdf
import pytest

from connector.core.dossier.build import build_dossier
from connector.core.dossier.document import dossier_document
from connector.core.dossier.facts import DossierFacts
from connector.core.dossier.legal import DefaultGround, NoticeFault
from connector.core.dossier.notice_story import limitation_line
from connector.core.dossier.schema import validate
from connector.core.dossier.text import words
from connector.core.dossier.totals import total_faults
from connector.core.policy.model import CollectionCosts, DebtorKind, Interest, StepKind
from connector.press.compile import Press
from tests.core.dossier.samples import euro
from tests.core.dossier.stories import (
    account,
    charges,
    consumer,
    message,
    notice,
    of_account,
    planned,
    provisional,
    trade,
)


@cache
def printed(name: str, language: str) -> str:
    facts = consumer(language) if name == "consumer" else trade(language)
    source, data = dossier_document(build_dossier(facts))
    pdf = Press().pdf(source, data, created=facts.meta.created_at)
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    text = "\n".join(page.extract_text() for page in pages)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


def document(facts: DossierFacts) -> Any:
    return dossier_document(build_dossier(facts))[1]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("consumer", "€ 1.189,61"),
        ("consumer", "Wettelijke rente (art. 6:119 BW) tot en met 15 januari 2026"),
        ("consumer", "In verzuim sinds 1 juni 2025: de vervaldatum is verstreken."),
        ("consumer", "01-06-2025 20-08-2025 81 6% 1.210,00 16,11"),
        ("consumer", "Betaald op 20 augustus 2025, in mindering op de hoofdsom -210,00"),
        ("consumer", "Elke volgende dag komt er € 0,11 bij"),
        ("consumer", "Incassokosten: Veertiendagenbrief van 23 september 2025"),
        ("consumer", "15% over € 1.000,00 150,00"),
        ("consumer", "Over de incassokosten is geen btw berekend."),
        ("consumer", "Geldt als ontvangen op 23 september 2025"),
        ("consumer", "Laatste dag van de termijn 7 oktober 2025"),
        ("consumer", "Voldoet aan de wet ja"),
        ("consumer", "23 september 2030 (art. 3:307 BW). Laatst gestuit op 23 september 2025"),
        ("consumer", "Nederlands recht: de debiteur woont of is gevestigd in Nederland"),
        ("trade", "Wettelijke handelsrente (art. 6:119a BW) tot en met 31 augustus 2026"),
        ("trade", "Rente van het jaar tot en met 31 december 2025, bijgeteld 901,71"),
        ("trade", "01-07-2026 31-08-2026 62 10,40% 9.371,71 165,56"),
        ("trade", "5% over € 3.470,00 173,50"),
        ("trade", "€ 10.807,48"),
    ],
)
def test_the_dutch_document_shows(name: str, part: str) -> None:
    assert part in printed(name, "nl")


def test_the_english_document_shows_the_same() -> None:
    text = printed("trade", "en")

    assert "Commercial interest (art. 6:119a BW) through 31 August 2026" in text
    assert "Interest of the year through 31 December 2025" in text


def test_interest_past_the_figures_is_called_provisional_everywhere() -> None:
    found = document(provisional())

    assert found["provisional"].startswith(
        "Voorlopig: de rentevoet is bekend tot en met 31 december"
    )
    assert found["calculation"][0]["extra"][0][0].endswith("(voorlopig)")
    assert "Voorlopig" in found["interest"][0]["intro"]
    assert found["interest"][0]["daily"] == ""


def test_a_notice_without_effect_says_why() -> None:
    facts = consumer()
    void = tuple(replace(one, faults=(NoticeFault.TERM_TOO_SHORT,)) for one in facts.notices)

    rows = dict(document(replace(facts, notices=void))["notices"][0]["rows"])

    assert rows["Voldoet aan de wet"] == "nee: de termijn is korter dan de wet eist"


def test_vat_on_costs_comes_with_the_declaration_of_the_creditor() -> None:
    facts = consumer()
    assert facts.costs is not None
    (demand,) = facts.costs.demands
    raised = replace(
        facts.costs, vat=euro("31.50"), vat_declared=True,
        demands=(replace(demand, vat=euro("31.50")),),
    )  # fmt: skip
    (claim,) = facts.claims
    stated = tuple(replace(one, vat=euro("31.50")) for one in facts.notices)
    with_vat = replace(
        facts, costs=raised, claims=(replace(claim, costs=euro("181.50")),), notices=stated
    )

    found = document(with_vat)

    assert total_faults(build_dossier(with_vat).data) == ()
    assert "niet kan verrekenen" in found["calculation_notes"][0]
    assert ["Btw over de incassokosten", "31,50"] in found["costs"][0]["closing"]
    assert ["Btw over de incassokosten", "31,50"] in found["calculation"][0]["extra"]
    assert dict(found["notices"][0]["rows"])["Genoemde incassokosten"] == (
        "€\u00a0150,00, en €\u00a031,50 btw"
    )


def test_each_step_from_the_scale_to_what_is_claimed_is_told() -> None:
    facts = consumer()
    assert facts.costs is not None
    (demand,) = facts.costs.demands
    less = replace(demand, amount=euro("140.00"), part=euro("70.00"), paid=euro("20.00"))
    (claim,) = facts.claims
    told = replace(
        facts,
        costs=replace(facts.costs, amount=euro("50.00"), demands=(less,)),
        claims=(replace(claim, costs=euro("50.00")),),
    )

    assert document(told)["costs"][0]["closing"] == [
        ["Volgens de staffel", "150,00"],
        ["In rekening gebracht", "140,00"],
        ["Deel van de facturen in dit dossier", "70,00"],
        ["Af: al ontvangen", "-20,00"],
        ["Gevorderde incassokosten", "50,00"],
    ]


def test_interest_that_came_in_is_taken_off_in_sight() -> None:
    facts = consumer()
    (claim,) = facts.claims
    assert claim.interest is not None
    paid = replace(claim.interest, paid=euro("9.61"), amount=euro("30.00"))

    found = document(replace(facts, claims=(replace(claim, interest=paid),)))

    assert found["interest"][0]["closing"] == [
        ["Rente over deze periode", "39,61"],
        ["Af: al ontvangen rente", "-9,61"],
        ["Gevorderde rente", "30,00"],
    ]


def test_a_clause_is_named_where_interest_and_costs_were_agreed() -> None:
    item = planned("F1", date(2025, 5, 31), "1210.00", interest="60.73", costs="181.50")
    claimed = charges(
        interest=euro("60.73"), interest_article="art. 9 AV 2025", costs=euro("181.50"),
        interest_through=date(2026, 1, 15),
    )  # fmt: skip
    known = account(
        message(StepKind.HAND_OVER, item, charges=claimed),
        kind=DebtorKind.COMPANY,
        interest=Interest.model_validate({"rate": "8.0", "clause": "art. 9 AV 2025"}),
        costs=CollectionCosts.model_validate({"percentage": "15", "clause": "art. 9 AV 2025"}),
    )
    facts = of_account(known, (), totals={"F1": "1210.00"}, basis="sale")

    found = document(facts)

    assert validate(build_dossier(facts).data) == ()
    assert found["interest"][0]["title"].endswith("Bedongen rente (art. 9 AV 2025)")
    assert "enkelvoudig" in found["interest"][0]["intro"]
    assert found["costs"][0]["closing"][0] == ["Volgens het beding", "181,50"]


def test_a_part_that_is_disputed_is_kept_back_in_sight() -> None:
    facts = consumer()
    (claim,) = facts.claims
    split = replace(claim, total=euro("1310.00"), kept_back=euro("100.00"))

    rows = dict(document(replace(facts, claims=(split,)))["claim_details"][0]["rows"])

    assert rows["Niet overgedragen (betwist deel)"] == "€\u00a0100,00"
    assert total_faults(build_dossier(replace(facts, claims=(split,))).data) == ()


def test_limitation_says_what_interrupted_it_last() -> None:
    (claim,) = build_dossier(trade()).data["claims"]
    untouched = claim["limitation"] | {"interrupted_on": None}
    by_payment = claim["limitation"] | {"interrupted_by": "payment", "evidence": None}
    dutch = words("nl")

    assert limitation_line({"limitation": untouched}, dutch) == "5 februari 2030 (art. 3:307 BW)."
    assert limitation_line({"limitation": by_payment}, dutch) == (
        "5 februari 2030 (art. 3:307 BW). Laatst gestuit op 5 februari 2025: betaling van een deel."
    )


def test_limitation_names_both_days_where_the_basis_is_not_known() -> None:
    """Art. 7:28 BW: two years for the price of movables that a consumer bought."""
    (claim,) = build_dossier(provisional(basis=None)).data["claims"]

    assert limitation_line(claim, words("nl")) == (
        "31 mei 2027 (art. 7:28 BW). Op zijn laatst 31 mei 2030, als de vordering geen koopprijs "
        "is: de grondslag is niet bekend."
    )


def test_default_after_a_notice_is_told_with_the_notice() -> None:
    given = notice("F1", StepKind.DEFAULT_NOTICE)
    item = planned("F1", date(2025, 5, 31), "1210.00")
    known = account(message(StepKind.HAND_OVER, item), due_date_agreed=False, notices=(given,))
    facts = of_account(known, (), totals={"F1": "1210.00"}, basis="services")

    found = build_dossier(facts)

    assert found.data["claims"][0]["default_ground"] == DefaultGround.DEFAULT_NOTICE
    assert found.data["notices"][0]["faults"] == ["dispatch_unknown"]
    assert (
        dossier_document(found)[1]["notices"][0]["title"]
        == "Ingebrekestelling van 23 september 2025"
    )


def test_a_dispatch_of_unknown_channel_or_source_is_told_as_far_as_it_is_known() -> None:
    facts = consumer()
    (event,) = facts.history
    bare = replace(event, channel=None, address_source=None, is_demand=False)

    rows = dict(document(replace(facts, history=(bare,)))["notices"][0]["rows"])

    assert rows["Verzonden op"] == "23 september 2025, 10:30, per onbekend"
    assert rows["Aan"] == "b.voorbeeld@mail.example"
