"""The figures of the law: the tables that come with maan, and those of the bookkeeper on top."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from connector.core.law.figures import Figures, read_figures
from connector.port.errors import FiguresError


def load_figures(config_folder: Path | None) -> Figures:
    """Return all figures; a row in the folder replaces ours of the same date or adds to them.

    Args:
        config_folder: Usually `config/law`: any of our files by the same name. None, or a folder
            that is not there: only the tables that come with maan.

    Raises:
        FiguresError: `figures_faults` with all faults, or `figures_unreadable` with the file.
    """
    shipped = resources.files("connector.core.law") / "figures"
    ours = {file.name: _read(file) for file in shipped.iterdir() if file.name.endswith(".toml")}
    if config_folder is None or not config_folder.is_dir():
        return read_figures(ours)
    return read_figures(ours, {file.name: _read(file) for file in config_folder.glob("*.toml")})


def _read(file: Traversable | Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise FiguresError("figures_unreadable", path=str(file), found=str(error)) from error
