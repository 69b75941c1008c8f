"""What maan did is kept in Exact once, and completed where it came half-way."""

from base64 import b64decode
from typing import Any

import pytest

from adapters.exact.refs import known_only
from adapters.exact.terms import memo_of
from connector.port.adapter import Pushes, PushVerb
from connector.port.errors import (
    ContractChangedError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from connector.port.records import PartyRef
from tests.adapters.exact.push_desk import (
    ACCOUNT,
    ACCOUNTS,
    ATTACHMENTS,
    AWAY,
    DOCUMENTS,
    ENTRY,
    NOTES,
    OTHER_ACCOUNT,
    OTHER_ENTRY,
    REFUSED,
    CrashError,
    changed,
    desk,
    letter,
    message,
    order,
    term,
)

# --- what is offered


def test_the_pusher_fits_the_port() -> None:
    assert isinstance(desk().pusher, Pushes)


@pytest.mark.parametrize(
    ("choices", "tasks"), [({}, set()), ({"task": True}, {PushVerb.RECORD_TASK})]
)
def test_the_settings_decide_what_may_be_pushed(
    choices: dict[str, Any], tasks: set[PushVerb]
) -> None:
    always = {PushVerb.RECORD_MESSAGE, PushVerb.RECORD_HANDOVER}

    assert desk(**choices).pusher.verbs == always | tasks


@pytest.mark.parametrize(
    "verb", [PushVerb.REMIND, PushVerb.PAUSE, PushVerb.RESUME, PushVerb.RECORD_TASK]
)
def test_other_orders_are_refused_and_ask_nothing(verb: PushVerb) -> None:
    at = desk()
    with pytest.raises(RefusedError) as raised:
        at.pusher.push(order(verb))

    assert (raised.value.code, at.pusher.find_push(order(verb)), at.client.calls) == (
        "exact.verb_not_allowed",
        None,
        [],
    )


# --- documents


def test_a_message_becomes_a_document_at_the_invoice() -> None:
    at = desk()

    reference = at.pusher.push(message(text="maan · aanmaning\ntweede regel"))

    (row,) = at.rows(DOCUMENTS)
    assert reference == f"document:{row.pop('ID')}"
    assert row == {
        "Account": ACCOUNT,
        "Subject": "maan · aanmaning [maan k1]",
        "DocumentDate": "2026-11-26T00:00:00Z",
        "Type": 55,
        "Body": "maan · aanmaning\ntweede regel",
        "FinancialTransactionEntryID": ENTRY,
    }


def test_a_letter_hangs_on_the_document_as_a_file() -> None:
    at = desk()

    at.pusher.push(letter())

    (row,) = at.rows(ATTACHMENTS)
    assert (row["Document"], row["FileName"], b64decode(row["Attachment"])) == (
        at.rows(DOCUMENTS)[0]["ID"],
        "brief.pdf",
        b"%PDF-1",
    )


def test_a_letter_takes_three_requests() -> None:
    at = desk()

    at.pusher.push(letter())

    assert at.client.calls == [f"GET {DOCUMENTS}", f"POST {DOCUMENTS}", f"POST {ATTACHMENTS}"]


def test_terms_of_one_invoice_are_one_invoice() -> None:
    at = desk()

    at.pusher.push(message(f"R/{ENTRY}", f"R/{ENTRY}#2"))

    assert at.rows(DOCUMENTS)[0]["FinancialTransactionEntryID"] == ENTRY


def test_a_message_about_several_invoices_hangs_on_the_relation_alone() -> None:
    at = desk(memo_of(term(1)), memo_of(term(2, entry=OTHER_ENTRY)))

    at.pusher.push(message(f"R/{ENTRY}", f"R/{OTHER_ENTRY}"))

    assert "FinancialTransactionEntryID" not in at.rows(DOCUMENTS)[0]


def test_an_entry_without_an_id_is_no_link() -> None:
    at = desk(memo_of(term(entry="70.2600001.2026")))

    at.pusher.push(message("R/70.2600001.2026"))

    assert "FinancialTransactionEntryID" not in at.rows(DOCUMENTS)[0]


def test_an_entry_without_an_id_that_is_not_remembered_cant_be_asked() -> None:
    at = desk()
    with pytest.raises(RefusedError) as raised:
        at.pusher.look(message("R/70.2600001.2026"))

    assert (raised.value.code, at.client.calls) == ("exact.items_gone", [])


def test_a_document_is_made_once() -> None:
    at = desk()
    first = at.pusher.push(letter())
    at.restart()

    second = at.pusher.push(letter())

    assert (first == second, at.writes()) == (True, [])


@pytest.mark.parametrize(
    "said",
    [
        "Tekst [maan k12]",
        "Tekst [maan k1] (kopie)",
        "Tekst[maan k1]",
        "Tekst [MAAN K1]",
        None,
    ],
)
def test_another_documents_subject_is_not_ours(said: str | None) -> None:
    at = desk()
    at.client.add(DOCUMENTS, Account=ACCOUNT, Subject=said, DocumentDate="2026-11-26T00:00:00Z")

    assert at.pusher.find_push(message()) is None


def test_a_marker_at_another_relation_is_not_ours() -> None:
    at = desk()
    at.client.add(
        DOCUMENTS, Account=OTHER_ACCOUNT, Subject="x [maan k1]", DocumentDate="2026-11-26T00:00:00Z"
    )

    assert at.pusher.find_push(message()) is None


def test_an_order_stays_with_its_debtor_when_the_invoice_goes_elsewhere() -> None:
    at = desk(memo_of(term()), known_only(ACCOUNT, "10"), note=True)
    order = letter(party=PartyRef("10"))
    at.client.fail(f"POST {ATTACHMENTS}", AWAY)
    with pytest.raises(UnavailableError):
        at.pusher.push(order)
    at.tools.keep([memo_of(term(account=OTHER_ACCOUNT))])
    at.restart()

    reference = at.pusher.push(order)

    assert [len(at.rows(path)) for path in (DOCUMENTS, ATTACHMENTS, NOTES)] == [1, 1, 1]
    assert at.pusher.find_push(order) == reference
    assert at.rows(DOCUMENTS)[0]["Account"] == ACCOUNT


@pytest.mark.parametrize(("day", "found"), [("2026-11-24", False), ("2026-11-25", True)])
def test_documents_are_looked_up_from_the_day_before(day: str, *, found: bool) -> None:
    at = desk()
    at.client.add(
        DOCUMENTS, Account=ACCOUNT, Subject="x [maan k1]", DocumentDate=f"{day}T00:00:00Z"
    )

    assert (at.pusher.find_push(message()) is not None) is found


def test_of_two_with_the_same_marker_always_the_same_is_named() -> None:
    at = desk()
    rows = [
        at.client.add(
            DOCUMENTS, Account=ACCOUNT, Subject="x [maan k1]", DocumentDate="2026-11-26T00:00:00Z"
        )
        for _ in range(2)
    ]
    at.rows(DOCUMENTS).reverse()

    assert at.pusher.find_push(message()) == f"document:{rows[0]['ID']}"


def test_a_marked_document_without_an_id_is_not_taken_for_none() -> None:
    at = desk()
    at.client.add(
        DOCUMENTS, Account=ACCOUNT, Subject="x [maan k1]", DocumentDate="2026-11-26", ID=None
    )
    with pytest.raises(ContractChangedError):
        at.pusher.push(message())

    assert at.writes() == []


# --- what came half-way


@pytest.mark.parametrize("error", [AWAY, REFUSED, RateLimitError("wire_rate_limited", after=5)])
def test_a_file_that_is_missing_is_added_and_the_document_not_doubled(error: Any) -> None:
    at = desk()
    at.client.fail(f"POST {ATTACHMENTS}", error)
    with pytest.raises(type(error)):
        at.pusher.push(letter())
    missed = at.pusher.find_push(letter())
    at.restart()

    at.pusher.push(letter())

    assert (missed, len(at.rows(DOCUMENTS)), len(at.rows(ATTACHMENTS))) == (None, 1, 1)


def test_a_file_that_a_person_added_is_not_the_letter() -> None:
    at = desk()
    at.pusher.push(message())
    at.client.add(ATTACHMENTS, Document=at.rows(DOCUMENTS)[0]["ID"], FileName="ander.pdf")

    at.pusher.push(letter())

    assert [row["FileName"] for row in at.rows(ATTACHMENTS)] == ["ander.pdf", "brief.pdf"]


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize(
    "call",
    [f"POST {DOCUMENTS}", f"POST {ATTACHMENTS}", f"POST {NOTES}", f"PUT {ACCOUNTS}"],
)
def test_a_crash_at_any_step_doubles_nothing(call: str, *, done: bool) -> None:
    at = desk(note=True, at_handover="block")
    wish = changed(letter(), verb=PushVerb.RECORD_HANDOVER)
    at.client.fail(call, CrashError(), done=done)
    with pytest.raises(CrashError):
        at.pusher.push(wish)
    at.restart()

    reference = at.pusher.push(wish)

    assert [len(at.rows(path)) for path in (DOCUMENTS, ATTACHMENTS, NOTES)] == [1, 1, 1]
    assert (at.rows(ACCOUNTS)[0]["Blocked"], at.pusher.find_push(wish)) == (True, reference)


def test_a_complete_document_is_found() -> None:
    at = desk(note=True)

    reference = at.pusher.push(letter())

    assert at.pusher.find_push(letter()) == reference
