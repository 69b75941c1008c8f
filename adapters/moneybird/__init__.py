"""Open items from Moneybird, and reminders and notes back into it."""

from adapters.moneybird.settings import MoneybirdSettings
from connector.port.adapter import Adapter
from connector.port.plugin import Plugin
from connector.port.stage import Stage
from connector.port.tools import Clock, Tools

__all__ = ["plugin"]


def _make(settings: MoneybirdSettings, tools: Tools) -> Adapter:
    from adapters.moneybird.adapter import MoneybirdAdapter  # noqa: PLC0415  # loads when it is used

    return MoneybirdAdapter(settings=settings, tools=tools)


def _simulate(clock: Clock) -> Stage:
    from adapters.moneybird.stage import MoneybirdStage  # noqa: PLC0415  # loads when it is used

    return MoneybirdStage(clock)


plugin = Plugin(name="moneybird", settings=MoneybirdSettings, make=_make, simulate=_simulate)
"""What the entry point `moneybird` in group `maan.adapters` yields."""
