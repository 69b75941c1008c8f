"""A dossier with interest, costs and notices: what it says, and what keeps it inside."""

import copy
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.core.dossier.build import Dossier, build_dossier
from connector.core.dossier.document import dossier_document
from connector.core.dossier.facts import DossierFacts, PaymentFacts, PaymentKind
from connector.core.dossier.legal import LawGround, NoticeFault
from connector.core.dossier.pack import pack, verify
from connector.core.dossier.schema import validate
from connector.core.dossier.tables import claims_table, payments_table
from connector.core.dossier.totals import total_faults
from connector.core.snapshot import HoldReason
from connector.port.errors import RequestError
from tests.core.dossier.samples import creditor, euro, least
from tests.core.dossier.stories import (
    consumer,
    provisional,
    trade,
    trade_account,
)
from tests.core.dossier.test_tables import read


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
    shown = dossier_document(build_dossier(facts))[1]
    assert shown["payments"][0][4:] == ["30,00", "10,00", ""]


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
