"""Which files in the folder are ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.csv.faults import note
from adapters.csv.probe import sha256
from connector.port.errors import UnavailableError
from connector.port.records import Kind, Rejected

_ENDINGS: Final = {".csv", ".xlsx"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The files of each kind, by name; and doubts about others whose name begins as ours."""

    files: Mapping[Kind, Sequence[Path]]
    warnings: tuple[Rejected, ...]

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
    """Return the files of the folder, `receivables*`, `payables*` and `parties*`.

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
    warnings = []
    for path in paths:
        kind = _kind(path.name)
        if kind is None:
            continue
        if path.suffix.casefold() in _ENDINGS:
            files[kind].append(path)
        else:
            warnings.append(note(path.name, 0, "file.not_ours"))
    return Found(files=files, warnings=tuple(warnings))


def _kind(name: str) -> Kind | None:
    return next((kind for kind in Kind if name.casefold().startswith(kind.value)), None)
