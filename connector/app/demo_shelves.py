"""The firms of the demo: their configuration, and how their books come to maan."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from connector.flow.connecting import make_vault_key
from connector.flow.office import Administration, Office
from connector.port.adapter import Connects
from connector.port.plugin import Plugin
from connector.port.stage import Stage
from connector.settings import defaults_folder
from connector.testkit.books import INVOICE_PAGE, Books
from connector.testkit.firms import FIRMS, Firm
from connector.testkit.showing import shown

_BY_MAIL: Final = "via: email\n"
_BY_PACKAGE: Final = "via: package\n"
_REDIRECT: Final = "http://127.0.0.1/"


@dataclass(slots=True)
class StageClock:
    """The time of the day that is played; nobody waits."""

    instant: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the instant of the day."""
        return self.instant

    def sleep(self, seconds: float) -> None:
        """Do not wait."""


@dataclass(slots=True, kw_only=True)
class Shelf:
    """The books of one firm, and the package that they are kept in; `stage` None: CSV files."""

    firm: Firm
    books: Books
    folder: Path
    clock: StageClock
    stage: Stage | None = None
    _connected: bool = field(default=False)

    @property
    def source(self) -> Mapping[str, object]:
        """What stands under `source` in maan.yaml."""
        if self.stage is not None:
            return self.stage.source
        return {
            "adapter": "csv",
            "folder": f"books/{self.firm.id}",
            "layout": "maan",
            "delivery": "full",
        }

    def begin(self, instant: datetime) -> None:
        """Let the package live at an instant."""
        self.clock.instant = instant

    def deliver(self, day: date) -> None:
        """Bring the books in the package, or the export, to the day."""
        if self.stage is None:
            self.books.write(self.folder / "books" / self.firm.id, day)
        else:
            self.stage.show(shown(self.books), day)

    def connect(self, desk: Administration) -> None:
        """Give the consent that the package asks for, once."""
        adapter = desk.adapter
        if self.stage is None or self._connected or not isinstance(adapter, Connects):
            return
        if "consent" in adapter.ways:
            asked = adapter.ask_consent(_REDIRECT)
            adapter.accept_consent(asked, self.stage.consent(asked.url), _REDIRECT)
        self._connected = True

    def print_invoices(self, office: Office, day: date) -> None:
        """Put the invoices issued since the last time beside the export, as a package would."""
        if self.stage is not None:
            return
        documents = self.folder / "books" / self.firm.id / "documents"
        documents.mkdir(exist_ok=True)
        press = office.parts.press()
        for number, data in self.books.invoice_pages(day):
            file = documents / f"{number}.pdf"
            if not file.exists():
                file.write_bytes(press.pdf(INVOICE_PAGE, data, created=day))


@contextmanager
def open_shelves(
    folder: Path, plugins: Mapping[str, Plugin], first: date, last: date
) -> Iterator[list[Shelf]]:
    """Invent the books of all firms, and run the simulators of their packages."""
    with ExitStack() as stack:
        shelves = []
        for firm in FIRMS:
            clock = StageClock()
            plugin = plugins.get(firm.package)
            stage = None
            if plugin is not None and plugin.simulate is not None:
                stage = plugin.simulate(clock)
                stack.callback(stage.close)
            books = Books(firm, first, last)
            shelves.append(Shelf(firm=firm, books=books, folder=folder, clock=clock, stage=stage))
        yield shelves


def found(folder: Path, shelves: Sequence[Shelf], *, agency: str) -> Path:
    """Write configuration, policies and secrets of the firms; return the configuration."""
    config = folder / "config"
    config.mkdir(parents=True, exist_ok=True)
    shutil.copy(defaults_folder() / "policy.yaml", config / "policy.yaml")
    policy = (config / "policy.yaml").read_text(encoding="utf-8")
    (config / "policy-package.yaml").write_text(
        policy.replace(_BY_MAIL, _BY_PACKAGE, 2), encoding="utf-8"
    )
    for shelf in shelves:
        for name, secret in (shelf.stage.files if shelf.stage else {}).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(secret, encoding="utf-8")
    make_vault_key(folder / "data" / "vault.key")
    blocks = "".join(_block(shelf) for shelf in shelves)
    (config / "maan.yaml").write_text(
        "store: sqlite:///data/maan.db\n"
        "rehearsal: true\n"
        "office: {name: Administratiekantoor Proef}\n"
        f"administrations:{blocks}\n"
        f"agencies:\n  {agency}: {{name: Voorbeeld Incasso B.V., kind: agency, "
        'wki_number: "WKI-0000", wki_checked: 2026-09-01}\n',
        encoding="utf-8",
    )
    return config / "maan.yaml"


def _block(shelf: Shelf) -> str:
    firm = shelf.firm
    reminds = firm.package_reminds and shelf.stage is not None
    return f"""
  - id: {firm.id}
    creditor:
      {{name: {firm.name}, kvk: "{firm.kvk}", vat_id: {firm.vat_id}, iban: {firm.iban},
       street: {firm.street}, postcode: {firm.postcode}, city: {firm.city},
       email: administratie@{firm.domain}, phone: "{firm.phone}"}}
    sender: {{signature: {firm.signature}}}
    source: {json.dumps(dict(shelf.source))}
    policy: {"policy-package.yaml" if reminds else "policy.yaml"}"""
