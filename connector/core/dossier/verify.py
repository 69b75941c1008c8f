"""A packed dossier checked on its own: files, form, sums and journal, without a store."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from connector.core.chain import ChainEntry, Header, verify_chain
from connector.core.dossier.archive import Fault, read_archive, write_archive
from connector.core.dossier.manifest import MANIFEST_NAME, manifest_checksum
from connector.core.dossier.schema import validate
from connector.core.dossier.totals import total_faults

_ALWAYS: Final = ("dossier.pdf", "dossier.json", "journal.json", "claims.csv", "payments.csv")
_TEXTS: Final = ("at", "kind", "subject", "actor", "payload_hash", "previous_hash")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The outcome of `verify`; `faults` is empty when all is well."""

    ok: bool
    faults: tuple[Fault, ...]
    dossier_id: str | None = None  # None: could not be read
    files: int = 0


def verify(content: bytes) -> Verification:
    """Return whether a packed dossier is whole and untouched, and all that is wrong with it.

    Any changed byte is found, whatever file it is in. Who can make a new dossier can make one that
    verifies: the hash of the archive in the journal of the creditor proves which one was sent.
    """
    files = read_archive(content)
    if isinstance(files, Fault):
        return Verification(ok=False, faults=(files,))
    data, journal = _record(files, "dossier.json"), _record(files, "journal.json")
    faults = [
        *_file_faults(files),
        *_data_faults(data, files),
        *_journal_faults(data, journal),
    ]
    if data is not None and not faults and not _is_as_written(content, files, data):
        faults.append(Fault(code="dossier_repacked"))
    return Verification(
        ok=not faults, faults=tuple(faults), dossier_id=_number(data), files=len(files)
    )


def _record(files: Mapping[str, bytes], name: str) -> dict[str, Any] | None:
    try:
        found = json.loads(files[name])
    except (KeyError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _file_faults(files: Mapping[str, bytes]) -> list[Fault]:
    listed = _listed(files)
    if listed is None:
        return [Fault(code="dossier_manifest_changed", where=MANIFEST_NAME)]
    there = set(files) - {MANIFEST_NAME}
    wanted = set(listed) | set(_ALWAYS)
    changed = [name for name in there & set(listed) if _hash(files[name]) != listed[name]]
    return [
        *(Fault(code="dossier_file_missing", where=name) for name in sorted(wanted - there)),
        *(Fault(code="dossier_file_unlisted", where=name) for name in sorted(there - set(listed))),
        *(Fault(code="dossier_file_changed", where=name) for name in sorted(changed)),
    ]


def _listed(files: Mapping[str, bytes]) -> dict[str, str] | None:
    record = _record(files, MANIFEST_NAME)
    try:
        if record is None or manifest_checksum(record) != record.get("checksum"):
            return None
        return {str(line["name"]): str(line["sha256"]) for line in record["files"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _data_faults(data: Mapping[str, Any] | None, files: Mapping[str, bytes]) -> list[Fault]:
    if data is None:
        return [Fault(code="dossier_data_unreadable", where="dossier.json")]
    misfits = validate(data)
    if misfits:
        return [Fault(code="dossier_schema", where=place) for place in misfits]
    named = [
        *(name for claim in data["claims"] for name in claim["documents"]),
        *(name for event in data["history"] for name in event["documents"]),
        *(event["evidence"] for event in data["history"] if event["evidence"] is not None),
    ]
    lost = [name for name in named if name not in files]
    wrong = [
        line["file"]
        for line in data["attachments"]
        if line["file"] not in files or _hash(files[line["file"]]) != line["sha256"]
    ]
    return [
        *(Fault(code="dossier_total", where=place) for place in total_faults(data)),
        *(Fault(code="dossier_file_missing", where=name) for name in lost),
        *(Fault(code="dossier_file_changed", where=name) for name in wrong),
    ]


def _journal_faults(
    data: Mapping[str, Any] | None, journal: Mapping[str, Any] | None
) -> list[Fault]:
    unreadable = [Fault(code="dossier_journal_unreadable", where="journal.json")]
    if journal is None:
        return unreadable
    try:
        entries = [_entry(line) for line in journal["entries"]]
        broken = verify_chain(entries)
    except (KeyError, TypeError, RecursionError):
        return unreadable
    faults = [Fault(code=f"dossier_journal_{one.fault}", where=str(one.sequence)) for one in broken]
    head = entries[-1].hash if entries else None
    named = data.get("journal") if data else None
    if isinstance(named, dict) and named.get("head") != head:
        faults.append(Fault(code="dossier_journal_head", where="journal.json"))
    return faults


def _entry(line: Mapping[str, Any]) -> ChainEntry:
    sequence, payload, salt = line["sequence"], line.get("payload"), line.get("salt")
    texts = {name: line[name] for name in _TEXTS}
    fits = isinstance(sequence, int) and all(isinstance(text, str) for text in texts.values())
    if not fits or not isinstance(payload, dict | None) or not isinstance(salt, str | None):
        raise TypeError("not a journal entry")
    header = Header(sequence=sequence, **texts)
    return ChainEntry(header=header, hash=line["hash"], payload=payload, salt=salt)


def _is_as_written(content: bytes, files: Mapping[str, bytes], data: Mapping[str, Any]) -> bool:
    return write_archive(files, date.fromisoformat(data["meta"]["reference_date"])) == content


def _number(data: Mapping[str, Any] | None) -> str | None:
    meta = data.get("meta") if data else None
    number = meta.get("dossier_id") if isinstance(meta, dict) else None
    return number if isinstance(number, str) else None


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
