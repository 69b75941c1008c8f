"""The settings of a folder of exports, as a bookkeeper writes them under `source:`."""

import re
from datetime import timedelta
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, field_validator

from adapters.csv.file_mapping import FileMapping
from adapters.csv.profiles import names
from connector.port.records import Kind

_AGE: Final = re.compile(r"([0-9]{1,4}) ?(d|h)")


def _age(value: object) -> object:
    match = _AGE.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return value
    count = int(match[1])
    return timedelta(days=count) if match[2] == "d" else timedelta(hours=count)


class CsvSettings(FileMapping):
    """A source of adapter `csv`: a folder with `receivables*`, `payables*`, `parties*` files."""

    adapter: Literal["csv"] = "csv"
    folder: str = Field(min_length=1, description="folder of the exports")
    documents: str = Field(default="documents", description="folder in it with NUMBER.pdf")
    layout: str = Field(default="auto", description="maan, auto or the name of a profile")
    delivery: Literal["full", "delta"] = "full"
    max_file_age: Annotated[timedelta, BeforeValidator(_age)] = timedelta(days=3)
    receivables: FileMapping = Field(default_factory=FileMapping)
    payables: FileMapping = Field(default_factory=FileMapping)
    parties: FileMapping = Field(default_factory=FileMapping)

    @field_validator("layout")
    @classmethod
    def _known_layout(cls, layout: str) -> str:
        known = ["maan", "auto", *names()]
        if layout not in known:
            raise ValueError(f"unknown layout {layout}; known are {', '.join(known)}")
        return layout

    def mapping(self, kind: Kind) -> FileMapping:
        """Return what was said about the files of a kind, over what was said for all."""
        for_all = FileMapping.model_validate(self.model_dump(include=set(FileMapping.model_fields)))
        match kind:
            case Kind.RECEIVABLES:
                return self.receivables.over(for_all)
            case Kind.PAYABLES:
                return self.payables.over(for_all)
            case Kind.PARTIES:
                return self.parties.over(for_all)
