"""A rehearsal in a temporary folder, and the commands run in this process."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connector.__main__ import main

MORNING = "2026-11-23T10:00:00"  # a Monday

_CONFIG = """\
store: sqlite:///data/maan.db
documents: data/documents
language: nl
rehearsal: true
administrations:
{administrations}
agencies:
  voorbeeld-incasso: {{name: Voorbeeld Incasso B.V., wki_number: "1234", wki_checked: 2026-10-01,
                      deliver: {{folder: outbox/agency}}}}
"""
_ADMINISTRATION = """\
  - id: {name}
    creditor: {{name: Jansen B.V., kvk: "12345678", vat_id: NL000099998B57, iban: NL91ABNA0417164300,
               street: Dorpsstraat 1, postcode: 1234 AB, city: Utrecht,
               email: administratie@jansen.example, phone: "030-1234567"}}
    sender: {{signature: "Petra Jansen"}}
    source: {{adapter: csv, folder: books/{name}, layout: maan, delivery: full}}
    policy: policy.yaml
"""
POLICY = """\
version: 1
mode: assisted
guards: {bank_when_unknown: ignore, first_run_per_day: 25}
tracks:
  - name: particulier
    applies_to: {kind: consumer}
    ladder:
      - {step: herinnering, at: due + 3d, do: reminder, via: email, fallback: post, term: 7d}
  - name: zakelijk
    ladder:
      - {step: herinnering, at: due + 3d, do: reminder, via: email, fallback: post, term: 7d}
      - {step: bellen, at: deadline + 1d, do: call}
      - {step: sommatie, at: previous + 3d, do: final_demand, via: post, term: 14d}
      - {step: incasso, at: deadline + 5d, do: hand_over, to: voorbeeld-incasso}
"""
HEADER = (
    "party_ref,party_name,number,issued,due,currency,open,total,document,party_kind,email,"
    "street,postcode,city,country"
)
BAKER = "10023,Bakkerij De Wit B.V.,F1,2026-09-30,2026-10-30,EUR,121.00,121.00,invoice,company,info@dewit.example,Markt 2,1234 CD,Utrecht,NL"
BAKER_LATER = "10023,Bakkerij De Wit B.V.,F2,2026-11-01,2026-11-10,EUR,60.50,60.50,invoice,company,info@dewit.example,Markt 2,1234 CD,Utrecht,NL"
HIDDEN = (
    "10025,Zonder Adres B.V.,F3,2026-09-30,2026-11-10,EUR,1234.50,1234.50,invoice,company,,,,,NL"
)
EARLY = "10026,[bold]Vroeg[/bold] B.V.,F4,2026-11-15,2026-12-15,EUR,99.00,99.00,invoice,company,v@example.org,Pad 1,1234 XX,Utrecht,NL"


class Rehearsal:
    """A folder with a configuration and books, and what the commands said last."""

    def __init__(self, root: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.out = ""
        self.err = ""
        self._capture = capture

    def books(self, *rows: str, name: str = "jansen-bv", payables: tuple[str, ...] = ()) -> None:
        """Put an export of open items in the folder of an administration."""
        folder = self.root / "books" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "receivables.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
        if payables:
            head = "party_ref,party_name,number,issued,due,currency,open"
            text = "\n".join([head, *payables, ""])
            (folder / "payables.csv").write_text(text, encoding="utf-8")

    def policy(self, text: str) -> None:
        (self.root / "config" / "policy.yaml").write_text(text, encoding="utf-8")

    def run(self, *words: str, now: str = MORNING) -> int:
        """Run a command and keep what it wrote."""
        config = self.root / "config" / "maan.yaml"
        code = main(["--config", str(config), "--now", now, *words])
        self.out, self.err = self._capture.readouterr()
        return code

    def json(self, *words: str, now: str = MORNING) -> Any:
        """Run a command with `--json` and return its document."""
        self.run(*words, "--json", now=now)
        return json.loads(self.out)


Make = Callable[..., Rehearsal]


@pytest.fixture
def make_rehearsal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Make:
    def make(*names: str) -> Rehearsal:
        config = tmp_path / "config"
        config.mkdir()
        listed = "".join(_ADMINISTRATION.format(name=name) for name in names or ("jansen-bv",))
        text = _CONFIG.format(administrations=listed)
        (config / "maan.yaml").write_text(text, encoding="utf-8")
        rehearsal = Rehearsal(tmp_path, capsys)
        rehearsal.policy(POLICY)
        return rehearsal

    return make


@pytest.fixture
def rehearsal(make_rehearsal: Make) -> Rehearsal:
    """One administration with four open invoices and one to pay, not pulled yet."""
    made = make_rehearsal()
    made.books(
        BAKER, BAKER_LATER, HIDDEN, EARLY,
        payables=("90001,Groothandel N.V.,INK-1,2026-10-01,2026-11-01,EUR,500.00",),
    )  # fmt: skip
    return made


@pytest.fixture
def pulled(rehearsal: Rehearsal) -> Rehearsal:
    """The same, pulled."""
    assert rehearsal.run("pull") == 0
    return rehearsal
