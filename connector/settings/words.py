"""The words of the configuration: secrets, addresses, numbers and moments, each with its check."""

import re
from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final, Self

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from stdnum import iban as iban_numbers
from stdnum.eu import vat as vat_numbers
from stdnum.exceptions import ValidationError as NumberError

from connector.core.policy.words import Word
from connector.port.errors import SettingsError

_REFERENCE: Final = re.compile(r"(env|file):(\S.*)")


class Secret:
    """A secret that stands elsewhere: `env:NAME` or `file:PATH`; read only when it is needed.

    Neither `repr` nor `str` shows it.
    """

    __slots__ = ("_environ", "_root", "reference")
    literal_allowed: ClassVar[bool] = False

    def __init__(self, reference: str, *, root: Path, environ: Mapping[str, str]) -> None:
        """Keep where it stands; relative paths start at `root`."""
        self.reference = reference
        self._root = root
        self._environ = environ

    def reveal(self) -> str:
        """Return the secret itself.

        Raises:
            SettingsError: `secret_missing` or `secret_unreadable`, with the reference.
        """
        found = _REFERENCE.fullmatch(self.reference)
        if found is None:
            return self.reference
        if found[1] == "env":
            value = self._environ.get(found[2], "")
        else:
            try:
                value = (self._root / found[2]).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError("secret_unreadable", reference=self.reference) from error
        if not value:
            raise SettingsError("secret_missing", reference=self.reference)
        return value

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        def validate(value: object, info: core_schema.ValidationInfo) -> Secret:
            if not isinstance(value, str) or not (cls.literal_allowed or is_reference(value)):
                raise PydanticCustomError(
                    "secret_literal", "a secret stands elsewhere", {"found": "…"}
                )
            context: Mapping[str, Any] = info.context or {}
            return cls(value, root=context.get("root", Path()), environ=context.get("environ", {}))

        return core_schema.with_info_plain_validator_function(
            validate, serialization=core_schema.to_string_ser_schema()
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string"} | ({} if cls.literal_allowed else {"pattern": "^(env|file):"})


class Login(Secret):
    """A user name: it may stand elsewhere like a secret, or be written as it is."""

    __slots__ = ()
    literal_allowed = True


def is_reference(text: str) -> bool:
    """Whether the text says where a secret stands instead of being one."""
    return _REFERENCE.fullmatch(text) is not None


class Every(Word):
    """How often something runs, as in `every 2h` or `every 15m`."""

    __slots__ = ("minutes",)
    pattern = r"^every \d{1,4} ?[hm]$"

    def __init__(self, minutes: int) -> None:
        """Keep the minutes between two runs."""
        self.minutes = minutes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the interval, or raise the fault `every_form`."""
        found = re.fullmatch(r"every (\d{1,4}) ?([hm])", text.strip())
        minutes = int(found[1]) * (60 if found[2] == "h" else 1) if found else 0
        if not minutes:
            raise PydanticCustomError("every_form", "not an interval: {found}", {"found": text})
        return cls(minutes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Every) and self.minutes == other.minutes

    def __hash__(self) -> int:
        return hash(self.minutes)

    def __str__(self) -> str:
        return f"every {self.minutes}m" if self.minutes % 60 else f"every {self.minutes // 60}h"

    __repr__ = __str__


class Listen(Word):
    """Where the page is offered, as in `127.0.0.1:8600`."""

    __slots__ = ("host", "port")
    pattern = r"^(\[[0-9A-Fa-f:]+\]|[^\s:]+):\d{1,5}$"

    def __init__(self, host: str, port: int) -> None:
        """Keep host (without brackets) and port; port 0 lets the system choose."""
        self.host = host
        self.port = port

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the address, or raise the fault `listen_form`."""
        found = re.fullmatch(r"(?:\[([0-9A-Fa-f:]+)\]|([^\s:\[\]]+)):(\d{1,5})", text.strip())
        if found is None or int(found[3]) > 65535:
            raise PydanticCustomError("listen_form", "not an address: {found}", {"found": text})
        return cls(found[1] or found[2], int(found[3]))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Listen) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    __repr__ = __str__


class Mailbox(Word):
    """A sender: `Jansen B.V. <administratie@jansen.example>`, or a bare address."""

    __slots__ = ("address", "name")
    pattern = r"^[^<>]*<[^<>@\s]+@[^<>@\s]+>$|^[^<>@\s]+@[^<>@\s]+$"

    def __init__(self, address: str, name: str = "") -> None:
        """Keep the address and the name; no name is the empty text."""
        self.address = address
        self.name = name

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the mailbox, or raise the fault `mailbox_form`."""
        found = re.fullmatch(r'"?([^<>"\x00-\x1f]*?)"?\s*<([^<>]+)>|([^<>]+)', text.strip())
        address = _address((found[2] or found[3]).strip()) if found else None
        if found is None or address is None:
            raise PydanticCustomError("mailbox_form", "not a sender: {found}", {"found": text})
        return cls(address, (found[1] or "").strip())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mailbox) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address

    __repr__ = __str__


def _address(text: str) -> str | None:
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def _email(text: str) -> str:
    address = _address(text)
    if address is None:
        raise PydanticCustomError("email_form", "not an address: {found}", {"found": text})
    return address


def _iban(text: str) -> str:
    try:
        return str(iban_numbers.validate(text))
    except NumberError:
        raise PydanticCustomError("iban_form", "not an IBAN", {"found": "…"}) from None


def _vat_id(text: str) -> str:
    try:
        return str(vat_numbers.validate(text))
    except NumberError:
        raise PydanticCustomError("vat_id_form", "not a VAT id: {found}", {"found": text}) from None


def _kvk(text: str) -> str:
    if not re.fullmatch(r"[0-9]{8}", text):
        raise PydanticCustomError("kvk_form", "not a KvK number: {found}", {"found": text})
    return text


def _time(value: object) -> object:
    if isinstance(value, time):
        return value
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", value) if isinstance(value, str) else None
    if found is None:
        raise PydanticCustomError("time_form", "not a time: {found}", {"found": str(value)})
    return time(int(found[1]), int(found[2]))


def _store(text: str, info: ValidationInfo) -> str:
    """Return the URL with an absolute path; a password in it is a literal secret."""
    context: Mapping[str, Any] = info.context or {}
    root: Path = context.get("root", Path())
    if is_reference(text):
        try:
            text = Secret(text, root=root, environ=context.get("environ", {})).reveal()
        except SettingsError as error:
            raise PydanticCustomError(
                "store_missing", "not there: {found}", {"found": text}
            ) from error
    elif re.match(r"[a-z0-9+]+://([^/@]*:[^/]*@|.*[?&]password=)", text):
        raise PydanticCustomError("secret_literal", "a secret stands elsewhere", {"found": "…"})
    found = re.fullmatch(r"(sqlite:///)(.+)|postgresql(\+psycopg)?://.+", text)
    if found is None:
        raise PydanticCustomError("store_form", "not a store", {"found": text.partition("://")[0]})
    if found[1] is None or found[2] == ":memory:":
        return text
    return found[1] + str(root / found[2])


def _rooted(path: Path, info: ValidationInfo) -> Path:
    context: Mapping[str, Any] = info.context or {}
    root: Path = context.get("root", Path())
    return root / path


def _policy(path: Path, info: ValidationInfo) -> Path:
    """Return the policy beside maan.yaml; at the root when it is only there."""
    context: Mapping[str, Any] = info.context or {}
    root: Path = context.get("root", Path())
    config: Path = context.get("path", Path("maan.yaml"))
    beside = config.parent / path
    return root / path if not beside.exists() and (root / path).exists() else beside


Email = Annotated[str, AfterValidator(_email), WithJsonSchema({"type": "string"})]
"""An e-mail address, in its normal form."""

Iban = Annotated[str, AfterValidator(_iban)]
"""An IBAN without spaces, its check digits verified."""

VatId = Annotated[str, AfterValidator(_vat_id)]
"""A VAT number of the EU with its country code, without spaces or dots."""

Kvk = Annotated[str, AfterValidator(_kvk)]
"""A number of the Dutch trade register: eight digits."""

TimeOfDay = Annotated[time, BeforeValidator(_time), WithJsonSchema({"type": "string"})]
"""A moment of the day in local time, as in `08:30`."""

StoreUrl = Annotated[str, AfterValidator(_store)]
"""Where the store is: `sqlite:///PATH` or `postgresql://…`, or a reference to where that stands."""

RootedPath = Annotated[Path, AfterValidator(_rooted), WithJsonSchema({"type": "string"})]
"""A path that starts at the folder that holds `config/`."""

PolicyPath = Annotated[Path, AfterValidator(_policy), WithJsonSchema({"type": "string"})]
"""A path that is looked for beside maan.yaml, then in the folder that holds `config/`."""
