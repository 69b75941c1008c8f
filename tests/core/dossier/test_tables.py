"""The tables that people open in a spreadsheet."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from connector.core.dossier.build import build_dossier
from connector.core.dossier.facts import CreditFacts
from connector.core.dossier.tables import claims_table, payments_table
from tests.core.dossier.samples import claim, euro, everything, least


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def claims(**changes: Any) -> list[dict[str, str]]:
    return read(claims_table(build_dossier(least(claims=(claim(**changes),))).data))


def test_a_claim_is_one_line_with_comma_decimals_and_iso_dates() -> None:
    (line,) = claims()

    assert (line["open"], line["due"], line["disputed"]) == ("1210,00", "2026-08-31", "no")


def test_what_is_not_known_is_empty() -> None:
    assert claims()[0]["vat"] == ""


def test_it_starts_with_a_bom_and_quotes_all() -> None:
    content = claims_table(build_dossier(least()).data)

    assert content.startswith(b'\xef\xbb\xbf"number";"issued"')


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(start: str) -> None:
    (line,) = claims(description=f"{start}HYPERLINK(1)", disputed=True)

    assert line["description"].startswith("'")
    assert line["disputed"] == "yes"


def test_control_characters_are_left_out() -> None:
    assert claims(description="a\x00\x1bb")[0]["description"] == "ab"


def test_payments_and_credits_stand_in_one_table() -> None:
    found = read(payments_table(build_dossier(everything()).data))

    assert [(line["kind"], line["invoice"], line["amount"]) for line in found] == [
        ("booked", "F2026-0340", "250,00"),
        ("seen", "F2026-0340", "50,00"),
        ("credit", "F2026-0312", "121,00"),
    ]


def test_a_credit_without_date_or_invoice_is_there_too() -> None:
    facts = least(credits=(CreditFacts(number="C1", amount=euro("1.00"), issued=date(2026, 9, 1)),))

    (line,) = read(payments_table(build_dossier(facts).data))

    assert (line["number"], line["invoice"], line["date"]) == ("C1", "", "2026-09-01")
