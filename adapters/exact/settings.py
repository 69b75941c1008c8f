"""The settings of a division of Exact Online, as a bookkeeper writes them under `source:`."""

import re
from typing import Annotated, Final, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)
from pydantic_core import PydanticCustomError

_LOOPBACK: Final = frozenset(("localhost", "127.0.0.1", "::1"))

Site = Literal["nl", "be", "de", "fr", "es", "co.uk", "com"]
Number = Literal["your_ref", "invoice_number", "entry_number"]


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", text):
        raise PydanticCustomError("connection_form", "letters and digits alone", {"found": text})
    return text


def _guid(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        raise PydanticCustomError("guid_form", "an id of Exact", {"found": text})
    return text


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise PydanticCustomError("url_form", "not an address", {"found": url}) from error


def _as_number(value: object) -> object:
    is_digits = isinstance(value, str) and value.isascii() and value.isdigit()
    return int(value) if isinstance(value, str) and is_digits and len(value) < 10 else value


Division = Annotated[int, BeforeValidator(_as_number), Field(ge=1, le=2**31 - 1, strict=True)]
Secret = Annotated[
    str, StringConstraints(pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:[^\s\x00].*)$")
]
Name = Annotated[str, AfterValidator(_name)]
Guid = Annotated[str, AfterValidator(_guid)]


class Classification(BaseModel):
    """A classification that an account gets at handover."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    classification: int = Field(ge=1, le=8, description="which of the eight classifications")
    value: Guid = Field(description="id of its value")


class ExactSettings(BaseModel):
    """A source of adapter `exact`: one division of Exact Online."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    adapter: Literal["exact"] = "exact"
    division: Division = Field(description="number of the division, as in the address bar")
    site: Site = Field(default="nl", description="country of the Exact Online site")
    client_id: str = Field(min_length=1, description="id of the own app, or env:NAME")
    client_secret: Secret = Field(description="env:NAME or file:PATH")
    connection: Name = Field(
        default="default", description="name of a consent that divisions share"
    )
    base_url: str | None = Field(
        default=None, description="where Exact Online is; else the site's own address"
    )
    redirect: str | None = Field(
        default=None, description="address that the app was registered with, for the consent"
    )
    number: Number = Field(
        default="invoice_number", description="the number by which debtors know an invoice"
    )
    task: bool = Field(default=False, description="make tasks for what a person has to do")
    note: bool = Field(default=False, description="note maan's own messages on the account")
    at_handover: Literal["none", "block"] | Classification = Field(
        default="none", description="what is changed of an account that is handed over"
    )
    document_type: int = Field(default=55, ge=1, description="type of the documents that are made")
    webhook_secret: Secret | None = Field(default=None, description="env:NAME or file:PATH")

    @field_validator("base_url")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = _split(url.rstrip("/"))
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise PydanticCustomError("url_form", "must be https://host", {"found": url})
        if parts.path or parts.query or parts.fragment or parts.username is not None:
            raise PydanticCustomError("url_form", "must be https://host alone", {"found": url})
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise PydanticCustomError("url_open", "must be https://host", {"found": url})
        return url.rstrip("/")

    @field_validator("redirect")
    @classmethod
    def _takes_an_answer(cls, url: str | None) -> str | None:
        """Exact sends a consent to an address of https, or to this machine."""
        if url is None:
            return None
        parts = _split(url)
        is_here = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not parts.hostname or parts.fragment or not (parts.scheme == "https" or is_here):
            raise PydanticCustomError("redirect_address", "must be https://…", {"found": url})
        return url

    @property
    def origin(self) -> str:
        """Where requests go."""
        return self.base_url or f"https://start.exactonline.{self.site}"

    @property
    def host(self) -> str:
        """The host, and its port where there is one."""
        return urlsplit(self.origin).netloc

    @property
    def is_on_this_machine(self) -> bool:
        """Whether requests stay on this machine, as with the simulator."""
        return urlsplit(self.origin).hostname in _LOOPBACK
