"""A fault in the figures of the law reads as a sentence, with the file and the way out."""

import pytest

from connector.app.cli.faults import error_text
from connector.app.messages import Messages
from connector.core.law.figures import read_figures
from connector.port.errors import FiguresError
from tests.core.law.make import TEXTS

_ROW = '[[rate]]\nfrom = 2027-01-01\npercent = "5"\nsource = "x"\nchecked_on = 2026-12-28\n'
_WRONG = [
    ("figures_syntax", {"vat.toml": "[[rate"}),
    ("figures_file", {"btw.toml": ""}),
    ("figures_row", {"vat.toml": "rate = 3"}),
    ("figures_key", {"vat.toml": "rates = 3"}),
    ("figures_value", {"vat.toml": _ROW.replace('"5"', '"5,5"')}),
    ("figures_missing", {"vat.toml": _ROW.replace('source = "x"\n', "")}),
    ("figures_repeated", {"vat.toml": _ROW + _ROW}),
    ("figures_through", {"statutory_interest.toml": "complete_through = 2029-06-30"}),
    ("figures_after_end", {"statutory_interest.toml": _ROW}),
]


def refused(texts: dict[str, str], overrides: dict[str, str]) -> FiguresError:
    with pytest.raises(FiguresError) as error:
        read_figures(texts, overrides)
    return error.value


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(("code", "overrides"), _WRONG, ids=[code for code, _ in _WRONG])
def test_every_fault_has_its_sentence(language: str, code: str, overrides: dict[str, str]) -> None:
    error = refused(TEXTS, overrides)

    faults = error.facts["faults"]
    assert isinstance(faults, tuple)
    assert [fault.code for fault in faults] == [code]
    text = error_text(error, Messages(language), "config/maan.yaml")
    assert code not in text
    assert "?]" not in text


@pytest.mark.parametrize("language", ["nl", "en"])
def test_table_that_is_missing_has_its_sentence(language: str) -> None:
    text = error_text(refused({}, {}), Messages(language), "config/maan.yaml")

    assert "vat.toml" in text
    assert "figures_absent" not in text


def test_bookkeeper_reads_what_is_wrong_and_what_is_allowed() -> None:
    error = refused(TEXTS, {"vat.toml": _ROW.replace('"5"', '"5,5"')})

    last = error_text(error, Messages("nl"), "config/maan.yaml").splitlines()[-1]
    assert last.endswith('bij percent staat 5,5, en dat kan niet. Zo kan het wel: "10.40".')
