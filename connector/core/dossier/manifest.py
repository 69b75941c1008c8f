"""The list of all files of a dossier, with what each is and its SHA-256."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from connector.core.chain import canonical

MANIFEST_NAME: Final = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One file of the archive, as the manifest describes it."""

    content: bytes
    type: str
    day: str  # ISO date
    media_type: str
    description: str

    @property
    def sha256(self) -> str:
        """The hash of its bytes, in hex."""
        return hashlib.sha256(self.content).hexdigest()


def manifest(meta: Mapping[str, Any], files: Mapping[str, Content]) -> dict[str, Any]:
    """Return the manifest of these files, sorted by name, with its own checksum."""
    record: dict[str, Any] = {
        "dossier_id": meta["dossier_id"],
        "reference_date": meta["reference_date"],
        "files": [
            {
                "name": name,
                "type": file.type,
                "date": file.day,
                "description": file.description,
                "media_type": file.media_type,
                "size": len(file.content),
                "sha256": file.sha256,
            }
            for name, file in sorted(files.items())
        ],
    }
    return record | {"checksum": manifest_checksum(record)}


def manifest_checksum(record: Mapping[str, Any]) -> str:
    """Return SHA-256 in hex over the canonical JSON of the manifest without its `checksum`.

    Raises:
        ValueError: The manifest holds what has no canonical form.
    """
    covered = {name: value for name, value in record.items() if name != "checksum"}
    return hashlib.sha256(canonical(covered)).hexdigest()


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """Return a JSON file as people can read it too."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
