"""Open items from a folder of CSV and XLSX exports."""

from adapters.csv.settings import CsvSettings
from connector.port.adapter import Adapter
from connector.port.plugin import Plugin
from connector.port.tools import Tools

__all__ = ["plugin"]


def _make(settings: CsvSettings, tools: Tools) -> Adapter:
    from adapters.csv.adapter import CsvAdapter  # noqa: PLC0415  # openpyxl loads when it is used

    return CsvAdapter(settings=settings, tools=tools)


plugin = Plugin(name="csv", settings=CsvSettings, make=_make)
"""What the entry point `csv` in group `maan.adapters` yields."""
