"""Files that are there whole or not at all."""

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from connector.port.errors import NotDeliveredError


def write_whole(file: Path, content: bytes) -> None:
    """Write the file so that nobody ever sees half of it, and it survives a power cut."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.draft")
    with draft.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    handle = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def folder_errors() -> Iterator[None]:
    """Turn what the file system refuses, or what stands garbled in it, into an error of ours.

    Raises:
        NotDeliveredError: `folder_unusable`; trying again may help.
    """
    try:
        yield
    except (OSError, ValueError, csv.Error) as error:
        raise NotDeliveredError(
            "folder_unusable",
            permanent=False,
            reply=str(error),
        ) from error
