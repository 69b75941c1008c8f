"""A bookkeeper's rows: they add to ours or replace them, and every fault is told at once."""

from datetime import date
from decimal import Decimal

import pytest

from connector.core.law.figure_rows import FigureFault
from connector.core.law.figures import CostSlice, Figures, read_figures
from connector.port.errors import FiguresError
from tests.core.law.make import FIGURES, TEXTS

STATUTORY = "statutory_interest.toml"
NEW_RATE = """
checked_on = 2026-12-28
complete_through = 2027-06-30

[[rate]]
from = 2027-01-01
percent = "3.5"
source = "rijksoverheid.nl"
checked_on = 2026-12-28
"""
ROW = """
[[rate]]
from = 2026-07-01
percent = "5"
source = "Stcrt."
checked_on = 2026-11-23
"""
SCALE = """
[[scale]]
from = 2026-12-01
article = "6:96"
slices = SLICES
minimum = "45.00"
maximum = "7000"
source = "Stb."
checked_on = 2026-11-23
"""


def overridden(text: str, file: str = STATUTORY) -> Figures:
    return read_figures(TEXTS, {file: text})


def faults(*texts: str, file: str = STATUTORY, **more: str) -> tuple[FigureFault, ...]:
    with pytest.raises(FiguresError) as refused:
        read_figures(TEXTS, {file: "\n".join(texts), **more})
    assert refused.value.code == "figures_faults"
    found = refused.value.facts["faults"]
    assert isinstance(found, tuple)
    return found


def told(*texts: str, file: str = STATUTORY) -> list[tuple[str, int, object]]:
    return [(one.code, one.line, one.facts.get("name")) for one in faults(*texts, file=file)]


def percent_on(figures: Figures, day: date) -> Decimal | None:
    rate = figures.statutory.on(day)
    return rate.percent if rate else None


def test_new_rate_counts_from_its_date_of_effect() -> None:
    figures = overridden(NEW_RATE)

    found = [percent_on(figures, day) for day in (date(2026, 12, 31), date(2027, 1, 1))]

    assert found == [Decimal(4), Decimal("3.5")]


def test_new_rate_ends_where_the_table_is_complete() -> None:
    assert percent_on(overridden(NEW_RATE), date(2027, 7, 1)) is None


def test_row_of_the_same_day_replaces_ours() -> None:
    row = ROW.replace("2026-07-01", "2026-01-01")

    assert percent_on(overridden(row), date(2026, 1, 1)) == Decimal(5)


def test_other_tables_stay_as_they_are() -> None:
    assert overridden(NEW_RATE).commercial == FIGURES.commercial


def test_bare_number_is_read_as_it_is_written() -> None:
    figures = overridden(ROW.replace('"5"', "4.10"))

    assert str(percent_on(figures, date(2026, 7, 1))) == "4.10"


def test_old_file_of_a_person_does_not_hold_back_a_newer_table() -> None:
    figures = overridden("checked_on = 2025-12-28\ncomplete_through = 2026-06-30\n")

    assert figures.statutory == FIGURES.statutory


def test_confirmed_tables_are_no_longer_stale() -> None:
    checked = dict.fromkeys(TEXTS, "checked_on = 2027-01-04\n")
    for file in (STATUTORY, "commercial_interest.toml"):
        checked[file] += "complete_through = 2027-06-30\n"

    assert not read_figures(TEXTS, checked).stale_on(date(2027, 6, 30))


def test_decreed_day_becomes_a_holiday() -> None:
    day = '[[holiday]]\nfrom = 2027-05-03\nname = "x"\nsource = "Stb."\nchecked_on = 2027-01-01\n'

    assert overridden(day, "holidays.toml").extra_holidays == {date(2027, 5, 3)}


def test_newest_term_counts() -> None:
    row = """
[[term]]
name = "notice_days"
value = 21
from = 2027-01-01
article = "6:96 lid 6 BW"
source = "Stb."
checked_on = 2026-12-28
"""

    assert overridden(row, "terms.toml").terms.notice_days == 21


def test_new_scale_counts_from_its_date_of_effect() -> None:
    text = SCALE.replace("SLICES", '[{up_to = "1000", percent = "15"}, {percent = 1}]')

    scale = overridden(text, "collection_costs.toml").scale_on(date(2026, 12, 1))

    assert scale is not None
    assert scale.slices == (
        CostSlice(up_to=Decimal(1000), percent=Decimal(15)),
        CostSlice(up_to=None, percent=Decimal(1)),
    )


@pytest.mark.parametrize(
    "slices",
    [
        "3",
        "[]",
        "[1]",
        '[{up_to = "1000"}, {percent = "1"}]',
        '[{up_to = "1000", percent = "15"}]',
        '[{percent = "15"}, {percent = "1"}]',
        '[{up_to = "1000", percent = "15"}, {up_to = "1000", percent = "5"}, {percent = "1"}]',
        '[{up_to = "1000", percent = "15", over = "3"}, {percent = "1"}]',
    ],
)
def test_slices_ascend_and_only_the_last_is_open(slices: str) -> None:
    found = told(SCALE.replace("SLICES", slices), file="collection_costs.toml")

    assert found == [("figures_value", 2, "slices")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("from", '"2026-07-01"'),
        ("from", "2026-07-01T10:00:00"),
        ("percent", '"5,5"'),
        ("percent", '"-1"'),
        ("percent", "100.5"),
        ("percent", "true"),
        ("percent", "inf"),
        ("source", '" "'),
        ("source", "3"),
        ("remembered", '"yes"'),
    ],
)
def test_value_of_another_form_is_refused_by_name(name: str, value: str) -> None:
    lines = [line for line in ROW.splitlines() if not line.startswith(f"{name} ")]

    found = told("\n".join([*lines, f"{name} = {value}"]))

    assert found == [("figures_value", 2, name)]


@pytest.mark.parametrize("value", ['"3.5"', "true", "-1", "1000"])
def test_term_is_a_whole_number(value: str) -> None:
    row = ROW.replace("[[rate]]", '[[term]]\narticle = "x"\nname = "notice_days"')

    found = told(row.replace("percent", "value").replace('"5"', value), file="terms.toml")

    assert found == [("figures_value", 2, "value")]


def test_unknown_term_is_refused() -> None:
    row = ROW.replace("[[rate]]", '[[term]]\narticle = "x"\nname = "days"')

    found = told(row.replace("percent", "value").replace('"5"', "5"), file="terms.toml")

    assert found == [("figures_value", 2, "name")]


@pytest.mark.parametrize("value", ['"40.005"', '"veel"', "0.125"])
def test_amount_has_at_most_two_decimals(value: str) -> None:
    row = ROW.replace("[[rate]]", '[[trade_sum]]\narticle = "x"')

    found = told(
        row.replace("percent", "amount").replace('"5"', value), file="collection_costs.toml"
    )

    assert found == [("figures_value", 2, "amount")]


def test_fault_says_what_was_found_and_what_is_allowed() -> None:
    (found,) = faults(ROW.replace('"5"', '"vijf"'))

    assert dict(found.facts) == {
        "file": STATUTORY, "name": "percent", "found": "vijf", "allowed": '"10.40"',
    }  # fmt: skip


def test_unknown_name_is_refused_with_the_known_ones() -> None:
    (found,) = faults(ROW + 'rate = "5"\n')

    assert (found.code, found.facts["name"]) == ("figures_key", "rate")
    assert found.facts["allowed"] == "from, source, checked_on, remembered, percent"


def test_unknown_name_above_the_rows_is_refused_with_the_known_ones() -> None:
    (found,) = faults("complete = 2027-06-30", ROW)

    assert found.facts["allowed"] == "article, checked_on, complete_through, rate"


def test_missing_value_is_named() -> None:
    assert told(ROW.replace('source = "Stcrt."', "")) == [("figures_missing", 2, "source")]


def test_row_twice_in_a_file_is_refused_at_the_second() -> None:
    assert told(ROW, ROW) == [("figures_repeated", 9, "2026-07-01")]


@pytest.mark.parametrize("text", ["rate = 3", "rate = [3]"])
def test_row_that_is_no_row_is_refused(text: str) -> None:
    assert told(text) == [("figures_row", 1, None)]


def test_text_that_is_no_toml_is_refused_on_its_line() -> None:
    assert told("checked_on = 2026-12-28\n[[rate\n") == [("figures_syntax", 2, None)]


def test_text_that_breaks_off_is_refused() -> None:
    assert told('article = "') == [("figures_syntax", 1, None)]


def test_unknown_file_is_refused() -> None:
    (found,) = faults("", file="rente.toml")

    assert (found.code, found.facts["file"]) == ("figures_file", "rente.toml")


def test_rate_after_the_end_of_the_table_is_no_silent_nothing() -> None:
    (found,) = faults(ROW.replace("2026-07-01", "2027-01-01"))

    assert (found.code, found.line) == ("figures_after_end", 2)


def test_table_can_not_be_complete_further_than_could_be_known() -> None:
    (found,) = faults("complete_through = 2027-06-30\n")

    assert (found.code, found.facts["allowed"]) == ("figures_through", date(2026, 12, 31))


def test_all_faults_of_all_files_come_at_once() -> None:
    found = faults("x = 1", ROW.replace('"5"', "true"), **{"vat.toml": "y = 2", "a.toml": ""})

    assert [(one.facts["file"], one.code) for one in found] == [
        ("a.toml", "figures_file"),
        (STATUTORY, "figures_key"),
        (STATUTORY, "figures_value"),
        ("vat.toml", "figures_key"),
    ]


def test_error_points_at_the_file_that_is_wrong() -> None:
    with pytest.raises(FiguresError) as refused:
        overridden("x = 1")

    assert refused.value.facts["path"] == STATUTORY


def test_error_over_several_files_points_at_the_folder() -> None:
    with pytest.raises(FiguresError) as refused:
        read_figures(TEXTS, {"vat.toml": "y = 2", STATUTORY: "x = 1"})

    assert refused.value.facts["path"] == "config/law"


def test_table_that_should_come_with_maan_is_missed() -> None:
    ours = {file: text for file, text in TEXTS.items() if file != "vat.toml"}

    with pytest.raises(FiguresError) as refused:
        read_figures(ours)

    assert refused.value.facts["path"] == "vat.toml"
