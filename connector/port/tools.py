"""What an adapter is lent by the house."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from connector.port.records import Memo


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
    """Secrets and tokens of connections, encrypted at rest; shared by all administrations.

    A name begins with the adapter's and holds the host that the secret is for, such as
    `moneybird:moneybird.com:jansen:token`.
    """

    def read(self, name: str) -> str | None:
        """Return the secret as it is now, or None when there is none.

        Raises:
            SettingsError: There is no key, or it is another than the secret was kept with.
        """
        ...

    def write(self, name: str, value: str) -> None:
        """Keep the secret for good before it is used: it is on disk when this returns."""
        ...

    def replace(self, name: str, *, was: str, value: str) -> bool:
        """Keep the secret if the present one is still what it was; return whether it is kept.

        Looking and keeping are one step, also between processes that both believe that they hold
        the lock: a database may end the session of a lock unnoticed.
        """
        ...

    def forget(self, name: str) -> None:
        """Remove the secret; nothing happens when there is none."""
        ...

    def lock(self, name: str) -> AbstractContextManager[None]:
        """Hold off every other thread and process that wants to change the secret.

        Raises:
            ConflictError: Somebody else kept it too long.
        """
        ...


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests in a window of so many seconds; the reserve is for what can't wait."""

    count: int
    seconds: int
    reserve: int = 0


class Budget(Protocol):
    """How many requests a credential or address may still send; shared by all processes."""

    def take(self, *, urgent: bool = False) -> None:
        """Take one request from every window, or none.

        Args:
            urgent: The reserve may be used: items are read again right before acting.

        Raises:
            RateLimitError: There is none left; `after` holds the seconds to wait, rounded up.
        """
        ...

    def look(self, *, urgent: bool = False) -> None:
        """Take nothing, and raise RateLimitError when there is nothing left."""
        ...

    def heard(self, *, remaining: int | None, resets_at: datetime | None, window: int = 0) -> None:
        """Believe the remote where it leaves us less than we thought.

        Args:
            remaining: Requests left in the remote's window; less than none: it refused one, and
                the window stays closed until its end; None: it does not say.
            resets_at: When the remote's window ends; None: it does not say.
            window: Index of the limit that it speaks of.
        """
        ...


class Budgets(Protocol):
    """The budgets of the house."""

    def of(self, key: str, limits: Sequence[Limit]) -> Budget:
        """Return the budget of a key, such as `moneybird:default`; made when it is not there."""
        ...


class Tools(Protocol):
    """All that an adapter may use of the house. Attributes are read-only."""

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

    @property
    def vault(self) -> Vault:
        """Secrets and tokens; opened when it is first used."""
        ...

    @property
    def budgets(self) -> Budgets:
        """Requests that may still be sent."""
        ...

    def recall(self, keys: Sequence[str] = (), *, groups: Sequence[str] = ()) -> Sequence[Memo]:
        """Return the memos of these keys and of these groups, as they were last committed."""
        ...

    def secret(self, reference: str) -> str:
        """Return the secret that `env:NAME` or `file:PATH` refers to.

        Raises:
            SettingsError: It is not there (`secret_missing`, `secret_unreadable`).
        """
        ...
