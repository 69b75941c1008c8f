"""The exports that the manual shows are read as the manual says."""

import re
from pathlib import Path

import pytest

from connector.port.records import Document
from tests.adapters.csv.folders import Pulled, pull_files

_MANUAL = Path(__file__).parents[2] / "docs" / "nl" / "handleiding.md"
_EXAMPLE = re.compile(r"`(debiteuren|relaties)\.csv`:\n\n```\n(.*?)```", re.DOTALL)


@pytest.fixture
def read(tmp_path: Path) -> Pulled:
    """The examples of the manual, read by the CSV adapter."""
    shown = {f"{name}.csv": text for name, text in _EXAMPLE.findall(_MANUAL.read_text("utf-8"))}
    return pull_files(tmp_path, shown, layout="auto")


def test_the_examples_are_read_without_a_fault(read: Pulled) -> None:
    assert (read.faults, read.doubts) == ([], [])


def test_a_row_that_the_example_calls_a_payment_is_one(read: Pulled) -> None:
    kinds = {item.number: item.document for item in read.items}

    assert kinds == {"20260101": Document.INVOICE, "BANK-88": Document.PAYMENT}


def test_the_example_says_of_each_customer_what_it_is(read: Pulled) -> None:
    kinds = {ref: party.kind for ref, party in read.parties.items()}

    assert kinds == {"10001": "company", "10002": "consumer"}
