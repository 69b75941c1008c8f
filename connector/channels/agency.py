"""Handover: the dossier goes into the folder of the agency."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Final

from connector.channels.base import Dispatched, Parcel, Prepared, checked_key, local_day
from connector.channels.files import folder_errors, write_whole
from connector.port.errors import NotDeliveredError

_ZIP: Final = "application/zip"
_RECEIPTS: Final = ".maan"  # what was delivered, by key
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}\.zip")
_AGENCY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


class FolderAgency:
    """Writes `AGENCY/NAME.zip`; a receipt beside it tells that the file is whole."""

    name = "agency"

    def __init__(self, folder: Path, agency: str) -> None:
        """Keep the folder of all agencies, and whose this is; nothing is written yet.

        Raises:
            NotDeliveredError: `agency_name_unsafe`.
        """
        if _AGENCY.fullmatch(agency) is None:
            raise _refused("agency_name_unsafe", agency=agency)
        self._agency = agency
        self._folder = folder / agency

    def prepare(self, parcel: Parcel) -> Prepared:
        """Return the dossier, the parcel's only attachment.

        Raises:
            NotDeliveredError: `agency_without_dossier`, `agency_file_unsafe`.
        """
        checked_key(parcel.key)
        if len(parcel.attachments) != 1 or parcel.attachments[0][1] != _ZIP:
            raise _refused("agency_without_dossier", agency=self._agency)
        name, media, content = parcel.attachments[0]
        if _NAME.fullmatch(name) is None:
            raise _refused("agency_file_unsafe", agency=self._agency, file=name)
        return Prepared(
            parcel=parcel,
            media_type=media,
            name=name,
            content=content,
            recipient=self._agency,
        )

    def send(self, prepared: Prepared) -> Dispatched:
        """Write the file, then its receipt; a second time changes nothing.

        Raises:
            NotDeliveredError: `agency_file_exists`: another dossier has that name;
                `folder_unusable`.
        """
        key, file = prepared.parcel.key, self._folder / prepared.name
        with folder_errors():
            done = self._found(key)
            if done is not None:
                return done
            if file.is_file() and file.read_bytes() != prepared.content:
                raise _refused("agency_file_exists", agency=self._agency, file=prepared.name)
            write_whole(file, prepared.content)
            receipt = {"file": prepared.name, "on": local_day(prepared.parcel.created).isoformat()}
            write_whole(self._receipt(key), json.dumps(receipt).encode())
            return self._dispatched(receipt)

    def find(self, key: str) -> Dispatched | None:
        """Return what the receipt says, None when there is none."""
        with folder_errors():
            return self._found(checked_key(key))

    def _found(self, key: str) -> Dispatched | None:
        receipt = self._receipt(key)
        return self._dispatched(json.loads(receipt.read_bytes())) if receipt.is_file() else None

    def _receipt(self, key: str) -> Path:
        return self._folder / _RECEIPTS / f"{key}.json"

    def _dispatched(self, receipt: dict[str, str]) -> Dispatched:
        return Dispatched(
            reference=f"{self._agency}/{receipt['file']}",
            on=date.fromisoformat(receipt["on"]),
            reply="",
            recipient=self._agency,
        )


def _refused(code: str, **facts: str) -> NotDeliveredError:
    return NotDeliveredError(code, permanent=True, reply="", **facts)
