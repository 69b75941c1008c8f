"""Channels that write files: whole or not at all, once, and found again."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from connector.channels.agency import FolderAgency
from connector.channels.base import Channel
from connector.channels.folder_mail import FolderMail
from connector.channels.post import COLUMNS, PRINT_LIST, PostChannel, collection_day
from connector.core.days import Calendar
from connector.port.errors import NotDeliveredError
from tests.channels.make import channel, free_port, parcel
from tests.core.letters.make import recipient

POST = {"key": "ab12cd34ef56-post", "pdf": b"%PDF-1.7 brief"}
DOSSIER = ("D-2026-001.zip", "application/zip", b"PK dossier")
HANDOVER = {"key": "ab12cd34ef56-agency", "letter": None, "attachments": (DOSSIER,)}


def post(folder: Path) -> PostChannel:
    return PostChannel(folder, Calendar())


def printed(folder: Path, day: str = "2026-11-23") -> list[list[str]]:
    with (folder / day / PRINT_LIST).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines, delimiter=";"))


def files(folder: Path) -> list[str]:
    found = (file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    return sorted(name for name in found if name != ".lock")


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), date(2026, 11, 24)),  # 17:00 in Amsterdam
        (datetime(2026, 11, 22, 23, 30, tzinfo=UTC), date(2026, 11, 23)),  # Monday in Amsterdam
        (datetime(2026, 11, 21, 9, 0, tzinfo=UTC), date(2026, 11, 23)),  # Saturday
        (datetime(2026, 11, 20, 16, 30, tzinfo=UTC), date(2026, 11, 23)),  # Friday evening
        (datetime(2026, 12, 25, 9, 0, tzinfo=UTC), date(2026, 12, 28)),  # Christmas
    ],
)
def test_a_letter_is_dated_the_next_collection(created: datetime, expected: date) -> None:
    assert collection_day(created, Calendar()) == expected


def test_a_letter_and_its_line_on_the_list_are_put_ready(tmp_path: Path) -> None:
    out = post(tmp_path)

    sent = out.send(out.prepare(parcel(**POST)))

    assert files(tmp_path) == ["2026-11-23/ab12cd34ef56-post.pdf", "2026-11-23/printlijst.csv"]
    assert printed(tmp_path)[0] == list(COLUMNS)
    assert printed(tmp_path)[1] == [
        "ab12cd34ef56-post.pdf", "Bakkerij De Wit", "", "Keizersgracht 12", "1015 CJ", "Amsterdam",
        "NL", "10023",
    ]  # fmt: skip
    assert (sent.reference, sent.on) == ("2026-11-23/ab12cd34ef56-post.pdf", date(2026, 11, 23))
    assert sent == out.find("ab12cd34ef56-post")


def test_the_list_opens_in_a_dutch_spreadsheet(tmp_path: Path) -> None:
    out = post(tmp_path)

    out.send(out.prepare(parcel(**POST)))

    content = (tmp_path / "2026-11-23" / PRINT_LIST).read_bytes()
    assert content.startswith(b'\xef\xbb\xbf"bestand";"naam";')
    assert content.endswith(b'"10023"\r\n')


@pytest.mark.parametrize("name", ["=1+1", "+31", "-x", "@a", "\t=1"])
def test_no_cell_of_the_list_is_a_formula(tmp_path: Path, name: str) -> None:
    out = post(tmp_path)

    out.send(out.prepare(parcel(**POST, recipient=recipient(name=name))))

    assert printed(tmp_path)[1][1] == "'" + name.strip()


def test_letters_of_a_day_stand_on_one_list(tmp_path: Path) -> None:
    out = post(tmp_path)

    for key in ("a-post", "b-post"):
        out.send(out.prepare(parcel(**(POST | {"key": key}))))

    assert [row[0] for row in printed(tmp_path)[1:]] == ["a-post.pdf", "b-post.pdf"]


def test_a_letter_is_put_ready_once_whatever_the_day(tmp_path: Path) -> None:
    out = post(tmp_path)
    first = out.send(out.prepare(parcel(**POST)))

    again = out.send(out.prepare(parcel(**POST, created=datetime(2026, 11, 25, 9, 0, tzinfo=UTC))))

    assert again == first
    assert len(files(tmp_path)) == 2
    assert len(printed(tmp_path)) == 2


def test_a_letter_that_was_written_but_not_listed_is_finished_on_its_day(tmp_path: Path) -> None:
    out = post(tmp_path)
    begun = tmp_path / "2026-11-20" / "ab12cd34ef56-post.pdf"
    begun.parent.mkdir()
    begun.write_bytes(b"%PDF half")

    assert out.find("ab12cd34ef56-post") is None
    sent = out.send(out.prepare(parcel(**POST)))

    assert sent.on == date(2026, 11, 20)
    assert begun.read_bytes() == b"%PDF-1.7 brief"
    assert files(tmp_path) == ["2026-11-20/ab12cd34ef56-post.pdf", "2026-11-20/printlijst.csv"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"pdf": None}, "post_without_letter"),
        ({"recipient": recipient(street=None)}, "post_address_missing"),
        ({"recipient": recipient(postcode=None)}, "post_address_missing"),
        ({"recipient": recipient(city="")}, "post_address_missing"),
        ({"key": "a/b"}, "delivery_key_unsafe"),
    ],
)
def test_what_can_not_be_posted_is_refused_for_good(
    tmp_path: Path, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(NotDeliveredError) as refused:
        post(tmp_path).prepare(parcel(**(POST | fields)))

    assert (refused.value.code, refused.value.facts["permanent"]) == (code, True)
    assert files(tmp_path) == []


def test_a_garbled_list_is_said_and_left_alone(tmp_path: Path) -> None:
    out = post(tmp_path)
    garbled = tmp_path / "2026-11-23" / PRINT_LIST
    garbled.parent.mkdir()
    garbled.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(NotDeliveredError) as refused:
        out.send(out.prepare(parcel(**POST)))

    assert (refused.value.code, refused.value.facts["permanent"]) == ("folder_unusable", False)
    assert garbled.read_bytes() == b"\xff\xfe\x00"


def test_a_rehearsed_mail_is_a_file_that_a_mail_program_opens(tmp_path: Path) -> None:
    mail = FolderMail(tmp_path)
    prepared = mail.prepare(parcel())

    sent = mail.send(prepared)

    assert (tmp_path / "ab12cd34ef56-email.eml").read_bytes() == prepared.content
    assert (sent.on, sent.recipient) == (date(2026, 11, 23), "info@dewit.example")
    assert sent == mail.send(prepared) == mail.find("ab12cd34ef56-email")
    assert files(tmp_path) == ["ab12cd34ef56-email.eml"]


def test_a_rehearsed_mail_is_the_real_one(tmp_path: Path) -> None:
    rehearsed = FolderMail(tmp_path, redirect_to="piet@kantoor.example").prepare(parcel())

    real = channel(free_port(), redirect_to="piet@kantoor.example").prepare(parcel())

    assert rehearsed == real


def test_a_dossier_is_put_in_the_folder_of_its_agency(tmp_path: Path) -> None:
    agency = FolderAgency(tmp_path, "voorbeeld-incasso")
    prepared = agency.prepare(parcel(**HANDOVER))

    sent = agency.send(prepared)

    assert (tmp_path / "voorbeeld-incasso" / "D-2026-001.zip").read_bytes() == DOSSIER[2]
    assert (sent.reference, sent.on) == ("voorbeeld-incasso/D-2026-001.zip", date(2026, 11, 23))
    assert sent == agency.send(prepared) == agency.find("ab12cd34ef56-agency")


def test_a_dossier_that_was_written_without_receipt_is_not_counted_and_can_be_finished(
    tmp_path: Path,
) -> None:
    agency = FolderAgency(tmp_path, "bureau")
    (tmp_path / "bureau").mkdir()
    (tmp_path / "bureau" / DOSSIER[0]).write_bytes(DOSSIER[2])

    assert agency.find("ab12cd34ef56-agency") is None
    sent = agency.send(agency.prepare(parcel(**HANDOVER)))
    assert sent == agency.find("ab12cd34ef56-agency")


def test_another_dossier_is_never_written_over(tmp_path: Path) -> None:
    agency = FolderAgency(tmp_path, "bureau")
    agency.send(agency.prepare(parcel(**HANDOVER)))
    other = HANDOVER | {"key": "x-agency", "attachments": ((*DOSSIER[:2], b"PK ander"),)}

    with pytest.raises(NotDeliveredError) as refused:
        agency.send(agency.prepare(parcel(**other)))

    assert refused.value.code == "agency_file_exists"
    assert (tmp_path / "bureau" / DOSSIER[0]).read_bytes() == DOSSIER[2]


@pytest.mark.parametrize(
    ("attachments", "code"),
    [
        ((), "agency_without_dossier"),
        ((DOSSIER, DOSSIER), "agency_without_dossier"),
        ((("a.pdf", "application/pdf", b""),), "agency_without_dossier"),
        ((("../a.zip", "application/zip", b""),), "agency_file_unsafe"),
        (((".zip", "application/zip", b""),), "agency_file_unsafe"),
    ],
)
def test_only_one_dossier_with_a_plain_name_is_handed_over(
    tmp_path: Path, attachments: Any, code: str
) -> None:
    with pytest.raises(NotDeliveredError) as refused:
        FolderAgency(tmp_path, "bureau").prepare(
            parcel(**(HANDOVER | {"attachments": attachments}))
        )

    assert refused.value.code == code


@pytest.mark.parametrize("agency", ["../ergens", "", ".", "a/b"])
def test_an_agency_stays_in_its_own_folder(tmp_path: Path, agency: str) -> None:
    with pytest.raises(NotDeliveredError):
        FolderAgency(tmp_path, agency)


def test_a_folder_that_can_not_be_used_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    ways: list[tuple[Channel, dict[str, Any]]] = [
        (post(blocked), POST),
        (FolderMail(blocked), {}),
        (FolderAgency(blocked, "bureau"), HANDOVER),
    ]

    for way, fields in ways:
        with pytest.raises(NotDeliveredError) as refused:
            way.send(way.prepare(parcel(**fields)))
        assert refused.value.code == "folder_unusable"


def test_no_draft_is_left_behind(tmp_path: Path) -> None:
    out = post(tmp_path)

    out.send(out.prepare(parcel(**POST)))

    assert [file.name for file in tmp_path.rglob("*.draft")] == []


@pytest.mark.parametrize("name", ["email", "post", "agency"])
def test_every_channel_says_its_name(tmp_path: Path, name: str) -> None:
    channels: list[Channel] = [
        FolderMail(tmp_path),
        post(tmp_path),
        FolderAgency(tmp_path, "bureau"),
        channel(free_port()),
    ]

    assert name in {one.name for one in channels}
