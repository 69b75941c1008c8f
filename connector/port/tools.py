"""What an adapter is lent by the house."""

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; a clock that stands still does not."""
        ...


class Log(Protocol):
    """A structured log that redacts secrets, IBANs and names."""

    def info(self, event: str, **facts: object) -> None:
        """Tell what happened."""
        ...

    def warning(self, event: str, **facts: object) -> None:
        """Tell what looks wrong."""
        ...


class Vault(Protocol):
    """Secrets and tokens of one connection, encrypted at rest."""

    def read(self, name: str) -> str | None:
        """Return the secret, or None when there is none."""
        ...

    def write(self, name: str, value: str) -> None:
        """Keep the secret before it is used."""
        ...

    def lock(self, name: str) -> AbstractContextManager[None]:
        """Hold off every other process that wants to change the secret."""
        ...


class Budget(Protocol):
    """How many requests a credential may still send."""

    def take(self, count: int = 1) -> None:
        """Take requests from the budget; raises RateLimitError when there are none left."""
        ...


class Tools(Protocol):
    """All that an adapter may use of the house.

    Attributes are read-only. A tool that a later adapter needs (vault, budget) is None until
    the house has it.
    """

    @property
    def clock(self) -> Clock:
        """Time."""
        ...

    @property
    def log(self) -> Log:
        """Log."""
        ...

    @property
    def root(self) -> Path:
        """Folder at which relative paths of the settings start."""
        ...

    @property
    def rehearsal(self) -> bool:
        """Whether the clock may be set and nothing reaches the world."""
        ...
