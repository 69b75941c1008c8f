"""How an adapter presents itself under the entry-point group `maan.adapters`."""

from dataclasses import dataclass
from typing import Any, Protocol, Self

from connector.port.adapter import Adapter
from connector.port.stage import Stage
from connector.port.tools import Clock, Tools

GROUP = "maan.adapters"


class SettingsModel(Protocol):
    """The checked settings of a source; a pydantic model fits."""

    @classmethod
    def model_validate(cls, obj: Any) -> Self:  # noqa: ANN401  # the border: whatever YAML holds
        """Return the settings, or raise pydantic's ValidationError."""
        ...

    @classmethod
    def model_json_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema for editors."""
        ...


class Make(Protocol):
    """Makes an adapter from its checked settings."""

    def __call__(self, settings: Any, tools: Tools) -> Adapter:  # noqa: ANN401  # each plugin's own model
        """Return the adapter; opens nothing yet."""
        ...


class Simulate(Protocol):
    """Starts the adapter's simulator for demo and testkit."""

    def __call__(self, clock: Clock) -> Stage:
        """Return a running simulator that lives by the clock."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """One adapter: its name in `source: {adapter: NAME}`, its settings and how to make it."""

    name: str
    settings: type[SettingsModel]
    make: Make
    simulate: Simulate | None = None
