"""A dossier becomes one ZIP that a person and a program can read and check."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from connector.core.dossier.archive import MOST_BYTES, MOST_FILES, write_archive
from connector.core.dossier.build import Dossier
from connector.core.dossier.manifest import MANIFEST_NAME, Content, json_bytes, manifest
from connector.core.dossier.schema import validate
from connector.core.dossier.sheets import event_title, evidence_sheet
from connector.core.dossier.tables import claims_table, payments_table
from connector.core.dossier.text import Words, dutch_day, words
from connector.core.dossier.totals import total_faults
from connector.core.dossier.verify import Verification, verify
from connector.port.errors import RequestError

__all__ = ["Verification", "contents", "pack", "verify"]

_JSON: Final = "application/json"


def pack(dossier: Dossier, *, pdf: bytes) -> bytes:
    """Return the dossier as a ZIP; the same dossier and PDF give the same bytes.

    Raises:
        RequestError: `dossier_incomplete` while required fields are missing; `fields` names them.
            `dossier_misfit` when a value does not fit the published schema; `places` names where.
            `dossier_amounts_differ` when an approved amount can't be explained by its calculation,
            or may not be claimed; `places` names where.
            `dossier_too_heavy` when it holds more than a receiver will open.
    """
    written = words(dossier.data["meta"]["language"])
    if dossier.missing:
        names = ", ".join(written.field(path) for path in dossier.missing)
        raise RequestError("dossier_incomplete", fields=names)
    misfits = validate(dossier.data)
    if misfits:
        raise RequestError("dossier_misfit", places=", ".join(misfits))
    _refuse_wrong_amounts(dossier, written)
    day = dossier.data["meta"]["reference_date"]
    files = contents(dossier) | {
        "dossier.pdf": Content(
            content=pdf,
            type="document",
            day=day,
            media_type="application/pdf",
            description=written.of("files", "document"),
        )
    }
    bare = {name: file.content for name, file in files.items()}
    bare[MANIFEST_NAME] = json_bytes(manifest(dossier.data["meta"], files))
    weight = sum(len(content) for content in bare.values())
    if len(bare) > MOST_FILES or weight > MOST_BYTES:
        raise RequestError("dossier_too_heavy", files=len(bare), megabytes=weight // 1_000_000)
    return write_archive(bare, date.fromisoformat(day))


def _refuse_wrong_amounts(dossier: Dossier, written: Words) -> None:
    """Let no dossier leave in which two numbers contradict each other."""
    faults = tuple(dict.fromkeys((*dossier.faults, *total_faults(dossier.data))))
    if faults:
        places = ", ".join(written.field(place) for place in faults)
        raise RequestError("dossier_amounts_differ", places=places)


def contents(dossier: Dossier) -> dict[str, Content]:
    """Return all files of the archive but the PDF and the manifest, sorted by name."""
    written = words(dossier.data["meta"]["language"])
    files = _tables(dossier, written) | _papers(dossier, written) | _sheets(dossier, written)
    return dict(sorted(files.items()))


def _tables(dossier: Dossier, written: Words) -> dict[str, Content]:
    data, day = dossier.data, dossier.data["meta"]["reference_date"]

    def made(code: str, kind: str, media_type: str, content: bytes) -> Content:
        description = written.of("files", code)
        return Content(
            content=content, type=kind, day=day, media_type=media_type, description=description
        )

    return {
        "dossier.json": made("data", "data", _JSON, json_bytes(data)),
        "journal.json": made("journal", "journal", _JSON, json_bytes(dossier.journal)),
        "claims.csv": made("claims", "table", "text/csv", claims_table(data)),
        "payments.csv": made("payments", "table", "text/csv", payments_table(data)),
    }


def _papers(dossier: Dossier, written: Words) -> dict[str, Content]:
    return {
        named.name: Content(
            content=named.paper.content,
            type=str(named.paper.type),
            day=named.paper.on.isoformat(),
            media_type=named.paper.media_type,
            description=named.paper.description or written.of("types", named.paper.type),
        )
        for named in dossier.papers
    }


def _sheets(dossier: Dossier, written: Words) -> dict[str, Content]:
    hashes = {named.name: named.sha256 for named in dossier.papers}
    number = dossier.data["meta"]["dossier_id"]
    return {
        event["evidence"]: Content(
            content=evidence_sheet(event, hashes, written, number),
            type="evidence",
            day=_day_of(event),
            media_type="text/plain",
            description=_sheet_title(event, written),
        )
        for event in dossier.data["history"]
        if event["evidence"] is not None
    }


def _day_of(event: Mapping[str, Any]) -> str:
    return dutch_day(datetime.fromisoformat(event["at"])).isoformat()


def _sheet_title(event: Mapping[str, Any], written: Words) -> str:
    template = written.of("files", "evidence_of")
    return template.format(event=event_title(event, written), date=written.day(_day_of(event)))
