"""dossier.json, the manifest and an evidence sheet as they leave; changed only by `make golden`."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from connector.core.dossier.archive import read_archive
from connector.core.dossier.build import build_dossier
from connector.core.dossier.facts import DossierFacts
from connector.core.dossier.pack import pack
from tests.core.dossier.samples import everything, least
from tests.core.dossier.stories import consumer, trade

STORIES: Mapping[str, Callable[[], DossierFacts]] = {
    "everything": everything,
    "least": least,
    "consumer": consumer,
    "trade": trade,
}
FOLDER = Path(__file__).parent / "dossier"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("everything", "dossier.json"),
        ("everything", "manifest.json"),
        ("everything", "journal.json"),
        ("everything", "claims.csv"),
        ("everything", "payments.csv"),
        ("everything", "evidence/02_evidence_2026-10-12_sommatie.txt"),
        ("least", "dossier.json"),
        ("consumer", "dossier.json"),
        ("consumer", "claims.csv"),
        ("consumer", "payments.csv"),
        ("trade", "dossier.json"),
    ],
)
def test_it_leaves_as_it_always_did(
    kind: str, name: str, golden: Callable[[Path, str], None]
) -> None:
    files = read_archive(pack(build_dossier(STORIES[kind]()), pdf=b"%PDF-1.7"))
    assert isinstance(files, dict)

    golden(FOLDER / kind / name, files[name].decode())
