"""A dossier with interest, costs and notices: what it says, and what keeps it inside."""

import copy
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pypdf
import pytest

from connector.core.dossier.build import Dossier, build_dossier
from connector.core.dossier.document import dossier_document
from connector.core.dossier.facts import DossierFacts, PaymentFacts, PaymentKind
from connector.core.dossier.legal import DefaultGround, LawGround, NoticeFault
from connector.core.dossier.notice_story import limitation_line
from connector.core.dossier.pack import pack, verify
from connector.core.dossier.schema import validate
from connector.core.dossier.tables import claims_table, payments_table
from connector.core.dossier.text import words
from connector.core.dossier.totals import total_faults
from connector.core.policy.model import CollectionCosts, DebtorKind, Interest, StepKind
from connector.core.snapshot import HoldReason
from connector.port.errors import RequestError
from connector.press.compile import Press
from tests.core.dossier.samples import creditor, debtor, euro, least
from tests.core.dossier.stories import (
    account,
    charges,
    consumer,
    message,
    notice,
    of_account,
    planned,
    trade,
    trade_account,
)
from tests.core.dossier.test_tables import read


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


def tampered(change: Callable[[Any], object], facts: DossierFacts | None = None) -> Any:
    data = copy.deepcopy(build_dossier(facts or consumer()).data)
    change(data)
    return data


@pytest.mark.parametrize("facts", [consumer(), trade()], ids=["consumer", "trade"])
def test_it_is_whole_fits_the_schema_and_adds_up(facts: DossierFacts) -> None:
    found = build_dossier(facts)

    assert (found.missing, found.faults, validate(found.data), total_faults(found.data)) == (
        (), (), (), (),
    )  # fmt: skip
    assert verify(pack(found, pdf=b"%PDF-1.7")).ok


def test_the_total_is_principal_interest_and_costs() -> None:
    (amount,) = build_dossier(consumer()).data["amounts"]

    assert (amount["principal"], amount["interest"]["amount"], amount["total"]) == (
        "1000.00", "39.61", "1189.61",
    )  # fmt: skip


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


def test_the_tables_carry_what_the_law_makes_of_a_claim() -> None:
    (line,) = read(claims_table(build_dossier(consumer()).data))

    assert (line["interest"], line["interest_article"], line["collection_costs"]) == (
        "39,61", "6:119 BW", "150,00",
    )  # fmt: skip
    assert (line["default_from"], line["notice_last_day"], line["interrupted_on"]) == (
        "2025-06-01", "2025-10-07", "2025-09-23",
    )  # fmt: skip


def test_a_payment_says_what_of_it_went_where() -> None:
    paid = PaymentFacts(
        invoice="F2025-0117", on=date(2026, 1, 5), amount=euro("40.00"), kind=PaymentKind.CHARGES,
        costs=euro("30.00"), interest=euro("10.00"),
    )  # fmt: skip
    facts = replace(consumer(), payments=(paid,))

    (line,) = read(payments_table(build_dossier(facts).data))

    assert (line["to_costs"], line["to_interest"], line["to_principal"]) == (
        "30,00", "10,00", "0,00",
    )  # fmt: skip
    assert document(facts)["payments"][0][4:] == ["30,00", "10,00", ""]


def provisional(basis: str | None = "services") -> DossierFacts:
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


def test_interest_past_the_figures_is_called_provisional_everywhere() -> None:
    found = document(provisional())

    assert found["provisional"].startswith(
        "Voorlopig: de rentevoet is bekend tot en met 31 december"
    )
    assert found["calculation"][0]["extra"][0][0].endswith("(voorlopig)")
    assert "Voorlopig" in found["interest"][0]["intro"]
    assert found["interest"][0]["daily"] == ""


def test_the_agency_sends_the_notice_where_there_is_none_and_costs_are_nothing() -> None:
    data = build_dossier(provisional()).data

    assert data["agency_must_send_statutory_notice"] is True
    assert data["amounts"][0]["collection_costs"]["claimed"] is False


def test_costs_of_a_consumer_without_a_valid_notice_block() -> None:
    facts = consumer()
    void = tuple(replace(one, faults=(NoticeFault.TERM_TOO_SHORT,)) for one in facts.notices)
    found = build_dossier(replace(facts, notices=void))

    with pytest.raises(RequestError, match="dossier_amounts_differ") as raised:
        pack(found, pdf=b"")

    assert found.faults == ("claims[F2025-0117].collection_costs",)
    assert "geen geldige veertiendagenbrief" in str(raised.value.facts["places"])


def test_a_notice_without_effect_says_why() -> None:
    facts = consumer()
    void = tuple(replace(one, faults=(NoticeFault.TERM_TOO_SHORT,)) for one in facts.notices)

    rows = dict(document(replace(facts, notices=void))["notices"][0]["rows"])

    assert rows["Voldoet aan de wet"] == "nee: de termijn is korter dan de wet eist"


def test_dutch_charges_abroad_block_when_nobody_recorded_dutch_law() -> None:
    abroad = build_dossier(replace(trade(), law=LawGround.NOT_RECORDED))
    bare = build_dossier(least(law=LawGround.NOT_RECORDED))

    assert (abroad.faults, bare.faults) == (("applicable_law",), ())
    assert bare.data["applicable_law"] == {"law": None, "ground": "not_recorded"}


def test_what_could_not_be_explained_blocks() -> None:
    with pytest.raises(RequestError, match="dossier_amounts_differ"):
        pack(build_dossier(replace(trade(), faults=("claims[F2024-0981].interest",))), pdf=b"")


def test_an_office_that_acts_for_others_needs_its_own_registration() -> None:
    office = creditor(representative="Kantoor De Vries", acting_for_others=True)
    person = build_dossier(replace(consumer(), creditor=office))
    company = build_dossier(replace(trade(), creditor=office))
    known = replace(office, representative_wki_number="WKI-9")

    assert person.missing == ("creditor.representative_wki_number",)
    assert company.missing == ()
    assert build_dossier(replace(consumer(), creditor=known)).missing == ()


def test_a_dispute_is_a_stop() -> None:
    stops = build_dossier(least(stops=frozenset({HoldReason.DISPUTE}))).data["stops"]

    assert [name for name, answer in stops.items() if answer] == ["dispute"]


def line_of(data: Any, at: int = 0) -> Any:
    return data["claims"][0]["interest"]["lines"][at]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: line_of(d).update(interest="16.12"), "claims[F2025-0117].interest"),
        (lambda d: line_of(d).update(days=80), "claims[F2025-0117].interest"),
        (lambda d: line_of(d).update(paid_after="209.00"), "claims[F2025-0117].interest"),
        (lambda d: line_of(d).update(through="2025-02-30"), "claims[F2025-0117].interest"),
        (lambda d: line_of(d).update(base="9" * 40), "claims[F2025-0117].interest"),
        (lambda d: d["claims"][0]["interest"].update(accrued="39.62"), "claims[F2025-0117].interest"),
        (lambda d: d["claims"][0]["interest"].update(paid="1.00"), "claims[F2025-0117].interest"),
        (lambda d: d["claims"][0].update(kept_back="1.00"), "claims[F2025-0117].paid"),
        (lambda d: d["claims"][0].update(collection_costs="1.00"), "amounts[EUR].collection_costs"),
        (lambda d: d["amounts"][0]["interest"].update(claimed=False), "amounts[EUR].interest"),
        (
            lambda d: d["amounts"][0]["collection_costs"]["demands"][0].update(allowed="149.99"),
            "amounts[EUR].collection_costs",
        ),
        (
            lambda d: d["amounts"][0]["collection_costs"].update(vat="31.50"),
            "amounts[EUR].collection_costs",
        ),
    ],
)  # fmt: skip
def test_any_amount_that_does_not_follow_is_found(
    change: Callable[[Any], object], place: str
) -> None:
    assert place in total_faults(tampered(change))


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


def test_another_currency_has_costs_of_its_own() -> None:
    facts = trade()
    (claim,) = facts.claims
    dollars = replace(
        claim, number="F9", open=replace(claim.open, currency="USD"), total=None, interest=None,
        costs=None,
    )  # fmt: skip
    both: Dossier = build_dossier(replace(facts, claims=(claim, dollars)))

    claimed = {one["currency"]: one["collection_costs"]["claimed"] for one in both.data["amounts"]}

    assert claimed == {"EUR": True, "USD": False}
    assert total_faults(both.data) == ()


def test_a_trade_account_claims_its_whole_calculation() -> None:
    assert trade_account().action.total == euro("10807.48")
