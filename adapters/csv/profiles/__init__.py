"""Layouts of packages, each a YAML file of headers that were seen in a public source."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from io import StringIO

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from adapters.csv.columns import normalise
from adapters.csv.file_mapping import FileMapping
from connector.port.records import Kind


class Profile(BaseModel):
    """One package's layout.

    Attributes:
        recognise: Headers that together give the package away under `layout: auto`.
        receivables: The mapping of its receivables; likewise payables and parties.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    source: str
    recognise: tuple[tuple[str, ...], ...] = ()
    receivables: FileMapping = Field(default_factory=FileMapping)
    payables: FileMapping = Field(default_factory=FileMapping)
    parties: FileMapping = Field(default_factory=FileMapping)

    def mapping(self, kind: Kind) -> FileMapping:
        """Return the mapping of a kind of file."""
        match kind:
            case Kind.RECEIVABLES:
                return self.receivables
            case Kind.PAYABLES:
                return self.payables
            case Kind.PARTIES:
                return self.parties


def names() -> tuple[str, ...]:
    """Return the names of all profiles, in order."""
    here = resources.files(__package__ or __name__)
    return tuple(
        sorted(entry.name[:-5] for entry in here.iterdir() if entry.name.endswith(".yaml"))
    )


@cache
def profiles() -> Mapping[str, Profile]:
    """Return all profiles by name."""
    here = resources.files(__package__ or __name__)
    return {name: _read(here.joinpath(f"{name}.yaml").read_text("utf-8")) for name in names()}


def recognised(header: Sequence[str]) -> str | None:
    """Return the profile that a header row gives away, None when there is none or several."""
    present = {normalise(cell) for cell in header}
    found = [
        name
        for name, profile in profiles().items()
        if any({normalise(one) for one in headers} <= present for headers in profile.recognise)
    ]
    return found[0] if len(found) == 1 else None


def _read(text: str) -> Profile:
    yaml = YAML(typ="safe", pure=True)
    return Profile.model_validate(yaml.load(StringIO(text)))
