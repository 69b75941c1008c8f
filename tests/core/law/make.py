"""Figures of the law for tests: the tables that come with maan, as texts and as read."""

from pathlib import Path
from typing import Final

from connector.core.law.figures import Figures, read_figures

_FOLDER: Final = Path(__file__).parents[3] / "connector" / "core" / "law" / "figures"
TEXTS: Final = {file.name: file.read_text(encoding="utf-8") for file in _FOLDER.glob("*.toml")}
FIGURES: Final[Figures] = read_figures(TEXTS)
