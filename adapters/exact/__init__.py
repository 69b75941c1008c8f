"""Open items from Exact Online, and documents, tasks and notes back into it."""

from adapters.exact.settings import ExactSettings
from connector.port.adapter import Adapter
from connector.port.plugin import Plugin
from connector.port.stage import Stage
from connector.port.tools import Clock, Tools

__all__ = ["plugin"]


def _make(settings: ExactSettings, tools: Tools) -> Adapter:
    from adapters.exact.adapter import ExactAdapter  # noqa: PLC0415  # loads when it is used

    return ExactAdapter(settings=settings, tools=tools)


def _simulate(clock: Clock) -> Stage:
    from adapters.exact.stage import ExactStage  # noqa: PLC0415  # loads when it is used

    return ExactStage(clock)


plugin = Plugin(name="exact", settings=ExactSettings, make=_make, simulate=_simulate)
"""What the entry point `exact` in group `maan.adapters` yields."""
