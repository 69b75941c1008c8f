"""All errors of the house, in one tree. Each class states what to do next.

MaanError
├─ ConfigError                halt
│  ├─ SettingsError           halt: the configuration can't be used
│  ├─ PolicyError             halt: the policy can't be used
│  └─ FiguresError            halt: the legal figures can't be used
├─ AdapterError
│  ├─ AuthorisationError      ask: a person must connect again
│  ├─ UnavailableError        retry: the remote is away
│  ├─ RateLimitError          retry after the given seconds
│  ├─ RefusedError            halt: the remote said no
│  ├─ OutcomeUnknownError     ask: the remote may have done it, may not
│  ├─ RecordError             skip this record
│  └─ ContractChangedError    halt: the remote speaks another language than we know
├─ StoreError                 halt
│  ├─ MigrationError          halt
│  └─ ConflictError           retry: somebody else holds it
├─ DeliveryError
│  ├─ NotDeliveredError       retry: certainly not sent
│  └─ DeliveryUnknownError    ask: may have been sent
└─ RequestError               halt: what the user asked can't be done (code and facts say why)
"""

from enum import StrEnum


class Recovery(StrEnum):
    """What the caller does next."""

    RETRY = "retry"
    SKIP = "skip"
    HALT = "halt"
    ASK = "ask"


class MaanError(Exception):
    """Root of everything that maan raises on purpose.

    Attributes:
        code: Key in the message catalogue.
        facts: Values for the sentence; never a token, an IBAN or a debtor's name.
        recovery: What the caller does next.
    """

    recovery = Recovery.HALT

    def __init__(self, code: str, **facts: object) -> None:
        """Keep the code and its facts; the sentence comes from the message catalogue."""
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.code} ({facts})" if facts else self.code


class ConfigError(MaanError):
    """What a person wrote in the configuration can't be used."""


class SettingsError(ConfigError):
    """maan.yaml can't be used; `faults` holds all that is wrong."""


class PolicyError(ConfigError):
    """The policy can't be used; `faults` holds all that is wrong."""


class FiguresError(ConfigError):
    """The legal figures can't be used."""


class AdapterError(MaanError):
    """Something went wrong between us and a source."""


class AuthorisationError(AdapterError):
    """The source does not let us in; a person must connect again."""

    recovery = Recovery.ASK


class UnavailableError(AdapterError):
    """The source is away; later it may be back."""

    recovery = Recovery.RETRY


class RateLimitError(AdapterError):
    """The source asks for patience; `facts["after"]` holds the seconds."""

    recovery = Recovery.RETRY


class RefusedError(AdapterError):
    """The source understood and said no."""


class OutcomeUnknownError(AdapterError):
    """A write left and no answer came: it may have been done, it may not."""

    recovery = Recovery.ASK


class RecordError(AdapterError):
    """One record can't be read; the rest goes on."""

    recovery = Recovery.SKIP


class ContractChangedError(AdapterError):
    """The source answers in a form that we don't know."""


class StoreError(MaanError):
    """The store can't do what was asked."""


class MigrationError(StoreError):
    """The store's schema can't be brought up to date."""


class ConflictError(StoreError):
    """Somebody else is busy with the same thing; try again later."""

    recovery = Recovery.RETRY


class DeliveryError(MaanError):
    """A channel could not do its work."""


class NotDeliveredError(DeliveryError):
    """Certainly not sent; sending again is safe."""

    recovery = Recovery.RETRY


class DeliveryUnknownError(DeliveryError):
    """May have been sent, may not; a person or a look-up decides."""

    recovery = Recovery.ASK


class RequestError(MaanError):
    """What the user asked can't be done; nothing was changed."""
