"""A folder with a configuration whose books are kept by a package, and pulls from it."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time

from cryptography.fernet import Fernet

from benchmarks.books import ADMINISTRATION, Quiet
from benchmarks.measure import ROOT, timed
from connector.bootstrap import OfficeTools, open_office
from connector.flow.office import Administration
from connector.flow.pull import PullReport, pull
from connector.port.plugin import Plugin
from connector.port.tools import Budget, Budgets, Limit, Tools

_PLENTY = 10**9


@dataclass(frozen=True, slots=True)
class Roomy:
    """The budgets of the house with room for every request: the package has no limit here."""

    budgets: Budgets

    def of(self, key: str, limits: Sequence[Limit]) -> Budget:
        """Return the budget, each limit a large one."""
        return self.budgets.of(key, [replace(limit, count=_PLENTY) for limit in limits])


def write(folder: Path, source: Mapping[str, str], secret: str) -> None:
    """Write the shipped configuration with another source; the secret is `file:secret`."""
    shutil.copytree(ROOT / "config", folder / "config")
    (folder / "secret").write_text(secret, encoding="utf-8")
    (folder / "data").mkdir()
    (folder / "data" / "vault.key").write_bytes(Fernet.generate_key())
    path = folder / "config" / "maan.yaml"
    text = path.read_text(encoding="utf-8").replace("rehearsal: false", "rehearsal: true")
    lines = "".join(f"      {name}: {value}\n" for name, value in source.items())
    text, found = re.subn(r"(    source:\n)(?:      .*\n)+", lambda at: at[1] + lines, text)
    if not found:
        raise ValueError("maan.yaml has no source any more")
    path.write_text(text, encoding="utf-8")


@contextmanager
def desk(folder: Path, plugin: Plugin) -> Iterator[Administration]:
    """Open the administration of the folder in real time."""
    with open_office(folder / "config" / "maan.yaml", None, Quiet()) as office:
        office.plugins = {**office.plugins, plugin.name: plugin}
        office.tools = _roomy(office.tools)
        yield office.administration(ADMINISTRATION)


@dataclass(frozen=True, slots=True)
class Pulled:
    """One pull: what it cost, and what it said."""

    seconds: float
    processor: float
    peak_mb: float
    report: PullReport


def pulled(one: Administration) -> Pulled:
    """Pull and measure; a pull that is not clean is no measure."""
    reports: list[PullReport] = []
    before = process_time()
    seconds, peak = timed(lambda: reports.append(pull(one)))
    processor = process_time() - before
    if not reports[0].is_clean or reports[0].warnings:
        raise SystemExit(f"the pull was not clean: {reports[0]}")
    return Pulled(seconds, processor, peak, reports[0])


def _roomy(tools: Callable[[str], Tools]) -> Callable[[str], Tools]:
    def lent(administration: str) -> Tools:
        found = tools(administration)
        assert isinstance(found, OfficeTools)
        return replace(found, budgets=Roomy(found.budgets))

    return lent
