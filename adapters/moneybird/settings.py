"""The settings of a Moneybird administration, as a bookkeeper writes them under `source:`."""

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


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", text):
        raise PydanticCustomError("connection_form", "letters and digits alone", {"found": text})
    return text


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise PydanticCustomError("url_form", "not an address", {"found": url}) from error


def _as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Id = Annotated[str, BeforeValidator(_as_text), StringConstraints(pattern=r"^[0-9]{1,19}$")]
Secret = Annotated[
    str, StringConstraints(pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:[^\s\x00].*)$")
]
Name = Annotated[str, AfterValidator(_name)]


UNCHOSEN: Final = "0"
"""No administration was chosen yet: `maan connect` lists those that there are."""


class MoneybirdSettings(BaseModel):
    """A source of adapter `moneybird`: one administration of Moneybird."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    adapter: Literal["moneybird"] = "moneybird"
    administration: Id = Field(
        default=UNCHOSEN, description="id of the administration, as in the address bar"
    )
    token: Secret | None = Field(
        default=None, description="env:NAME or file:PATH of a personal token; else `maan connect`"
    )
    connection: Name = Field(
        default="default", description="name of a credential that administrations share"
    )
    client_id: str | None = Field(
        default=None, min_length=1, description="id of an own OAuth application, or env:NAME"
    )
    client_secret: Secret | None = Field(default=None, description="env:NAME or file:PATH")
    base_url: str = Field(default="https://moneybird.com", description="where Moneybird is")
    egress: Name = Field(
        default="default", description="name of the address from which requests leave"
    )
    workflow: Literal["pause", "leave"] = Field(
        default="pause",
        description="pause: maan takes over from Moneybird's own reminders; leave: it stays out",
    )
    handover: Literal["note", "dubious"] = Field(
        default="note", description="what is booked of an invoice that is handed over"
    )
    notes: bool = Field(default=True, description="note maan's own messages on the invoices")
    webhook_secret: Secret | None = Field(default=None, description="env:NAME or file:PATH")
    webhook_token: Secret | None = Field(default=None, description="env:NAME or file:PATH")

    @field_validator("base_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        parts = _split(url.rstrip("/"))
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise PydanticCustomError("url_form", "must be https://host", {"found": url})
        if parts.path or parts.query or parts.fragment or parts.username is not None:
            raise PydanticCustomError("url_form", "must be https://host alone", {"found": url})
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise PydanticCustomError("url_open", "must be https://host", {"found": url})
        return url.rstrip("/")

    @property
    def host(self) -> str:
        """The host, and its port where there is one."""
        return urlsplit(self.base_url).netloc

    @property
    def is_on_this_machine(self) -> bool:
        """Whether requests stay on this machine, as with the simulator."""
        return urlsplit(self.base_url).hostname in _LOOPBACK
