"""The configuration as records; `config/maan.schema.json` is generated from them."""

import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PrivateAttr
from pydantic_core import PydanticCustomError

from connector.core.policy.forms import IsoDate
from connector.settings.words import (
    Email,
    Every,
    Iban,
    Kvk,
    Listen,
    Login,
    Mailbox,
    PolicyPath,
    RootedPath,
    Secret,
    StoreUrl,
    TimeOfDay,
    VatId,
)


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        arbitrary_types_allowed=True,
        validate_default=True,  # the paths among the defaults become absolute too
    )


class _Placed(_Part):
    """A part with paths in it: a default is validated anew, or its paths would stay relative."""

    model_config = ConfigDict(revalidate_instances="always")


def _id(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9-]{1,60}", text):
        raise PydanticCustomError("id_form", "not an id: {found}", {"found": text})
    return text


Id = Annotated[str, AfterValidator(_id), Field(json_schema_extra={"pattern": "^[a-z0-9-]{1,60}$"})]
"""A short name in small letters, digits and hyphens; it stands in the store for ever."""


VaultKey = Annotated[str, Field(pattern="^(env|file):")]
"""Where the key stands that tokens in the store are encrypted with."""


class OfficeSettings(_Part):
    """Who keeps the books; when it acts for others the Wki may ask for a registration."""

    name: str = ""
    acting_for_others: bool = False
    wki_number: str | None = None


class ConsumerTerms(_Part):
    """What was agreed with consumers."""

    due_date_agreed: bool = False
    own_cost_clause: bool = False


class CreditorSettings(_Part):
    """The owner of the books, in whose name is written."""

    name: str = Field(min_length=1)
    kvk: Kvk | None = None
    vat_id: VatId | None = None
    iban: Iban
    account_name: str | None = None
    vat_deduction: Literal["full", "partial", "none"] = "full"
    street: str = Field(min_length=1)
    postcode: str = Field(min_length=1)
    city: str = Field(min_length=1)
    country: str = Field("NL", min_length=2, max_length=2)
    email: Email
    phone: str | None = None
    website: str | None = None
    consumer_terms: ConsumerTerms = ConsumerTerms()


class SenderSettings(_Part):
    """Who signs, and the address that mails come from; left out: the creditor's own."""

    from_: Mailbox | None = Field(None, alias="from")
    reply_to: Email | None = None
    signature: str | None = None


def _source(source: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(source.get("adapter"), str):
        raise PydanticCustomError("source_adapter", "no adapter", {})
    return source


class AdministrationSettings(_Part):
    """One set of books.

    Attributes:
        source: Its `adapter` names the plug-in; the plug-in's own model checks the rest. Every
            number and date in it is still text.
        policy: Absolute; a relative one is looked for beside maan.yaml, then at the root.
    """

    id: Id
    creditor: CreditorSettings
    sender: SenderSettings = SenderSettings()
    source: Annotated[dict[str, Any], AfterValidator(_source)]
    policy: PolicyPath = Path("policy.yaml")

    @property
    def mailbox(self) -> Mailbox:
        """Return the address that mails come from."""
        return self.sender.from_ or Mailbox(self.creditor.email, self.creditor.name)


class EmailSettings(_Part):
    """The mail server."""

    host: str = Field(min_length=1)
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: Login | None = None
    password: Secret | None = None
    redirect_to: Email | None = None


class PostSettings(_Placed):
    """The folder that letters to print are written to."""

    folder: RootedPath = Path("outbox/post")


class DeliverySettings(_Placed):
    """How messages leave; without `email` no mail can go out."""

    email: EmailSettings | None = None
    post: PostSettings = PostSettings()


class DeliverSettings(_Placed):
    """The folder that an agency's dossiers are written to."""

    folder: RootedPath = Path("outbox/agency")


class AgencySettings(_Part):
    """Who takes over claims; a handover of a natural person needs a Wki registration."""

    name: str = Field(min_length=1)
    kind: Literal["agency", "bailiff", "lawyer"] = "agency"
    wki_number: str | None = None
    wki_checked: IsoDate | None = None
    email: Email | None = None
    phone: str | None = None
    deliver: DeliverSettings = DeliverSettings()

    @property
    def may_take_natural_persons(self) -> bool:
        """Whether it may collect from natural persons; bailiffs and lawyers need no Wki number."""
        return self.kind != "agency" or bool(self.wki_number)


class ScheduleSettings(_Part):
    """When the sidecar works, in local time."""

    pull: Every = Every(120)
    evaluate: TimeOfDay = time(8, 30)
    act: Every = Every(15)


class WebSettings(_Part):
    """Where the sidecar answers."""

    listen: Listen = Listen("127.0.0.1", 8600)


class Settings(_Part):
    """The whole configuration; all paths in it are absolute."""

    store: StoreUrl = Field("sqlite:///data/maan.db", repr=False)
    documents: RootedPath = Path("data/documents")
    vault_key: VaultKey = "file:data/vault.key"
    language: Literal["nl", "en"] = "nl"
    rehearsal: bool = False
    office: OfficeSettings = OfficeSettings()
    administrations: tuple[AdministrationSettings, ...] = Field(min_length=1)
    delivery: DeliverySettings = DeliverySettings()
    agencies: dict[Id, AgencySettings] = {}
    schedule: ScheduleSettings = ScheduleSettings()
    web: WebSettings = WebSettings()
    _path: Path = PrivateAttr(default=Path("maan.yaml"))
    _root: Path = PrivateAttr(default=Path())
    _environ: Mapping[str, str] = PrivateAttr(default_factory=dict)

    def model_post_init(self, context: Any, /) -> None:  # noqa: ANN401  # pydantic's own signature
        """Keep where the configuration stands."""
        found: Mapping[str, Any] = context or {}
        self._path = found.get("path", self._path)
        self._root = found.get("root", self._root)
        self._environ = found.get("environ", self._environ)

    @property
    def path(self) -> Path:
        """Return the file that this was read from."""
        return self._path

    @property
    def root(self) -> Path:
        """Return the folder that holds `config/`; relative paths start here."""
        return self._root

    @property
    def letters(self) -> Path:
        """Return the folder of letters that replace ours; it need not be there."""
        return self._path.parent / "letters"

    @property
    def law(self) -> Path:
        """Return the folder of legal figures that add to ours; it need not be there."""
        return self._path.parent / "law"

    @property
    def registered_agencies(self) -> frozenset[str]:
        """Return the names of the agencies that may collect from natural persons."""
        return frozenset(
            name for name, agency in self.agencies.items() if agency.may_take_natural_persons
        )

    def administration(self, name: str) -> AdministrationSettings | None:
        """Return the administration of this id, None when there is none."""
        return next((one for one in self.administrations if one.id == name), None)

    def secret(self, reference: str) -> Secret:
        """Return the secret that a source refers to as `env:NAME` or `file:PATH`."""
        return Secret(reference, root=self._root, environ=self._environ)
