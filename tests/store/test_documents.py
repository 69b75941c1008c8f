import hashlib
from pathlib import Path

import pytest

from connector.port.errors import RequestError, StoreError
from connector.store.engine import Store

LETTER = b"%PDF-1.7 een brief"
SHA256 = hashlib.sha256(LETTER).hexdigest()


def registered(store: Store) -> list[tuple[str, str, str, int]]:
    with store.unit("a", reading=True) as unit:
        rows = unit.books._session.read("SELECT sha256, media_type, name, size FROM document")
        return [tuple(row) for row in rows]


def path(tmp_path: Path) -> Path:
    return tmp_path / "documents" / SHA256[:2] / SHA256[2:4] / SHA256


def test_a_document_is_kept_byte_for_byte_under_its_hash(store: Store, tmp_path: Path) -> None:
    key = store.documents.put(LETTER, "application/pdf", "brief.pdf", "a")

    assert key == SHA256
    assert store.documents.get(key) == LETTER
    assert path(tmp_path).read_bytes() == LETTER
    assert registered(store) == [(SHA256, "application/pdf", "brief.pdf", len(LETTER))]


def test_the_same_bytes_are_kept_once(store: Store, tmp_path: Path) -> None:
    for _ in range(2):
        store.documents.put(LETTER, "application/pdf", "brief.pdf", "a")

    assert len(registered(store)) == 1
    assert [found for found in (tmp_path / "documents").rglob("*") if found.is_file()] == [
        path(tmp_path)
    ]


def test_within_a_unit_the_register_follows_the_unit(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        put_and_fail(store)

    assert registered(store) == []
    assert store.documents.get(SHA256) == LETTER


def put_and_fail(store: Store) -> None:
    with store.unit("a"):
        store.documents.put(LETTER, "application/pdf", "brief.pdf", "a")
        _ = 1 // 0


def test_a_changed_file_is_found(store: Store, tmp_path: Path) -> None:
    store.documents.put(LETTER, "application/pdf", "brief.pdf", "a")
    path(tmp_path).write_bytes(b"%PDF-1.7 een andere brief")

    with pytest.raises(StoreError, match="document_damaged"):
        store.documents.get(SHA256)


def test_keeping_a_document_again_mends_a_damaged_file(store: Store, tmp_path: Path) -> None:
    store.documents.put(LETTER, "application/pdf", "brief.pdf", "a")
    path(tmp_path).write_bytes(b"half")

    store.documents.put(LETTER, "application/pdf", "brief.pdf", "a")

    assert store.documents.get(SHA256) == LETTER


def test_a_file_that_is_gone_is_found(store: Store, tmp_path: Path) -> None:
    store.documents.put(LETTER, "application/pdf", "brief.pdf", "a")
    path(tmp_path).unlink()

    with pytest.raises(StoreError, match="document_missing"):
        store.documents.get(SHA256)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", SHA256.upper(), SHA256[:-1]])
def test_only_a_hash_is_a_name(store: Store, key: str) -> None:
    with pytest.raises(RequestError, match="document_unknown"):
        store.documents.get(key)


def test_a_folder_that_can_not_be_written_says_so(memory_store: Store, tmp_path: Path) -> None:
    (tmp_path / "documents").write_text("in the way")

    with pytest.raises(StoreError, match="document_unwritable"):
        memory_store.documents.put(LETTER, "application/pdf", "brief.pdf", "a")

    (tmp_path / "documents").unlink()
    (tmp_path / "documents" / SHA256[:2] / SHA256[2:4] / SHA256).mkdir(parents=True)
    with pytest.raises(StoreError, match="document_unreadable"):
        memory_store.documents.get(SHA256)


def test_a_write_that_fails_leaves_no_rubbish(memory_store: Store, tmp_path: Path) -> None:
    path(tmp_path).mkdir(parents=True)

    with pytest.raises(StoreError, match="document_unwritable"):
        memory_store.documents.put(LETTER, "application/pdf", "brief.pdf", "a")

    assert [found for found in (tmp_path / "documents").rglob("*") if found.is_file()] == []
