"""How the files of one kind are read: the keys that a bookkeeper or a profile may set."""

import codecs
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from adapters.csv.dates import Shape, shape_named
from adapters.csv.fields import FIELDS, field_named


def _texts(value: object) -> object:
    return [value] if isinstance(value, str) else value


Headers = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class FileMapping(BaseModel):
    """How the files of one kind are read; what is left out is found out from the file itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: dict[str, Headers] = Field(
        default_factory=dict, description="our field: the header in the file, or a list of headers"
    )
    format: Literal["csv", "xlsx"] | None = None
    party_key: Literal["number", "name"] | None = None
    encoding: str | None = None
    delimiter: Literal[";", ",", "\t", "|"] | None = None
    decimal: Literal["comma", "point"] | None = None
    date_format: str | None = None
    day_first: bool | None = None
    sign: Literal["normal", "reversed"] | None = None
    default_currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    payment_term_days: int | None = Field(default=None, ge=0, le=365)
    duplicates: Literal["hold", "sum", "terms"] | None = None
    allow_empty: bool | None = None
    max_drop_percent: int | None = Field(default=None, ge=0, le=100)
    total_row: Literal["check", "ignore"] | None = None

    @field_validator("columns")
    @classmethod
    def _known_fields(cls, columns: dict[str, Headers]) -> dict[str, Headers]:
        unknown = sorted(name for name in columns if field_named(name) is None)
        if unknown:
            raise ValueError(f"unknown field {unknown[0]}; known are {', '.join(sorted(FIELDS))}")
        return {field_named(name) or name: headers for name, headers in columns.items()}

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str | None) -> str | None:
        if encoding is not None:
            try:
                "".encode(codecs.lookup(encoding).name)
            except LookupError as error:
                raise ValueError(f"unknown encoding {encoding}") from error
        return encoding

    @field_validator("date_format")
    @classmethod
    def _known_dates(cls, text: str | None) -> str | None:
        if text is not None and shape_named(text) is None:
            raise ValueError(f"unknown date format {text}; write for instance dd-mm-yyyy")
        return text

    def shape(self) -> Shape | None:
        """Return the date format that a person chose, None when the file decides."""
        if self.date_format is not None:
            return shape_named(self.date_format)
        match self.day_first:
            case True:
                return Shape.DAY_FIRST
            case False:
                return Shape.MONTH_FIRST
            case None:
                return None

    def over(self, base: "FileMapping") -> "FileMapping":
        """Return this mapping laid over another: what is said here wins, columns one by one."""
        said = self.model_dump(exclude_none=True, exclude={"columns"})
        columns = {**base.columns, **self.columns}
        return base.model_copy(update={**said, "columns": columns})
