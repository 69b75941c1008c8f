"""The dossier as a document, printed and read back."""

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pypdf
import pytest

from connector.core.dossier.build import build_dossier
from connector.core.dossier.document import absent_lines, dossier_document
from connector.core.dossier.facts import (
    ArrangementFacts,
    DisputeFacts,
    DossierFacts,
    HoldFacts,
    PromiseFacts,
)
from connector.core.dossier.text import words
from connector.core.policy.model import DebtorKind
from connector.core.snapshot import HoldReason
from connector.port.money import Money
from connector.press.compile import Press
from tests.core.dossier.samples import (
    claim,
    creditor,
    debtor,
    event,
    everything,
    least,
    mandate,
    meta,
)


def printed(facts: DossierFacts) -> str:
    source, data = dossier_document(build_dossier(facts))
    pdf = Press().pdf(source, data, created=facts.meta.created_at)
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u00a0", " ")


@cache
def full(language: str) -> str:
    return printed(everything(language))


@pytest.mark.parametrize(
    "part",
    [
        "Incassodossier", "D-2026-7f3a91c2", "Jansen Installatietechniek B.V.",
        "Bakkerij Zonneveld Voorbeeld B.V.", "Voorbeeld Incasso B.V.", "€ 1.754,50",
        "per 20 november 2026", "NL91 ABNA 0417 1643 00", "WKI-000123",
        "straat Plein 1940-45, nummer 3, toevoeging II", "(ingevuld door een medewerker)",
        "Factuurnummer", "Vervaldatum", "Totaal EUR", "2.175,50", "1.875,50", "-121,00",
        "Rente (niet gevorderd)", "Incassokosten (niet gevorderd)", "12-10-2026 10:30", "Sommatie",
        "250 2.0.0 Ok: queued as 4XyZ12", "14 dagen, tot en met 30 oktober 2026",
        "Eén ketel was niet geleverd.", "Niet nagekomen.", "geen registratie", "niet uitgevoerd",
        "Niet aanwezig", "grondslag: factuur F2026-0340", "datum van verjaring: alle facturen",
        "niet bij een ander bureau", "niet betwist", "Verklaard door Petra Jansen",
        "letters/03_letter_2026-10-12_sommatie.pdf", "pagina 1 van",
    ],
)  # fmt: skip
def test_the_dutch_dossier_shows(part: str) -> None:
    assert part in re.sub(r"\s+", " ", full("nl"))


@pytest.mark.parametrize(
    "part",
    [
        "Collection dossier", "€1,754.50", "as of 20 November 2026", "Interest (not claimed)",
        "Promise to pay", "Not kept.", "Final demand", "not done", "Not present",
        "basis: invoice F2026-0340", "page 1 of",
    ],
)  # fmt: skip
def test_the_english_dossier_shows(part: str) -> None:
    assert part in re.sub(r"\s+", " ", full("en"))


def test_what_stands_in_the_manifest_is_what_is_packed() -> None:
    dossier = build_dossier(everything())
    _, data = dossier_document(dossier)
    own = {named.name: named.sha256 for named in dossier.papers}

    listed = {line[0]: line[3] for line in data["manifest"]}

    assert own.items() <= listed.items()


def test_the_least_says_that_there_is_nothing() -> None:
    text = re.sub(r"\s+", " ", printed(least(mandate=mandate(declared_by=None))))

    for part in (
        "geen contact met de debiteur", "geen aanmaning verzonden", "geen betalingen gezien",
        "Geen betalingsbelofte", "vastgelegd contact met de debiteur",
    ):  # fmt: skip
        assert part in text
    assert "Verklaard door" not in text


def test_a_rehearsal_says_so_on_the_cover() -> None:
    assert "OEFENING" in printed(least(meta=meta(test=True)))


def test_a_dossier_that_lacks_required_fields_can_be_shown() -> None:
    facts = least(
        creditor=creditor(name=None, iban=None),
        debtor=debtor(name=None, street=None),
        mandate=mandate(agency=None, not_elsewhere=False),
        claims=(claim(issued=None, due=None),),
    )

    assert "Incassodossier" in printed(facts)


def test_every_printed_total_is_the_sum_of_its_column() -> None:
    _, data = dossier_document(build_dossier(everything()))
    (table,) = data["claims"]

    for column, total in zip((3, 4, 5), table["total"], strict=True):
        assert sum(_read(row[column]) for row in table["rows"]) == _read(total)


def test_the_calculation_adds_up_as_printed() -> None:
    _, data = dossier_document(build_dossier(everything()))
    (part,) = data["calculation"]

    principal = _read(part["principal"][1])

    assert sum(_read(row[1]) for row in part["open"]) == principal
    assert principal + sum(_read(row[1]) for row in part["extra"]) == Decimal("1754.50")
    assert "1.754,50" in part["total"][1]


def _read(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def test_two_currencies_never_meet() -> None:
    dollars = Money(Decimal("99.90"), "USD")
    _, data = dossier_document(
        build_dossier(least(claims=(claim(), claim("F2", open=dollars, total=dollars))))
    )

    assert [part["currency"] for part in data["claims"]] == ["EUR", "USD"]
    assert [len(part["rows"]) for part in data["claims"]] == [1, 1]


def test_an_amount_that_is_not_known_says_so() -> None:
    _, data = dossier_document(build_dossier(least(claims=(claim(total=None),))))

    assert data["claims"][0]["rows"][0][3:] == ["onbekend", "onbekend", "1.210,00"]
    assert data["claims"][0]["total"] == ["onbekend", "onbekend", "1.210,00"]


def test_yen_have_no_decimals() -> None:
    yen = Money(Decimal(12000), "JPY")
    _, data = dossier_document(build_dossier(least(claims=(claim(open=yen, total=yen),))))

    assert data["claims"][0]["total"][2] == "12.000"


def test_debtor_text_is_never_markup() -> None:
    nasty = debtor(name='#panic("x") *B.V.* $a$ `raw` "quote"')

    text = printed(least(debtor=nasty))

    assert '#panic("x") *B.V.* $a$' in text


def test_a_consumer_without_notice_is_told_of() -> None:
    text = re.sub(r"\s+", " ", printed(least(debtor=debtor(kind=DebtorKind.CONSUMER))))

    assert "geen geldige veertiendagenbrief" in text


def test_a_claim_tells_all_that_is_known_of_it() -> None:
    facts = least(
        claims=(
            claim(
                sent_on=date(2026, 8, 2), basis="services", disputed=True,
            ),
        ),
    )  # fmt: skip
    _, data = dossier_document(build_dossier(facts))

    rows = dict(data["claim_details"][0]["rows"])

    assert rows["Verzonden"] == "2 augustus 2026, onbekend"
    assert rows["Grondslag"] == "dienstverlening"
    assert rows["Betwist"] == "ja"
    assert "geheel of gedeeltelijk betwist" in data["declaration"][1]


def test_the_parties_tell_all_that_is_known_of_them() -> None:
    facts = least(
        creditor=creditor(representative="Kantoor De Vries"),
        debtor=debtor(address_verified_on=date(2026, 11, 1), iban="NL02ABNA0123456789", language=None),
        mandate=mandate(
            kind="bailiff", wki_number=None, wki_checked_on=None, may_agree_plan=True,
            max_plan_months=6, max_discount_percent="10",
        ),
    )  # fmt: skip
    _, data = dossier_document(build_dossier(facts))
    own, theirs, agency = (dict(part["rows"]) for part in data["parties"])

    assert own["Namens de schuldeiser"] == "Kantoor De Vries"
    assert theirs["Rekening uit betalingen"] == "NL02 ABNA 0123 4567 89"
    assert theirs["Adres gecontroleerd op"] == "1 november 2026"
    assert agency["Betalingsregeling toegestaan"] == "ja"
    assert data["parties"][2]["title"] == "Gerechtsdeurwaarder"


def test_agreements_are_told_in_sentences() -> None:
    facts = least(
        promises=(
            PromiseFacts(made_on=date(2026, 9, 1), until=date(2026, 9, 8), kept=True),
            PromiseFacts(made_on=date(2026, 9, 9), until=date(2026, 9, 16)),
        ),
        arrangements=(
            ArrangementFacts(agreed_on=date(2026, 9, 20), terms="€ 100 per maand", state="running"),
        ),
        disputes=(
            DisputeFacts(raised_on=date(2026, 9, 21), ground="Te duur"),
            DisputeFacts(raised_on=date(2026, 9, 22), position="Niet juist."),
        ),
        holds=(
            HoldFacts(
                reason=HoldReason.MANUAL, since=date(2026, 9, 1), until=date(2026, 9, 5)
            ),
            HoldFacts(
                reason=HoldReason.ADDRESS, since=date(2026, 9, 6), until=date(2026, 9, 9),
                invoice="F1", lifted_on=date(2026, 9, 8),
            ),
        ),
    )  # fmt: skip
    _, data = dossier_document(build_dossier(facts))

    assert [line[1] for line in data["agreements"]] == [
        "Gedaan op 1 september 2026, voor 8 september 2026: het hele bedrag. Nagekomen.",
        "Gedaan op 9 september 2026, voor 16 september 2026: het hele bedrag. De datum is nog niet bereikt.",
        "Afgesproken op 20 september 2026: € 100 per maand. Stand: loopt.",
        "Ontvangen op 21 september 2026, over alle facturen, bedrag: het geheel. Grond: Te duur. Nog niet afgerond.",
        "Ontvangen op 22 september 2026, over alle facturen, bedrag: het geheel. Grond: onbekend. Standpunt van de schuldeiser (onbekend): Niet juist. Nog niet afgerond.",
        "Pauze door een medewerker, van 1 september 2026 tot 5 september 2026, alle facturen van de debiteur.",
        "Adres onbekend, van 6 september 2026 tot 9 september 2026, factuur F1. Opgeheven op 8 september 2026.",
    ]


def test_a_demand_without_papers_or_term_is_shown() -> None:
    bare = event(
        channel=None, address=None, address_source=None, amount=None, deadline=None, documents=(),
        step="Herinnering",
    )  # fmt: skip
    open_ended = event(term_days=None)
    _, data = dossier_document(build_dossier(least(history=(bare, open_ended))))

    assert data["timeline"][0][1:] == ["Herinnering", "", "", ""]
    assert dict(data["evidence"][1]["rows"])["Termijn"] == "11 september 2026"


def test_everything_present_says_so() -> None:
    dossier = build_dossier(least())
    nothing = replace(dossier, data={**dossier.data, "absent": []})
    source, data = dossier_document(nothing)

    assert data["absent"] == []
    assert b"%PDF" in Press().pdf(source, data, created=date(2026, 11, 20))


def test_absent_fields_of_one_claim_name_it() -> None:
    found = absent_lines(build_dossier(least()).data, words("nl"))

    assert "btw-bedrag: factuur F2026-0312" in found


def test_control_characters_are_not_printed() -> None:
    text = printed(least(history=(event(proof="250-one\r\n250 two\x00\x07"),)))

    assert "250-one\n250 two" in text


def test_a_pause_is_not_told_twice() -> None:
    _, data = dossier_document(build_dossier(everything()))

    assert [line[0] for line in data["agreements"]] == [
        "Betalingsbelofte",
        "Betalingsregeling",
        "Betwisting",
    ]


def test_an_arrangement_without_terms_says_so() -> None:
    plan = ArrangementFacts(agreed_on=date(2026, 9, 20), terms="", state="broken")
    _, data = dossier_document(build_dossier(least(arrangements=(plan,))))

    assert data["agreements"][0][1].startswith("Afgesproken op 20 september 2026: onbekend.")
