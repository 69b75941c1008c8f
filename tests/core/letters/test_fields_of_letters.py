"""The values and blocks that a letter is made from."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from connector.core.actions import AlsoOpen, CreditUsed
from connector.core.letters.blocks import (
    also_open_table,
    item_table,
    payment,
    safe_url,
)
from connector.core.letters.check import sample_facts
from connector.core.letters.page import recipient_lines
from connector.core.letters.values import DUTCH, letter_values
from connector.core.letters.words import (
    amount,
    country_name,
    grouped_iban,
    long_date,
    one_line,
    short_date,
)
from connector.core.policy.model import StepKind
from connector.core.reasons import Reason
from connector.port.errors import RequestError
from connector.port.money import Money
from tests.core.letters.make import (
    NOTHING,
    creditor,
    letter_facts,
    notice_facts,
    recipient,
    shipped,
)
from tests.make import euro, planned

NL = shipped().words
EN = shipped(language="en").words


@pytest.mark.parametrize(
    ("value", "dutch", "english"),
    [
        ("1234.5", "€\u00a01.234,50", "€1,234.50"),
        ("24", "€\u00a024,00", "€24.00"),
        ("-12", "€\u00a0-12,00", "-€12.00"),
        ("1234567.89", "€\u00a01.234.567,89", "€1,234,567.89"),
    ],
)
def test_amounts_are_written_as_the_language_does(value: str, dutch: str, english: str) -> None:
    assert (dutch, english) == (amount(euro(value), NL), amount(euro(value), EN))


def test_an_amount_in_yen_has_no_cents() -> None:
    assert amount(Money(Decimal(1200), "JPY"), NL) == "JP¥\u00a01.200"


def test_dates_are_written_as_the_language_does() -> None:
    day = date(2027, 4, 4)

    assert (long_date(day, NL), long_date(day, EN)) == ("4 april 2027", "4 April 2027")
    assert (short_date(day, NL), short_date(day, EN)) == ("04-04-2027", "4 Apr 2027")


def test_an_unknown_date_is_a_dash() -> None:
    assert short_date(None, NL) == "–"


def test_an_account_number_is_in_groups_of_four() -> None:
    assert grouped_iban("nl91abna0417164300") == "NL91 ABNA 0417 1643 00"


@pytest.mark.parametrize(
    ("code", "expected"),
    [(None, None), ("NL", None), ("nl", None), ("BE", "BELGIË"), ("de", "DUITSLAND"), ("XQ", "XQ")],
)
def test_only_a_foreign_country_is_on_the_envelope(code: str | None, expected: str | None) -> None:
    assert country_name(code, NL) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nBcc: x", "a Bcc: x"),
        ("  veel   ruimte ", "veel ruimte"),
        ("om\u202ekeer", "omkeer"),
        ("regel\u2028einde", "regel einde"),
        ("half\ud83d", "half"),
        ("vast\u00a0aan", "vast\u00a0aan"),
        (None, ""),
    ],
)
def test_a_value_stays_on_one_line(text: str | None, expected: str) -> None:
    assert one_line(text) == expected


def test_every_field_has_a_dutch_and_an_english_name() -> None:
    values = letter_values(letter_facts(), NL)

    assert set(values) == set(DUTCH) | set(DUTCH.values())
    assert all(values[english] == values[dutch] for english, dutch in DUTCH.items())


def test_the_fields_of_one_invoice() -> None:
    values = letter_values(letter_facts(recipient=recipient(contact="Sanne de Wit")), NL)

    assert values["aanhef"] == "Geachte Sanne de Wit,"
    assert values["facturen"] == "factuur 2026-0312"
    assert values["deadline"] == "uiterlijk op 7 december 2026"
    assert values["dagen_te_laat"] == 30
    assert values["contact"] == "bel 030-1234567 of mail naar administratie@jansen.example"


def test_the_fields_of_several_invoices() -> None:
    values = letter_values(letter_facts(planned("A"), planned("B")), NL)

    assert values["aanhef"] == "Geachte heer, mevrouw,"
    assert (values["factuur"], values["facturen"]) == ("A, B", "2 openstaande facturen")


def test_without_a_deadline_payment_is_asked_soon() -> None:
    values = letter_values(letter_facts(deadline=None), NL)

    assert (values["deadline"], values["deadline_datum"]) == ("zo spoedig mogelijk", "")


def test_days_late_are_never_negative() -> None:
    values = letter_values(letter_facts(on=date(2026, 10, 20)), NL)

    assert values["dagen_te_laat"] == 0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"email": None}, "bel 030-1234567"),
        ({"phone": None}, "mail naar administratie@jansen.example"),
        ({"email": None, "phone": None}, ""),
    ],
)
def test_the_way_to_reach_us_names_what_is_known(fields: dict[str, None], expected: str) -> None:
    values = letter_values(letter_facts(creditor=creditor(**fields)), NL)

    assert values["contact"] == expected


def test_the_total_is_the_sum_of_what_is_printed_above_it() -> None:
    used = (
        CreditUsed(number="C1", amount=euro("21.00"), against="A"),
        CreditUsed(number="C2", amount=euro("1.00"), against=None),
    )
    facts = letter_facts(
        planned("A"), planned("B"), of_action={"credits": used, "total": euro("220.00")}
    )

    table = item_table(facts, NL)

    assert [row[-1] for row in table.rows] == ["€\u00a0121,00", "€\u00a0121,00"]
    assert table.credits == (
        ("Tegoed C1, voor factuur A", "€\u00a0-21,00"),
        ("Tegoed C2", "€\u00a0-1,00"),
    )
    assert table.total == ("Totaal te betalen", "€\u00a0220,00")


def test_a_total_that_is_not_the_sum_is_refused() -> None:
    facts = letter_facts(of_action={"total": euro("121.01")})

    with pytest.raises(RequestError) as refused:
        item_table(facts, NL)

    assert refused.value.code == "letter_total_differs"


CHARGES = replace(
    NOTHING,
    interest=euro("1.50"),
    interest_article="6:119",
    interest_through=date(2026, 10, 1),
    costs=euro("40.00"),
    vat=euro("8.40"),
)


def test_interest_costs_and_vat_stand_between_the_items_and_the_total() -> None:
    facts = letter_facts(of_action={"charges": CHARGES, "total": euro("170.90")})

    table = item_table(facts, NL)

    assert table.charges == (
        ("Wettelijke rente (art. 6:119 BW) t/m 1 oktober 2026", "€\u00a01,50"),
        ("Incassokosten", "€\u00a040,00"),
        ("Btw over de incassokosten", "€\u00a08,40"),
    )


def test_what_is_not_claimed_has_no_line() -> None:
    facts = letter_facts(
        of_action={"charges": replace(NOTHING, costs=euro("40.00")), "total": euro("161.00")}
    )

    assert item_table(facts, NL).charges == (("Incassokosten", "€\u00a040,00"),)


@pytest.mark.parametrize(
    ("article", "through", "provisional", "expected"),
    [
        ("art. 6:119a BW", None, False, "Wettelijke handelsrente (art. 6:119a BW)"),
        ("6:119b", None, False, "Wettelijke handelsrente (art. 6:119b BW)"),
        ("art. 9 AV 2025", None, False, "Rente (art. 9 AV 2025)"),
        (None, None, False, "Rente"),
        (None, date(2027, 1, 3), True, "Rente t/m 3 januari 2027, voorlopig"),
    ],
)
def test_interest_is_named_by_its_article(
    article: str | None, through: date | None, expected: str, *, provisional: bool
) -> None:
    charges = replace(
        NOTHING,
        interest=euro("1.00"),
        interest_article=article,
        interest_through=through,
        provisional=provisional,
    )
    facts = letter_facts(of_action={"charges": charges, "total": euro("122.00")})

    assert [label for label, _ in item_table(facts, NL).charges] == [expected]


def test_interest_on_several_invoices_is_shown_for_each() -> None:
    facts = sample_facts(StepKind.FINAL_DEMAND, "nl", invoices=2, charged=True)

    charges = item_table(facts, NL).charges

    assert charges[:3] == (
        ("Wettelijke rente (art. 6:119 BW) t/m 7 september 2026", ""),
        ("  factuur 2026-0001", "€\u00a00,53"),
        ("  factuur 2026-0002", "€\u00a00,53"),
    )


@pytest.mark.parametrize(
    ("article", "shown"),
    [("6:96 lid 4 BW", "art. 6:96 lid 4 BW"), ("art. 9 AV 2025", "art. 9 AV 2025")],
)
def test_a_demand_names_what_its_costs_rest_on(article: str, shown: str) -> None:
    reasons = (Reason("costs_claimed", {"article": article}),)

    values = letter_values(letter_facts(of_action={"reasons": reasons}), NL)

    assert values["kosten_artikel"] == shown


def test_a_total_without_the_interest_in_it_is_refused() -> None:
    facts = letter_facts(of_action={"charges": CHARGES, "total": euro("121.00")})

    with pytest.raises(RequestError) as refused:
        item_table(facts, NL)

    assert refused.value.code == "letter_total_differs"


def test_the_fields_of_what_is_claimed_on_top() -> None:
    values = letter_values(
        letter_facts(of_action={"charges": CHARGES, "total": euro("170.90")}), NL
    )

    named = ("hoofdsom", "rente", "rente_tot", "rente_artikel", "kosten", "kosten_btw")
    assert [values[name] for name in named] == [
        "€\u00a0121,00", "€\u00a01,50", "1 oktober 2026", "art. 6:119 BW", "€\u00a040,00", "€\u00a08,40",
    ]  # fmt: skip


def test_the_fields_of_what_a_notice_announces() -> None:
    charges = replace(NOTHING, announced=euro("48.40"), announced_vat=euro("8.40"))

    values = letter_values(letter_facts(of_action={"charges": charges}), NL)

    named = ("aangekondigde_kosten", "aangekondigde_btw", "totaal_na_termijn")
    assert [values[name] for name in named] == [
        "€\u00a048,40", "€\u00a08,40", "€\u00a0169,40",
    ]  # fmt: skip


def test_without_charges_their_fields_are_empty_and_the_principal_is_the_total() -> None:
    values = letter_values(letter_facts(), NL)

    named = ("rente", "rente_tot", "rente_artikel", "kosten", "aangekondigde_kosten",
             "totaal_na_termijn")  # fmt: skip
    assert {values[name] for name in named} == {""}
    assert values["hoofdsom"] == values["totaal"]


def test_a_statutory_notice_names_no_day_in_the_payment_box() -> None:
    labels = [label for label, _ in payment(notice_facts(), NL).rows]

    assert "Uiterlijk op" not in labels


def test_nothing_else_open_gives_no_table() -> None:
    assert also_open_table(letter_facts(), NL) is None


def test_other_open_items_are_listed_apart() -> None:
    also = (AlsoOpen(number="B", due=date(2026, 12, 1), open=euro("60.50")),)

    table = also_open_table(letter_facts(of_action={"also_open": also}), NL)

    assert table is not None
    assert table.rows == (("B", "01-12-2026", "€\u00a060,50"),)


def test_before_the_due_date_the_payment_box_names_no_day() -> None:
    facts = letter_facts(of_action={"before_due": True})

    labels = [label for label, _ in payment(facts, NL).rows]

    assert labels == ["Te betalen", "Rekening (IBAN)", "Op naam van", "Onder vermelding van"]


def test_without_an_account_number_no_account_is_named() -> None:
    facts = letter_facts(creditor=creditor(iban=None))

    labels = [label for label, _ in payment(facts, NL).rows]

    assert "Rekening (IBAN)" not in labels


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://betaal.example/i/1?a=b&c=d", True),
        ("http://betaal.example/i/1", False),
        ("javascript:alert(1)", False),
        ("https://betaal.example/ x", False),
        ('https://betaal.example/"onclick', False),
        ("https://betaal.example/\n", False),
        (None, False),
    ],
)
def test_only_a_clean_https_link_is_shown(url: str | None, *, shown: bool) -> None:
    assert (safe_url(url) == url and url is not None) is shown


def test_the_address_is_as_the_post_wants_it() -> None:
    to = recipient(contact="Sanne de Wit", country="BE")

    assert recipient_lines(to, NL) == [
        "Bakkerij De Wit",
        "t.a.v. Sanne de Wit",
        "Keizersgracht 12",
        "1015 CJ\u00a0\u00a0AMSTERDAM",
        "BELGIË",
    ]


def test_a_person_is_not_named_twice_in_the_address() -> None:
    to = replace(recipient(), name="Sanne de Wit", contact="Sanne de Wit", postcode=None)

    assert recipient_lines(to, NL) == ["Sanne de Wit", "Keizersgracht 12", "AMSTERDAM"]
