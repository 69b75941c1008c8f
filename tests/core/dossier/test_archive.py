"""The ZIP: refused before it is opened when it is not of our own making."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.core.dossier import archive
from connector.core.dossier.archive import read_archive, write_archive
from connector.core.dossier.build import build_dossier
from connector.core.dossier.pack import pack, verify
from tests.core.dossier.samples import least


def codes(content: bytes) -> list[str]:
    return [fault.code for fault in verify(content).faults]


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", compression) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return kept.getvalue()


def test_a_compressed_archive_is_not_opened() -> None:
    bomb = zipped({"dossier.json": b"0" * 10_000_000}, zipfile.ZIP_DEFLATED)

    assert codes(bomb) == ["dossier_repacked"]


def test_an_archive_that_claims_more_than_its_weight_is_not_opened() -> None:
    content = bytearray(zipped({"a": b"x" * 10}))
    place = content.index(b"PK\x01\x02") + 24
    content[place : place + 4] = (2**31).to_bytes(4, "little")

    assert codes(bytes(content)) == ["dossier_too_large"]


def test_too_many_files_are_not_opened() -> None:
    many = zipped({f"{number}": b"" for number in range(archive.MOST_FILES + 1)})

    assert codes(many) == ["dossier_too_large"]


def test_too_large_a_file_is_not_opened() -> None:
    assert codes(bytes(archive.MOST_BYTES + 1)) == ["dossier_too_large"]


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a\\b"])
def test_a_name_that_points_outside_is_refused(name: str) -> None:
    assert codes(zipped({name: b"x"})) == ["dossier_unsafe_name"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_twice_is_refused() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        made.writestr("a", b"1")
        made.writestr("a", b"2")

    assert codes(kept.getvalue()) == ["dossier_name_twice"]


def test_a_date_before_the_zip_format_is_taken() -> None:
    assert isinstance(read_archive(write_archive({"a": b""}, date(1970, 1, 1))), dict)


def test_an_archive_packed_again_is_not_ours() -> None:
    files = read_archive(pack(build_dossier(least()), pdf=b"%PDF-1.7"))
    assert isinstance(files, dict)

    assert codes(zipped(files)) == ["dossier_repacked"]


@given(st.binary(max_size=300))
def test_any_bytes_are_taken(content: bytes) -> None:
    assert not verify(content).ok
