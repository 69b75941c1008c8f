"""Which files in the folder are ours: their names say what they hold, in Dutch or in English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.csv.faults import note, show
from adapters.csv.probe import sha256
from connector.port.errors import UnavailableError
from connector.port.records import Kind, Rejected

NAMES: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.RECEIVABLES: ("receivables", "debiteuren"),
    Kind.PAYABLES: ("payables", "crediteuren"),
    Kind.PARTIES: ("parties", "relaties"),
}
"""What the name of a file begins with, in any case of letters."""
OTHER_FILE: Final = "folder.other_file"
_ENDINGS: Final = (".csv", ".xlsx")
_LEFTOVERS: Final = ("~$", ".")  # what Excel and systems leave beside a file
_MOST_TOLD: Final = 10
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The files of each kind, by name; and doubts about others.

    Attributes:
        others: Names of files that could be exports, but do not say of what.
        warnings: One for every file that looks like ours and is not read; at most ten others.
    """

    folder: Path
    files: Mapping[Kind, Sequence[Path]]
    others: tuple[str, ...] = ()
    warnings: tuple[Rejected, ...] = ()

    def nothing(self) -> Rejected | None:
        """Return the fault of a folder in which there is no file of any kind, else None."""
        if any(self.files.values()):
            return None
        ours = NAMES[Kind.RECEIVABLES]
        return note(
            self.folder.name,
            0,
            "folder.nothing_found",
            folder=self.folder,
            expected=", ".join(f"{name}{ending}" for name in ours[::-1] for ending in _ENDINGS),
            names=", ".join(map(show, self.others[:_MOST_NAMED])) or "-",
        )

    def stamp(self) -> tuple[tuple[str, str], ...]:
        """Return name and digest of every file; equal stamps mean that nothing changed.

        Raises:
            UnavailableError: A file can't be read now.
        """
        try:
            return tuple(
                (path.name, sha256(path)) for paths in self.files.values() for path in paths
            )
        except OSError as error:
            raise UnavailableError("csv.unreadable", reason=error.strerror or "") from error


def look_into(folder: Path) -> Found:
    """Return the files of the folder whose names begin as `NAMES` says.

    Raises:
        UnavailableError: The folder is not there, or can't be read.
    """
    try:
        paths = sorted(
            (path for path in folder.iterdir() if path.is_file()),
            key=lambda path: (path.name.casefold(), path.name),
        )
    except OSError as error:
        raise UnavailableError("csv.folder_missing", folder=str(folder)) from error
    files: dict[Kind, list[Path]] = {kind: [] for kind in Kind}
    others, warnings = [], []
    for path in paths:
        kind, is_readable = _kind(path.name), path.suffix.casefold() in _ENDINGS
        if kind is not None and is_readable:
            files[kind].append(path)
        elif kind is not None:
            warnings.append(note(path.name, 0, "file.not_ours"))
        elif is_readable and not path.name.startswith(_LEFTOVERS):
            others.append(path.name)
    warnings.extend(note(name, 0, OTHER_FILE) for name in others[:_MOST_TOLD])
    return Found(folder=folder, files=files, others=tuple(others), warnings=tuple(warnings))


def _kind(name: str) -> Kind | None:
    start = name.casefold()
    return next((kind for kind, names in NAMES.items() if start.startswith(names)), None)
