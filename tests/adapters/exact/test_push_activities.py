"""Notes and tasks are made once; subjects and files have names that can be found again."""

import pytest

from adapters.exact.marks import SUBJECT_LENGTH, file_name, is_marked, subject
from connector.port.errors import (
    UnavailableError,
)
from tests.adapters.exact.push_desk import (
    ACCOUNT,
    AWAY,
    DOCUMENTS,
    NOTES,
    TASKS,
    changed,
    desk,
    message,
    task,
)

# --- notes


def test_no_note_is_made_unless_asked() -> None:
    at = desk()

    at.pusher.push(message())

    assert at.rows(NOTES) == []


def test_a_note_is_made_beside_the_document() -> None:
    at = desk(note=True)

    at.pusher.push(message())

    (row,) = at.rows(NOTES)
    assert row | {"ID": ""} == {
        "ID": "",
        "Account": ACCOUNT,
        "Subject": "Tekst [maan k1]",
        "Date": "2026-11-26T00:00:00Z",
        "Notes": "Tekst",
        "Document": at.rows(DOCUMENTS)[0]["ID"],
    }


def test_a_note_that_is_missing_is_added() -> None:
    at = desk(note=True)
    at.client.fail(f"POST {NOTES}", AWAY)
    with pytest.raises(UnavailableError):
        at.pusher.push(message())
    missed = at.pusher.find_push(message())
    at.restart()

    at.pusher.push(message())
    at.pusher.push(message())

    assert (missed, len(at.rows(DOCUMENTS)), len(at.rows(NOTES))) == (None, 1, 1)


# --- tasks


@pytest.mark.parametrize(
    ("facts", "type_"), [({"kind": "call"}, 1), ({"kind": "task"}, 0), ({}, 0)]
)
def test_a_task_is_made_for_a_person(facts: dict[str, str], type_: int) -> None:
    at = desk(task=True)

    reference = at.pusher.push(task(facts=facts))

    (row,) = at.rows(TASKS)
    assert reference == f"task:{row.pop('ID')}"
    assert row == {
        "Account": ACCOUNT,
        "Description": "Tekst [maan k1]",
        "ActionDate": "2026-11-26T00:00:00Z",
        "Notes": "Tekst",
        "TaskType": type_,
    }


def test_a_task_is_made_once() -> None:
    at = desk(task=True)
    reference = at.pusher.push(task())
    at.restart()

    assert (at.pusher.push(task()), at.pusher.find_push(task()), at.client.calls) == (
        reference,
        reference,
        [f"GET {TASKS}"] * 2,
    )


def test_a_task_that_was_not_made_is_not_found() -> None:
    assert desk(task=True).pusher.find_push(task()) is None


# --- marks


def test_a_long_subject_keeps_its_marker_whole() -> None:
    made = subject("Herinnering " * 40, "k1")

    assert (len(made) <= SUBJECT_LENGTH, is_marked(made, "k1")) == (True, True)


def test_a_subject_that_is_too_long_ends_at_a_whole_part() -> None:
    title = "maan · 23-11-2026 · herinnering · e-mail · € 242,00 · 26000001, 26000002"

    assert subject(f"{title}\nFactuur 26000001", "09e5eb99df58-2026-11-23") == (
        "maan · 23-11-2026 · herinnering · e-mail · € 242,00 [maan 09e5eb99df58-2026-11-23]"
    )


def test_a_part_that_alone_is_too_long_is_cut() -> None:
    made = subject("Tekst" * 40 + " · € 242,00", "k1")

    assert (len(made), "€" in made) == (SUBJECT_LENGTH, False)


def test_a_long_key_is_never_cut() -> None:
    assert is_marked(subject("Tekst", "k" * 200), "k" * 200)


def test_a_message_without_words_has_a_subject() -> None:
    assert subject(" \n\t\n", "k1") == "maan [maan k1]"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "maan-a-b.pdf"),
        ({"file": "brief 12.pdf"}, "brief-12.pdf"),
        ({"file": "../../etc/passwd"}, "passwd"),
        ({"file": "C:\\map\\brief.pdf"}, "brief.pdf"),
        ({"file": "..."}, "maan-a-b.pdf"),
        ({"file": "x" * 300 + ".pdf"}, "x" * 96 + ".pdf"),
        ({"file": "x" * 300}, "x" * 100),
        ({"file": "x." + "y" * 300}, "x." + "y" * 98),
    ],
)
def test_a_file_has_a_plain_name(given: dict[str, str], name: str) -> None:
    assert file_name(changed(message(), key="a/b", facts=given)) == name
