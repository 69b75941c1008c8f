"""E-mail of a rehearsal: the message becomes a file, nothing reaches the world."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

from connector.channels.base import Dispatched, Parcel, Prepared, checked_key
from connector.channels.email import prepared_mail
from connector.channels.files import folder_errors, write_whole


class FolderMail:
    """Writes `KEY.eml` into a folder; opened with a mail program it looks as it would arrive."""

    name = "email"

    def __init__(self, folder: Path, *, redirect_to: str | None = None) -> None:
        """Keep the folder; it is made at the first message."""
        self._folder = folder
        self._redirect_to = redirect_to

    def prepare(self, parcel: Parcel) -> Prepared:
        """Return the message as the real channel would send it."""
        return prepared_mail(parcel, redirect_to=self._redirect_to)

    def send(self, prepared: Prepared) -> Dispatched:
        """Write the file; a second time changes nothing."""
        with folder_errors():
            write_whole(self._file(prepared.parcel.key), prepared.content)
            return _dispatched(prepared.content)

    def find(self, key: str) -> Dispatched | None:
        """Return what the file says, None when there is none."""
        file = self._file(key)
        with folder_errors():
            return _dispatched(file.read_bytes()) if file.is_file() else None

    def _file(self, key: str) -> Path:
        return self._folder / f"{checked_key(key)}.eml"


def _dispatched(content: bytes) -> Dispatched:
    message = message_from_bytes(content, policy=default)
    return Dispatched(
        reference=str(message["Message-ID"]),
        on=message["Date"].datetime.date(),
        reply="",
        recipient=message["To"].addresses[0].addr_spec,
    )
