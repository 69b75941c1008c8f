"""A packed dossier is whole, and any change in it is found."""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.core.dossier import archive
from connector.core.dossier.archive import read_archive, write_archive
from connector.core.dossier.build import build_dossier
from connector.core.dossier.facts import PaperType
from connector.core.dossier.manifest import json_bytes, manifest_checksum
from connector.core.dossier.pack import pack, verify
from connector.port.errors import RequestError
from tests.core.dossier.samples import claim, debtor, everything, least, meta, paper

PDF = b"%PDF-1.7 the dossier"
DAY = date(2026, 11, 20)


def packed() -> bytes:
    return pack(build_dossier(everything()), pdf=PDF)


SOUND = packed()


def files_of(content: bytes) -> dict[str, bytes]:
    files = read_archive(content)
    assert isinstance(files, dict)
    return files


def forged(name: str, change: Callable[[Any], None], *, relist: bool = True) -> bytes:
    """Change one JSON file as somebody would who also mends the manifest."""
    files = files_of(SOUND)
    record = json.loads(files[name])
    change(record)
    files[name] = json_bytes(record)
    return rewritten(files, relist=relist)


def rewritten(files: dict[str, bytes], *, relist: bool = True) -> bytes:
    if relist:
        record = json.loads(files["manifest.json"])
        record["files"] = [
            line | {"sha256": archive_hash(files[line["name"]])}
            for line in record["files"]
            if line["name"] in files
        ]
        files["manifest.json"] = json_bytes(record | {"checksum": manifest_checksum(record)})
    return write_archive(files, DAY)


def archive_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def codes(content: bytes) -> list[str]:
    return [fault.code for fault in verify(content).faults]


def wheres(content: bytes) -> list[str]:
    return [fault.where for fault in verify(content).faults]


def test_a_fresh_dossier_verifies() -> None:
    found = verify(SOUND)

    assert (found.ok, found.faults) == (True, ())
    assert (found.dossier_id, found.files) == ("D-2026-7f3a91c2", 15)


def test_a_dossier_with_the_least_verifies() -> None:
    assert verify(pack(build_dossier(least()), pdf=PDF)).ok


def test_the_same_facts_give_the_same_bytes() -> None:
    assert packed() == SOUND


def test_it_holds_what_the_design_names() -> None:
    names = sorted(files_of(SOUND))

    assert {name.partition("/")[0] for name in names} == {
        "attachments", "claims.csv", "dossier.json", "dossier.pdf", "evidence", "invoices",
        "journal.json", "letters", "manifest.json", "payments.csv",
    }  # fmt: skip


def test_the_manifest_describes_every_other_file() -> None:
    files = files_of(SOUND)
    lines = json.loads(files["manifest.json"])["files"]

    assert [line["name"] for line in lines] == sorted(set(files) - {"manifest.json"})
    assert all(line["type"] and line["date"] and line["description"] for line in lines)


def test_an_evidence_sheet_tells_address_source_proof_and_term() -> None:
    sheet = files_of(SOUND)["evidence/01_evidence_2026-09-04_herinnering.txt"].decode()

    for part in (
        "Herinnering", "boekhouding@zonneveld.example", "ingevuld door een medewerker",
        "250 2.0.0 Ok", "7 dagen, tot en met 11 september 2026", "SHA-256",
    ):  # fmt: skip
        assert part in sheet


def test_an_incomplete_dossier_is_not_packed_and_says_what_lacks() -> None:
    lacking = build_dossier(least(debtor=debtor(city=None)))

    with pytest.raises(RequestError) as caught:
        pack(lacking, pdf=PDF)

    assert caught.value.code == "dossier_incomplete"
    assert caught.value.facts == {"fields": "plaats van de debiteur"}


def test_data_outside_the_schema_are_not_packed() -> None:
    odd = build_dossier(least(meta=meta(dossier_id="")))

    with pytest.raises(RequestError) as caught:
        pack(odd, pdf=PDF)

    assert caught.value.code == "dossier_misfit"


def test_a_dossier_that_no_receiver_opens_is_not_packed() -> None:
    papers = (paper(PaperType.CONTRACT, date(2026, 7, 1), "x"),) * (archive.MOST_FILES + 1)

    with pytest.raises(RequestError) as caught:
        pack(build_dossier(least(attachments=papers)), pdf=PDF)

    assert caught.value.code == "dossier_too_heavy"


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(SOUND) - 1), st.integers(1, 255))
def test_any_changed_byte_is_found(place: int, flip: int) -> None:
    changed = bytearray(SOUND)
    changed[place] ^= flip

    assert not verify(bytes(changed)).ok


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(SOUND) - 1))
def test_any_cut_is_found(length: int) -> None:
    assert not verify(SOUND[:length]).ok


def test_something_added_behind_is_found() -> None:
    assert not verify(SOUND + b"x").ok


def test_a_changed_letter_is_found() -> None:
    files = files_of(SOUND)
    files["letters/03_letter_2026-10-12_sommatie.pdf"] = b"%PDF-1.7 y"

    assert codes(rewritten(files, relist=False)) == ["dossier_file_changed"]


def test_a_changed_attachment_is_found_behind_a_mended_manifest() -> None:
    files = files_of(SOUND)
    name = "attachments/01_contract_2026-07-01_Opdracht-2026-118.pdf"
    files[name] = b"%PDF-1.7 y"

    assert verify(rewritten(files)).faults == (
        archive.Fault(code="dossier_file_changed", where=name),
    )


@pytest.mark.parametrize(
    "name",
    ["dossier.pdf", "invoices/01_invoice_2026-08-01_F2026-0312.pdf",
     "evidence/02_evidence_2026-10-12_sommatie.txt"],
)  # fmt: skip
def test_a_removed_file_is_found_behind_a_mended_manifest(name: str) -> None:
    files = files_of(SOUND)
    del files[name]

    assert verify(rewritten(files)).faults == (
        archive.Fault(code="dossier_file_missing", where=name),
    )


def test_an_added_file_is_found() -> None:
    files = files_of(SOUND) | {"letters/99.pdf": b"x"}

    assert codes(rewritten(files)) == ["dossier_file_unlisted"]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"files": 1}', b"[" * 20_000, b'{"files": [{}], "checksum": 2}'],
)
def test_a_manifest_that_is_none_is_found(content: bytes) -> None:
    files = files_of(SOUND) | {"manifest.json": content}

    assert "dossier_manifest_changed" in codes(rewritten(files, relist=False))


@pytest.mark.parametrize("record", [{}, {"files": [{}]}, {"files": 1}, {"n": 2**60}])
def test_a_manifest_of_another_shape_is_found(record: dict[str, Any]) -> None:
    try:
        mended = record | {"checksum": manifest_checksum(record)}
    except ValueError:
        mended = record
    files = files_of(SOUND) | {"manifest.json": json_bytes(mended)}

    assert "dossier_manifest_changed" in codes(rewritten(files, relist=False))


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 20_000])
def test_unreadable_data_are_a_fault(content: bytes) -> None:
    files = files_of(SOUND) | {"dossier.json": content, "journal.json": content}

    found = verify(rewritten(files))

    assert [one.code for one in found.faults] == [
        "dossier_data_unreadable",
        "dossier_journal_unreadable",
    ]
    assert found.dossier_id is None


def test_data_outside_the_schema_are_a_fault() -> None:
    def change(data: Any) -> None:
        data["claims"][0]["open"] = 1210

    found = verify(forged("dossier.json", change))

    assert wheres(forged("dossier.json", change))[0].startswith("claims.0.open")
    assert found.dossier_id == "D-2026-7f3a91c2"


@pytest.mark.parametrize("odd", [None, [], {"dossier_id": 7}])
def test_an_odd_number_is_no_number(odd: object) -> None:
    def change(data: Any) -> None:
        data["meta"] = odd

    assert verify(forged("dossier.json", change)).dossier_id is None


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ((), "999.00", "amounts[EUR].open"),
        (("invoiced",), "1.00", "amounts[EUR].invoiced"),
        (("invoiced",), None, "amounts[EUR].invoiced"),
        (("paid",), "1.00", "amounts[EUR].paid"),
        (("credited",), "1.00", "amounts[EUR].credited"),
        (("principal",), "1.00", "amounts[EUR].principal"),
        (("interest", "amount"), "1.00", "amounts[EUR].total"),
        (("total",), "1.00", "amounts[EUR].total"),
        (("claims",), 1, "amounts[EUR].claims"),
        (("checksum",), "0" * 64, "amounts[EUR].checksum"),
        (("currency",), "USD", "amounts"),
    ],
)
def test_amounts_that_do_not_add_up_are_found(
    path: tuple[str, ...], value: object, where: str
) -> None:
    def change(data: Any) -> None:
        if not path:
            data["claims"][0]["open"] = value
            return
        place = data["amounts"][0]
        for name in path[:-1]:
            place = place[name]
        place[path[-1]] = value

    assert where in wheres(forged("dossier.json", change))


@pytest.mark.parametrize("paid", [None, "1.00"])
def test_a_line_that_does_not_add_up_is_found(paid: str | None) -> None:
    def change(data: Any) -> None:
        data["claims"][0]["paid"] = paid

    assert "claims[F2026-0312].paid" in wheres(forged("dossier.json", change))


def test_an_unknown_invoice_amount_is_no_fault() -> None:
    facts = least(claims=(claim(total=None),))

    assert verify(pack(build_dossier(facts), pdf=PDF)).ok


@pytest.mark.parametrize(
    ("entry", "field", "value", "code"),
    [
        (0, "kind", "failed", "dossier_journal_header_changed"),
        (1, "hash", "0" * 64, "dossier_journal_header_changed"),
        (0, "payload", {"total": "9.00"}, "dossier_journal_payload_changed"),
        (0, "salt", None, "dossier_journal_salt_missing"),
        (1, "sequence", 7, "dossier_journal_gap"),
        (1, "previous_hash", "0" * 64, "dossier_journal_broken_link"),
        (0, "sequence", "1", "dossier_journal_unreadable"),
        (0, "actor", 1, "dossier_journal_unreadable"),
        (0, "payload", [], "dossier_journal_unreadable"),
        (0, "salt", 1, "dossier_journal_unreadable"),
    ],
)
def test_a_changed_journal_is_found(entry: int, field: str, value: object, code: str) -> None:
    def change(journal: Any) -> None:
        journal["entries"][entry][field] = value

    assert code in codes(forged("journal.json", change))


def test_a_shortened_journal_is_found() -> None:
    def change(journal: Any) -> None:
        journal["entries"].pop()

    assert codes(forged("journal.json", change)) == ["dossier_journal_head"]


def test_an_emptied_journal_is_found() -> None:
    def change(journal: Any) -> None:
        journal["entries"] = []

    assert codes(forged("journal.json", change)) == ["dossier_journal_head"]


def test_a_journal_without_entries_is_found() -> None:
    def change(journal: Any) -> None:
        del journal["entries"]

    assert codes(forged("journal.json", change)) == ["dossier_journal_unreadable"]
