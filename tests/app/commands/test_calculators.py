"""`maan law`: what the law allows, without any configuration, with article and source."""

import json
from pathlib import Path
from typing import Any

import pytest

from connector.__main__ import main

_RATE_OF_2027 = """\
checked_on = 2026-12-28
complete_through = 2027-06-30

[[rate]]
from = 2027-01-01
percent = "3.5"
source = "an invented decree"
checked_on = 2026-12-28
"""


class Desk:
    """An empty folder, without a configuration."""

    def __init__(self, root: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.config = root / "config" / "maan.yaml"
        self.out = ""
        self.err = ""
        self._capture = capture

    def run(self, *words: str) -> int:
        code = main(["--config", str(self.config), "law", *words])
        self.out, self.err = self._capture.readouterr()
        self.out = self.out.replace("\xa0", " ")
        return code

    def json(self, *words: str) -> Any:
        assert self.run(*words, "--json") == 0
        return json.loads(self.out)

    def figures(self, name: str, text: str) -> None:
        folder = self.config.parent / "law"
        folder.mkdir(parents=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_costs_are_printed_as_the_design_says(desk: Desk) -> None:
    found = desk.json("costs", "1000", "--on", "2026-11-23")

    assert found == {
        "principal": "1000.00",
        "costs": "150.00",
        "vat": "0.00",
        "total": "150.00",
        "lines": [{"base": "1000.00", "percent": "15.00", "amount": "150.00", "rule": "slice"}],
        "article": "art. 6:96 lid 5 BW; art. 2 Besluit vergoeding voor buitengerechtelijke "
        "incassokosten",
        "source": "Stb. 2012, 141 (BWBR0031432)",
    }


@pytest.mark.parametrize(
    ("amount", "costs", "rules"),
    [
        ("45", "40.00", ["slice", "minimum"]),  # Stb. 2012, 141: at least 40
        ("3200,00", "445.00", ["slice"] * 2),
        ("12345.67", "898.46", ["slice"] * 4),
        ("2000000", "6775.00", ["slice"] * 5 + ["maximum"]),  # and at most 6,775
        ("0", "0.00", []),
    ],
)
def test_the_lines_of_costs_add_up(desk: Desk, amount: str, costs: str, rules: list[str]) -> None:
    found = desk.json("costs", amount, "--on", "2026-11-23")

    cents = sum(int(line["amount"].replace(".", "")) for line in found["lines"])
    assert (found["costs"], cents) == (costs, int(costs.replace(".", "")))
    assert [line["rule"] for line in found["lines"]] == rules


def test_vat_is_added_when_asked_for(desk: Desk) -> None:
    found = desk.json("costs", "1000", "--vat", "--on", "2026-11-23")

    assert (found["vat"], found["total"]) == ("31.50", "181.50")


def test_the_scale_of_today_is_used_when_no_day_is_given(desk: Desk) -> None:
    assert desk.json("costs", "1000")["costs"] == "150.00"


def test_a_page_of_costs_names_article_source_and_condition(desk: Desk) -> None:
    desk.run("costs", "100", "--vat", "--on", "2026-11-23")

    assert "aangevuld tot het minimum" in desk.out
    assert "veertiendagenbrief" in desk.out
    assert "Volgens art. 6:96 lid 5 BW" in desk.out
    assert "Stb. 2012, 141" in desk.out
    assert "€ 48,40" in desk.out


def test_an_amount_may_be_written_as_the_dutch_do(desk: Desk) -> None:
    assert desk.json("costs", "1.000,50")["principal"] == "1000.50"


def test_costs_in_trade_name_the_fixed_sum_and_its_article(desk: Desk) -> None:
    desk.run("costs", "1000", "--kind", "trade", "--on", "2026-11-23")

    assert "€ 40,00 (art. 6:96 lid 4 BW)" in desk.out.replace("\xa0", " ")


def test_nothing_open_costs_nothing(desk: Desk) -> None:
    assert desk.run("costs", "0", "--language", "en") == 0
    assert desk.out.startswith("Nothing is open.")


def test_interest_of_a_consumer_is_split_where_the_rate_changes(desk: Desk) -> None:
    found = desk.json("interest", "1210", "--from", "2025-06-01", "--to", "2026-01-15",
                      "--kind", "consumer")  # fmt: skip

    assert (found["interest"], found["final"], found["total"]) == ("44.56", True, "1254.56")
    assert found["lines"][0] == {
        "from": "2025-06-01", "to": "2025-12-31", "days": 214, "rate": "6.00",
        "base": "1210.00", "interest": "42.57",
    }  # fmt: skip
    assert found["article"] == "art. 6:119 BW"


def test_interest_in_trade_compounds_each_year(desk: Desk) -> None:
    found = desk.json("interest", "8470", "--from", "2025-01-01", "--to", "2026-08-31",
                      "--kind", "trade")  # fmt: skip

    assert found["interest"] == "1538.98"
    assert [line["base"] for line in found["lines"]] == ["8470.00"] * 2 + ["9371.71"] * 2


def test_both_days_of_interest_count(desk: Desk) -> None:
    found = desk.json("interest", "1000", "--from", "2025-03-01", "--to", "2025-03-01")

    assert [line["days"] for line in found["lines"]] == [1]


def test_interest_past_the_known_figures_is_not_final(desk: Desk) -> None:
    words = ("interest", "1000", "--from", "2026-12-01", "--to", "2027-02-01")
    found = desk.json(*words)
    desk.run(*words)

    assert (found["final"], found["final_through"]) == (False, "2026-12-31")
    assert "Voorlopig: maan kent de rente tot en met 31 december 2026." in desk.out


def test_interest_wholly_past_the_known_figures_has_no_lines(desk: Desk) -> None:
    words = ("interest", "1000", "--from", "2027-02-01", "--to", "2027-03-01")
    found = desk.json(*words)
    desk.run(*words)

    assert (found["lines"], found["final"], found["interest"]) == ([], False, "0.00")
    assert "tot en met 31 december 2026" in desk.out


def test_figures_beside_the_configuration_count(desk: Desk) -> None:
    desk.figures("statutory_interest.toml", _RATE_OF_2027)

    found = desk.json("interest", "1000", "--from", "2026-12-31", "--to", "2027-01-01")

    assert [line["rate"] for line in found["lines"]] == ["4.00", "3.50"]
    assert (found["final"], "an invented decree" in found["source"]) == (True, True)


def test_figures_with_a_fault_are_named(desk: Desk) -> None:
    desk.figures("statutory_interest.toml", "rate = 3\n")

    assert desk.run("costs", "1000") == 2
    assert "statutory_interest.toml" in desk.err


@pytest.mark.parametrize(
    ("sent", "via", "days"),
    [
        ("2026-09-03", "post", ("2026-09-05", "2026-09-21", "2026-09-22", "2026-09-24")),
        ("2026-09-04", "post", ("2026-09-08", "2026-09-22", "2026-09-23", "2026-09-25")),
        ("2026-09-03", "email", ("2026-09-03", "2026-09-17", "2026-09-18", "2026-09-22")),
        ("2026-09-05", "email", ("2026-09-07", "2026-09-21", "2026-09-22", "2026-09-24")),
    ],
)
def test_a_notice_ends_as_the_law_says(
    desk: Desk, sent: str, via: str, days: tuple[str, ...]
) -> None:
    found = desk.json("notice", "--sent", sent, "--via", via)

    keys = ("delivered", "last_day", "costs_from", "next_step_from")
    assert found == dict(zip(keys, days, strict=True))


@pytest.mark.parametrize("via", ["post", "email"])
def test_a_page_of_a_notice_names_the_judgment(desk: Desk, via: str) -> None:
    desk.run("notice", "--sent", "3-9-2026", "--via", via)

    assert "ECLI:NL:HR:2016:2704" in desk.out
    assert "Laatste dag om zonder kosten te betalen" in desk.out


def test_a_claim_of_unknown_basis_keeps_to_the_short_term(desk: Desk) -> None:
    found = desk.json("limitation", "2024-03-01")

    assert (found["last_day"], found["at_the_latest"]) == ("2026-03-01", "2029-03-01")
    assert found["article"] == "art. 7:28 BW; art. 3:307 BW"


@pytest.mark.parametrize(
    ("words", "last_day", "article"),
    [
        (("--basis", "services"), "2029-03-01", "art. 3:307 BW"),
        (("--kind", "trade"), "2029-03-01", "art. 3:307 BW"),
        (("--basis", "sale"), "2026-03-01", "art. 7:28 BW"),
        (("--basis", "sale", "--interrupted", "2025-03-03"), "2027-03-03",
         "art. 7:28 BW; art. 3:319 BW"),
    ],
)  # fmt: skip
def test_a_claim_is_barred_after_its_last_day(
    desk: Desk, words: tuple[str, ...], last_day: str, article: str
) -> None:
    found = desk.json("limitation", "2024-03-01", *words)

    assert (found["last_day"], found["article"]) == (last_day, article)


def test_what_interrupted_nothing_is_said(desk: Desk) -> None:
    words = ("limitation", "2020-03-01", "--basis", "sale",
             "--interrupted", "2021-03-01", "--interrupted", "2028-01-01")  # fmt: skip
    found = desk.json(*words)
    desk.run(*words)

    assert found["interruptions"] == ["2021-03-01"]
    assert (found["ignored"], found["barred"]) == (["2028-01-01"], True)
    assert "Niet meegeteld: 1 januari 2028." in desk.out
    assert "Verjaard" in desk.out


def test_a_page_of_limitation_tells_what_decides_the_term(desk: Desk) -> None:
    desk.run("limitation", "2100-03-01", "--language", "en")

    assert "--basis sale" in desk.out
    assert "Days left on" in desk.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("costs", "1.000"), "1.000 is geen bedrag"),
        (("costs", "1.00,00"), "geen bedrag"),
        (("costs", "1000,005"), "geen bedrag"),
        (("costs", "NaN"), "geen bedrag"),
        (("costs", "veel"), "geen bedrag"),
        (("costs", "9" * 13), "geen bedrag"),
        (("costs", "5", "--on", "2012-06-30"), "1 juli 2012"),
        (("costs", "5", "--kind", "bank"), "consumer, trade"),
        (("costs", "5", "--on", "9999-12-31"), "tikfout"),
        (("interest", "5", "--from", "2026-02-01", "--to", "2026-01-31"), "Wissel"),
        (("interest", "5", "--from", "1999-02-01", "--to", "2026-01-31"), "1 januari 2001"),
        (("interest", "5", "--to", "2026-01-31"), "--from"),
        (("interest", "5", "--from", "31-2-2026", "--to", "2026-01-31"), "geen datum"),
        (("notice", "--sent", "2026-09-03", "--via", "duif"), "post, email"),
        (("notice", "--sent", "2026-09-03"), "--via"),
        (("limitation", "gisteren"), "geen datum"),
    ],
)
def test_wrong_input_is_named_and_ends_with_two(
    desk: Desk, words: tuple[str, ...], told: str
) -> None:
    assert desk.run(*words) == 2
    assert told in desk.err


def test_the_clock_that_was_set_says_what_today_is(desk: Desk) -> None:
    found = desk.json("limitation", "2024-03-01", "--kind", "trade",
                      "--now", "2029-02-01T12:00:00")  # fmt: skip

    assert (found["days_left"], found["warning"]) == (28, 30)
