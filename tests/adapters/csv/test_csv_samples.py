"""Every sample file loads, from the folder of this test alone."""

import shutil
from pathlib import Path

import pytest

from tests.adapters.csv.folders import make_adapter, run

SAMPLES = Path(__file__).parent / "samples"
FILES = sorted(p for p in SAMPLES.rglob("*") if p.suffix in {".csv", ".xlsx"})
SUPPLIERS = ("credit", "inkoop")


def kind_of(path: Path) -> str:
    return "payables" if any(word in path.name for word in SUPPLIERS) else "receivables"


def test_all_samples_are_here() -> None:
    assert len(FILES) >= 33


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_every_sample_loads_completely_without_a_mapping(path: Path, tmp_path: Path) -> None:
    kind = kind_of(path)
    shutil.copyfile(path, tmp_path / f"{kind}{path.suffix}")

    pulled = run(make_adapter(tmp_path, layout="auto"))

    assert pulled.faults == []
    assert pulled.items
    assert all(item.ledger.value + "s" == kind for item in pulled.items)
    assert {item.party for item in pulled.items} == set(pulled.parties)
    first = pulled.items[0].open
    assert (first.currency, first.amount > 0) == ("EUR", True)


@pytest.mark.parametrize(
    ("folder", "layout"),
    [
        ("yuki", "yuki"),
        ("twinfield", "twinfield"),
        ("e-boekhouden", "e-boekhouden"),
        ("payt", "payt"),
        ("afas", "afas"),
        ("generic", "generic"),
    ],
)
def test_each_profile_reads_its_own_package(folder: str, layout: str, tmp_path: Path) -> None:
    for path in (SAMPLES / folder).glob("*.csv"):
        shutil.copyfile(path, tmp_path / f"{kind_of(path)}.csv")

    pulled = run(make_adapter(tmp_path, layout=layout))

    assert pulled.faults == []
    assert any(item.open.amount > 100 for item in pulled.items)


def test_a_blocked_invoice_of_a_package_says_so(tmp_path: Path) -> None:
    source = SAMPLES / "afas" / "openstaande-posten-debiteuren-inferred.csv"
    shutil.copyfile(source, tmp_path / "receivables.csv")

    pulled = run(make_adapter(tmp_path, layout="afas"))

    assert {i.number: i.blocked for i in pulled.items} == {"20260101": False, "20260118": True}


def test_a_workbook_keeps_numbers_as_they_look(tmp_path: Path) -> None:
    source = SAMPLES / "xlsx" / "openstaand-debiteuren.xlsx"
    shutil.copyfile(source, tmp_path / "receivables.xlsx")

    pulled = run(make_adapter(tmp_path, layout="auto"))

    assert [item.number for item in pulled.items] == ["2026-0101", "20260102"]
    assert [str(item.open) for item in pulled.items] == ["1210.00", "500.00"]
