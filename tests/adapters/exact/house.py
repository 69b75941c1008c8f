"""The real house over the simulated package: store, vault and budgets on disk; the post is a spy."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from adapters.exact import plugin
from adapters.exact.simulator import Simulator
from connector.bootstrap import OfficeTools
from connector.channels.agency import FolderAgency
from connector.core.policy.model import ChannelName
from connector.flow.act import Acted
from connector.flow.approve import approve
from connector.flow.connecting import connection
from connector.flow.office import Administration, Office, Parts
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.port.records import ItemId, Memo
from connector.press.compile import Press
from connector.press.templates import load_templates
from connector.settings import load_settings
from connector.settings.figures import load_figures
from connector.store import ActionRow, ItemRow
from connector.store.budgets import StoreBudgets
from connector.store.engine import open_store
from connector.store.vault import StoreVault, make_key
from connector.testkit.tools import FakeClock
from tests.flow.kit import BY, CONFIG, MORNING, POLICY, Killed, Quiet, SpyChannel

REDIRECT: Final = "http://127.0.0.1:8085/connect"
DAY: Final = 86_400
SOURCE: Final = """source:
      adapter: exact
      division: {division}
      base_url: "{url}"
      client_id: "{client}"
      client_secret: file:exact.secret
      task: true
"""


class MortalClock(FakeClock):
    """A clock at whose next wait the process dies, once, if a test says so."""

    def __init__(self) -> None:
        super().__init__(MORNING)
        self.is_last = False

    def sleep(self, seconds: float) -> None:
        """Let the time pass, or die."""
        super().sleep(seconds)
        if self.is_last:
            self.is_last = False
            raise Killed


@dataclass(slots=True)
class House:
    """One process of the house at a time, and the package that it is connected to."""

    folder: Path
    package: Simulator
    clock: MortalClock
    email: SpyChannel = field(default_factory=lambda: SpyChannel("email"))
    post: SpyChannel = field(default_factory=lambda: SpyChannel("post"))
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    @property
    def desk(self) -> Administration:
        return self.office.administration("jansen")

    def open(self) -> None:
        """Begin as a process that just started."""
        settings = load_settings(self.folder / "maan.yaml", {})
        store = open_store(
            f"sqlite:///{self.folder / 'maan.db'}",
            documents=self.folder / "documents",
            clock=self.clock,
        )
        press, templates, figures = Press(), load_templates(None), load_figures(None)
        channels = {ChannelName.EMAIL: self.email, ChannelName.POST: self.post}
        tools = OfficeTools(
            clock=self.clock,
            log=Quiet(),
            root=self.folder,
            rehearsal=True,
            vault=StoreVault(store, lambda: (self.folder / "vault.key").read_text().strip()),
            budgets=StoreBudgets(store, self.clock),
            reveal=lambda reference: settings.secret(reference).reveal(),
            memory=self._recalled,
        )
        self.office = Office(
            settings=settings,
            store=store,
            clock=self.clock,
            log=Quiet(),
            tools=lambda _name: tools,
            plugins={"exact": plugin},
            parts=Parts(
                press=lambda: press,
                templates=lambda: templates,
                channels=lambda: channels,
                agency=lambda name: FolderAgency(settings.agencies[name].deliver.folder, name),
                law=lambda: figures,
            ),
        )

    def restart(self) -> None:
        """Let this process end and another begin."""
        self.office.close()
        self.open()

    def policy(self, text: str) -> None:
        """Let another policy hold, with what these books need."""
        (self.folder / "policy.yaml").write_text(_fitting(text), encoding="utf-8")

    def connect(self) -> None:
        """Let the person at the browser say yes."""
        source = connection(self.desk)
        consent = source.ask_consent(REDIRECT)
        source.accept_consent(consent, self.package.approve(consent.url)["code"], REDIRECT)

    def approved(self) -> list[str]:
        """Pull, plan and approve everything; return the ids of what was approved."""
        pull(self.desk)
        propose(self.desk)
        return list(approve(self.desk, by=BY).approved)

    def rows(self) -> list[ActionRow]:
        with self.office.store.unit("jansen") as unit:
            return unit.ledger.find()

    def item(self, entry: str) -> ItemRow:
        with self.office.store.unit("jansen") as unit:
            found = unit.books.item(ItemId(f"R/{entry}"))
        assert found is not None
        return found

    def _recalled(self, keys: Sequence[str], groups: Sequence[str]) -> Sequence[Memo]:
        with self.office.store.unit("jansen", reading=True) as unit:
            return unit.books.recall(keys, groups)


def _fitting(policy: str) -> str:
    return policy.replace(
        "first_run_per_day: 100", "first_run_per_day: 100, bank_when_unknown: ignore"
    )


def invoice(house: House) -> str:
    """Return an invoice to a firm that is two weeks past due."""
    issued = MORNING.date() - timedelta(days=44)
    firm = house.package.add_account("Bakkerij De Wit B.V.", kvk="12345678")
    return house.package.add_invoice(firm, issued=issued, due=issued + timedelta(days=30))


def codes(acted: Acted) -> list[str]:
    """Return why what did not leave stayed."""
    return [stayed.code for stayed in acted.waiting]


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """Open a house that is connected to an empty package."""
    clock = MortalClock()
    with Simulator(clock=clock) as package:
        source = SOURCE.format(division=package.division, url=package.url, client=package.client_id)
        files = {
            "maan.yaml": CONFIG.replace("source: {adapter: memory}\n", source),
            "policy.yaml": _fitting(POLICY),
            "exact.secret": package.client_secret,
        }
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        make_key(folder / "vault.key")
        house = House(folder, package, clock)
        try:
            house.connect()
            yield house
        finally:
            house.office.close()
