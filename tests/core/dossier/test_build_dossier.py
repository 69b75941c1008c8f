"""What the facts of a handover become."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.dossier.build import build_dossier
from connector.core.dossier.facts import (
    CreditFacts,
    DisputeFacts,
    PaperType,
    Source,
)
from connector.core.dossier.legal import NoticeFacts, NoticeFault
from connector.core.dossier.schema import validate
from connector.core.dossier.totals import total_faults
from connector.core.policy.model import DebtorKind, StepKind
from connector.port.money import Money
from tests.core.dossier.samples import (
    claim,
    creditor,
    debtor,
    euro,
    event,
    everything,
    least,
    mandate,
    paper,
)


def data_of(**changes: object) -> Any:
    return build_dossier(least(**changes)).data


def notice(*faults: NoticeFault, number: str = "F2026-0312") -> NoticeFacts:
    return NoticeFacts(
        kind=StepKind.STATUTORY_NOTICE,
        action="7f3a91c2d4e5",
        numbers=(number,),
        delivered_on=date(2026, 9, 1),
        received_on=date(2026, 9, 3),
        last_day=date(2026, 9, 17),
        costs=euro("181.50"),
        vat=euro("0.00"),
        faults=faults,
    )


def test_a_full_dossier_lacks_nothing_that_is_required() -> None:
    assert build_dossier(everything()).missing == ()


def test_both_fit_the_published_schema() -> None:
    assert validate(build_dossier(everything()).data) == ()
    assert validate(build_dossier(least()).data) == ()


def test_all_amounts_add_up() -> None:
    assert total_faults(build_dossier(everything()).data) == ()


def test_principal_is_open_less_credits() -> None:
    (amount,) = build_dossier(everything()).data["amounts"]

    assert (amount["open"], amount["credited"], amount["principal"]) == (
        "1875.50",
        "121.00",
        "1754.50",
    )


def test_interest_and_costs_are_not_claimed() -> None:
    (amount,) = data_of()["amounts"]

    assert (amount["interest"]["claimed"], amount["interest"]["amount"]) == (False, "0.00")
    assert (amount["collection_costs"]["claimed"], amount["collection_costs"]["vat"]) == (
        False,
        "0.00",
    )
    assert amount["total"] == amount["principal"]


def test_each_currency_has_its_own_sums() -> None:
    dollars = Money(Decimal("99.90"), "USD")
    both = (claim(), claim("F2", open=dollars, total=dollars))

    found = data_of(claims=both)

    assert found["meta"]["currencies"] == ["EUR", "USD"]
    assert [one["total"] for one in found["amounts"]] == ["1210.00", "99.90"]
    assert found["amounts"][0]["checksum"] != found["amounts"][1]["checksum"]


def test_an_unknown_invoice_amount_leaves_its_column_without_a_sum() -> None:
    found = data_of(claims=(claim(), claim("F2", total=None)))

    assert found["amounts"][0]["invoiced"] is None
    assert found["claims"][0]["paid"] is None
    assert total_faults(found) == ()


@given(
    st.lists(st.tuples(st.integers(1, 10**7), st.integers(0, 10**7)), min_size=1, max_size=8),
    st.lists(st.integers(1, 1000), max_size=3),
)
def test_whatever_the_amounts_they_add_up(lines: list[tuple[int, int]], less: list[int]) -> None:
    claims = tuple(
        claim(f"F{n}", open=Money.from_minor(o, "EUR"), total=Money.from_minor(o + p, "EUR"))
        for n, (o, p) in enumerate(lines)
    )
    credit_notes = tuple(
        CreditFacts(number=f"C{n}", amount=Money.from_minor(units, "EUR"))
        for n, units in enumerate(less)
    )

    assert total_faults(data_of(claims=claims, credits=credit_notes)) == ()


def test_the_order_of_the_facts_does_not_matter() -> None:
    facts = everything()
    turned = replace(
        facts,
        claims=facts.claims[::-1],
        payments=facts.payments[::-1],
        history=facts.history[::-1],
        attachments=facts.attachments[::-1],
    )

    assert build_dossier(turned) == build_dossier(facts)


def test_the_address_is_split_and_kept_in_one_line() -> None:
    assert data_of()["debtor"]["address"] == {
        "line": "Plein 1940-45 3-II",
        "street": "Plein 1940-45",
        "number": "3",
        "addition": "II",
        "postcode": "1000 AA",
        "city": "Voorbeeldstad",
        "country": "NL",
    }


def test_each_particular_says_where_it_came_from() -> None:
    found = data_of(debtor=debtor(address_source=Source.PERSON))

    assert found["debtor"]["sources"] == {
        "name": "books",
        "address": "person",
        "email": "person",
        "phone": "books",
    }


def test_letters_and_sheets_are_named_at_their_event() -> None:
    found = build_dossier(everything()).data["history"]

    assert found[0]["documents"] == [
        "letters/01_email_2026-09-04_herinnering.pdf",
        "letters/02_letter_2026-09-04_herinnering.pdf",
    ]
    assert [one["evidence"] for one in found] == [
        "evidence/01_evidence_2026-09-04_herinnering.txt",
        None,
        "evidence/02_evidence_2026-10-12_sommatie.txt",
        None,
    ]


@pytest.mark.parametrize(
    ("changes", "undisputed"),
    [
        ({}, True),
        ({"claims": (claim(disputed=True),)}, False),
        ({"disputes": (DisputeFacts(raised_on=date(2026, 9, 1)),)}, False),
        (
            {"disputes": (DisputeFacts(raised_on=date(2026, 9, 1), ended_on=date(2026, 9, 9)),)},
            True,
        ),
    ],
)
def test_undisputed_is_only_declared_when_it_is(
    changes: dict[str, object], undisputed: bool
) -> None:
    assert data_of(**changes)["mandate"]["undisputed"] is undisputed


@pytest.mark.parametrize(
    ("kind", "given", "must_send"),
    [
        (DebtorKind.CONSUMER, (), True),
        (DebtorKind.UNKNOWN, (), True),
        (DebtorKind.CONSUMER, (notice(NoticeFault.TERM_RUNS),), True),
        (DebtorKind.CONSUMER, (notice(number="F2026-0001"),), True),
        (DebtorKind.CONSUMER, (notice(),), False),
        (DebtorKind.SOLE_TRADER, (), False),
        (DebtorKind.COMPANY, (), False),
        (DebtorKind.PUBLIC_BODY, (), False),
    ],
)
def test_a_consumer_without_a_valid_notice_is_flagged(
    kind: DebtorKind, given: tuple[NoticeFacts, ...], must_send: bool
) -> None:
    found = data_of(debtor=debtor(kind=kind), notices=given)

    assert found["agency_must_send_statutory_notice"] is must_send
    assert validate(found) == ()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"creditor": creditor(kvk=None)}, "creditor.kvk"),
        ({"creditor": creditor(iban="")}, "creditor.iban"),
        ({"creditor": creditor(phone=None, email=None)}, "creditor.phone_or_email"),
        ({"creditor": creditor(street=None)}, "creditor.address.line"),
        ({"mandate": mandate(agency=None)}, "mandate.agency"),
        ({"mandate": mandate(not_elsewhere=False)}, "mandate.not_elsewhere_in_collection"),
        ({"debtor": debtor(name=None)}, "debtor.name"),
        ({"debtor": debtor(street=None)}, "debtor.address.line"),
        ({"debtor": debtor(city=None)}, "debtor.address.city"),
        ({"debtor": debtor(postcode=None)}, "debtor.address.postcode"),
        ({"debtor": debtor(postcode=None, country=None)}, "debtor.address.postcode"),
        ({"claims": (claim(issued=None),)}, "claims[F2026-0312].issued"),
        ({"claims": (claim(due=None),)}, "claims[F2026-0312].due"),
        ({"claims": ()}, "claims"),
        (
            {"credits": (CreditFacts(number="C1", amount=euro("1210.00")),)},
            "amounts[EUR].total",
        ),
    ],
)
def test_what_an_agency_cannot_do_without_blocks(changes: dict[str, object], path: str) -> None:
    found = build_dossier(least(**changes))

    assert path in found.missing
    assert path not in found.absent


@pytest.mark.parametrize("kind", [DebtorKind.CONSUMER, DebtorKind.SOLE_TRADER, DebtorKind.UNKNOWN])
def test_a_natural_person_needs_a_registered_agency(kind: DebtorKind) -> None:
    found = build_dossier(least(debtor=debtor(kind=kind), mandate=mandate(wki_number=None)))

    assert found.missing == ("mandate.wki_number",)


@pytest.mark.parametrize("kind", ["bailiff", "lawyer"])
def test_bailiffs_and_lawyers_need_no_registration(kind: str) -> None:
    persons = debtor(kind=DebtorKind.CONSUMER)
    found = build_dossier(least(debtor=persons, mandate=mandate(kind=kind, wki_number=None)))

    assert found.missing == ()


def test_a_company_may_go_to_an_agency_without_registration() -> None:
    found = build_dossier(least(mandate=mandate(wki_number=None)))

    assert found.missing == ()
    assert "mandate.wki_number" in found.absent


def test_some_countries_have_no_postcode() -> None:
    found = build_dossier(least(debtor=debtor(postcode=None, country="IE")))

    assert found.missing == ()
    assert "debtor.address.postcode" in found.absent


def test_absent_is_named_in_the_data() -> None:
    found = build_dossier(least())

    assert found.data["absent"] == list(found.absent)
    assert {
        "claims[F2026-0312].documents",
        "claims[F2026-0312].limitation_on",
        "checks.insolvency_register",
        "history",
        "attachments.contract",
    } <= set(found.absent)


def test_what_is_there_is_not_called_absent() -> None:
    facts = least(
        history=(event(),),
        attachments=tuple(
            paper(kind, date(2026, 7, 1), "x")
            for kind in (PaperType.CONTRACT, PaperType.TERMS, PaperType.DELIVERY)
        ),
    )

    found = build_dossier(facts).absent

    assert not {"history", "attachments.contract", "attachments.terms"} & set(found)


def test_what_does_not_apply_is_not_called_absent() -> None:
    company = build_dossier(least(debtor=debtor(kvk=None))).absent
    person = build_dossier(least(debtor=debtor(kind=DebtorKind.CONSUMER, kvk=None))).absent

    assert {"debtor.kvk"} <= set(company)
    assert not {"debtor.date_of_birth", "statutory_notice"} & set(company)
    assert {"debtor.date_of_birth", "statutory_notice"} <= set(person)
    assert "debtor.kvk" not in person


def test_an_empty_street_is_no_street() -> None:
    assert data_of(debtor=debtor(street=""))["debtor"]["address"]["street"] is None
