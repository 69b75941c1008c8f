"""What maan did is noted once; what it pauses it lets go again, and nothing else."""

from collections.abc import Callable
from typing import Any

import pytest

from adapters.moneybird.endpoints import Resource
from connector.port.adapter import Pushes, PushOrder, PushVerb
from connector.port.errors import (
    ContractChangedError,
    OutcomeUnknownError,
    RefusedError,
    UnavailableError,
)
from tests.adapters.moneybird.push_desk import AWAY, REFUSED, UNKNOWN, Desk, desk, invoice, order

# --- what is offered


def test_the_pusher_fits_the_port() -> None:
    assert isinstance(desk().pusher, Pushes)


@pytest.mark.parametrize(
    ("choices", "missing"),
    [
        ({}, set()),
        ({"notes": False}, {PushVerb.RECORD_MESSAGE}),
        ({"workflow": "leave"}, {PushVerb.PAUSE}),
    ],
)
def test_the_settings_decide_what_may_be_pushed(
    choices: dict[str, Any], missing: set[PushVerb]
) -> None:
    assert set(PushVerb) - desk(**choices).pusher.verbs == missing | {PushVerb.RECORD_TASK}


def test_tasks_stay_with_maan() -> None:
    at = desk(invoice(1))
    task = order(PushVerb.RECORD_TASK, "R/1")
    with pytest.raises(RefusedError):
        at.pusher.push(task)

    assert (at.pusher.find_push(task), at.client.calls) == (None, [])


# --- notes


def message(*items: str, **fields: Any) -> PushOrder:
    return order(PushVerb.RECORD_MESSAGE, *(items or ("R/1",)), **fields)


def handover(*items: str, **fields: Any) -> PushOrder:
    return order(PushVerb.RECORD_HANDOVER, *(items or ("R/1",)), **fields)


def texts(at: Desk, id_: int = 1, resource: Resource = Resource.SALES) -> list[str]:
    return [note["note"] for note in at.client.row(id_, resource)["notes"]]


def test_a_message_is_noted_with_maans_marker() -> None:
    at = desk(invoice(1))

    reference = at.pusher.push(message())

    assert (reference, texts(at)) == ("notes:1", ["Tekst\n[maan k1]"])


def test_invoices_of_elsewhere_are_noted_too() -> None:
    at = desk(invoice(1))
    at.client.add(invoice(2), Resource.EXTERNAL)

    at.pusher.push(message("R/1", "X/2"))

    assert texts(at, 2, Resource.EXTERNAL) == ["Tekst\n[maan k1]"]


def test_a_note_is_written_once() -> None:
    at = desk(invoice(1))
    at.pusher.push(message())
    at.restart()
    at.pusher.push(message())

    assert len(texts(at)) == 1


def test_what_failed_half_way_is_completed() -> None:
    at = desk(invoice(1), invoice(2))
    at.client.fail("note", None)
    at.client.fail("note", AWAY)
    with pytest.raises(UnavailableError):
        at.pusher.push(message("R/1", "R/2"))

    at.pusher.push(message("R/1", "R/2"))

    assert (len(texts(at, 1)), len(texts(at, 2))) == (1, 1)


def test_a_marker_counts_as_a_line_of_its_own() -> None:
    at = desk(invoice(1))
    at.client.note(Resource.SALES, 1, "zie [maan k1] en [maan k12]\n[maan k12]")

    assert at.pusher.find_push(message()) is None


def test_a_note_that_was_written_before_the_line_broke_is_found() -> None:
    at = desk(invoice(1))
    at.client.fail("note", UNKNOWN, done=True)

    assert (at.pusher.push(message()), len(texts(at))) == ("notes:1", 1)


def test_a_note_whose_answer_cant_be_read_is_looked_for() -> None:
    at = desk(invoice(1))
    at.client.fail("note", ContractChangedError("wire_not_json"), done=True)

    assert at.pusher.push(message()) == "notes:1"


def test_more_than_a_hundred_invoices_are_read_in_pieces() -> None:
    at = desk(*(invoice(id_) for id_ in range(1, 151)))

    reference = at.pusher.push(message(*(f"R/{id_}" for id_ in range(1, 151))))

    assert (reference, at.client.calls.count("fetch")) == ("notes:150", 2)


def test_a_note_that_was_not_written_is_told_to_be_certain() -> None:
    at = desk(invoice(1))
    at.client.fail("note", UNKNOWN)

    with pytest.raises(UnavailableError) as raised:
        at.pusher.push(message())

    assert (raised.value.code, at.clock.slept) == ("moneybird.not_done", [2])


def test_a_note_that_cant_be_read_back_asks_a_person() -> None:
    at = desk(invoice(1))
    at.client.fail("note", UNKNOWN)
    at.client.fail("fetch", None)
    at.client.fail("fetch", AWAY)

    with pytest.raises(OutcomeUnknownError):
        at.pusher.push(message())


def test_a_note_on_what_is_gone_is_refused() -> None:
    with pytest.raises(RefusedError) as raised:
        desk().pusher.push(message())

    assert raised.value.code == "moneybird.items_gone"


@pytest.mark.parametrize("item", ["P/1", "Q/1", "Z/1", "R/x"])
def test_only_invoices_to_debtors_are_noted(item: str) -> None:
    with pytest.raises(RefusedError) as raised:
        desk(invoice(1)).pusher.push(message(item))

    assert raised.value.code == "moneybird.not_pushable"


def test_notes_are_found_when_all_are_there() -> None:
    at = desk(invoice(1), invoice(2))
    at.pusher.push(message("R/1"))
    some = at.pusher.find_push(message("R/1", "R/2"))
    at.pusher.push(message("R/1", "R/2"))

    assert (some, at.pusher.find_push(message("R/1", "R/2"))) == (None, "notes:2")


# --- handing over


def test_a_handover_is_a_note_by_default() -> None:
    at = desk(invoice(1))

    at.pusher.push(handover())

    assert at.client.calls == ["fetch", "note"]


def test_a_handover_may_book_the_invoice_as_dubious() -> None:
    at = desk(invoice(1), handover="dubious")

    at.pusher.push(handover())

    assert (at.client.row(1)["marked_dubious_on"], len(texts(at))) == ("2026-11-26", 1)


def test_a_message_books_nothing_as_dubious() -> None:
    at = desk(invoice(1), handover="dubious")

    at.pusher.push(message())

    assert "dubious" not in at.client.calls


def test_what_is_dubious_already_is_not_booked_again() -> None:
    at = desk(invoice(1, marked_dubious_on="2026-11-01"), handover="dubious")

    at.pusher.push(handover())

    assert at.client.row(1)["marked_dubious_on"] == "2026-11-01"


def test_a_handover_is_noted_where_it_cant_be_booked() -> None:
    at = desk(invoice(1), handover="dubious")
    at.client.fail("dubious", REFUSED)

    reference = at.pusher.push(handover())

    assert (reference, len(texts(at))) == ("notes:1 dubious_refused:1", 1)


def test_a_booking_that_went_before_the_line_broke_is_found() -> None:
    at = desk(invoice(1), handover="dubious")
    at.client.fail("dubious", UNKNOWN, done=True)

    at.pusher.push(handover())

    assert at.client.calls.count("dubious") == 1


def test_a_handover_counts_as_recorded_when_its_booking_was_done_too() -> None:
    at = desk(invoice(1), handover="dubious")
    at.client.fail("dubious", UNKNOWN)
    with pytest.raises(UnavailableError):
        at.pusher.push(handover())

    assert at.pusher.find_push(handover()) is None


# --- pausing


def pause(*items: str, **fields: Any) -> PushOrder:
    return order(PushVerb.PAUSE, *(items or ("R/1",)), **({"key": "k1-pause"} | fields))


def resume(*items: str, **fields: Any) -> PushOrder:
    return order(PushVerb.RESUME, *(items or ("R/1",)), **({"key": "k1-resume"} | fields))


def test_a_pause_is_noted_before_it_begins() -> None:
    at = desk(invoice(1))

    reference = at.pusher.push(pause())

    assert reference == "paused:1"
    assert (at.client.calls, texts(at)) == (
        ["fetch", "note", "pause"],
        ["Tekst\n[maan k1-pause]"],
    )


def test_a_note_of_a_pause_is_known_by_its_end() -> None:
    at = desk(invoice(1))

    at.pusher.push(pause(key="k1"))

    assert texts(at) == ["Tekst\n[maan k1-pause]"]


def test_what_somebody_else_paused_is_left_and_not_noted() -> None:
    at = desk(invoice(1, paused=True))

    reference = at.pusher.push(pause())

    assert (reference, texts(at), at.client.calls) == ("paused:0", [], ["fetch"])


@pytest.mark.parametrize("state", ["paid", "uncollectible", "draft"])
def test_what_is_settled_is_not_paused(state: str) -> None:
    at = desk(invoice(1, state=state))

    at.pusher.push(pause())

    assert at.client.calls == ["fetch"]


def test_invoices_of_elsewhere_have_nothing_to_pause() -> None:
    at = desk()
    at.client.add(invoice(2), Resource.EXTERNAL)

    assert at.pusher.push(pause("X/2")) == "paused:0"


def test_a_pause_goes_on_where_it_broke_off_after_the_note() -> None:
    at = desk(invoice(1))
    at.client.fail("pause", AWAY)
    with pytest.raises(UnavailableError):
        at.pusher.push(pause())
    missed = at.pusher.find_push(pause())
    at.restart()

    at.pusher.push(pause())

    assert (missed, at.client.row(1)["paused"], len(texts(at))) == (None, True, 1)


def test_a_pause_that_was_ended_by_a_person_is_repeated_and_noted_afresh() -> None:
    at = desk(invoice(1))
    at.pusher.push(pause())
    at.clock.advance(60)
    at.client.resume(1)
    missed = at.pusher.find_push(pause())
    at.clock.advance(60)

    reference = at.pusher.push(pause())

    assert (missed, reference, at.client.row(1)["paused"]) == (None, "paused:1", True)
    assert texts(at) == ["Tekst\n[maan k1-pause]"] * 2


def test_a_second_pause_is_maans_to_end() -> None:
    at = desk(invoice(1))
    at.pusher.push(pause())
    at.clock.advance(60)
    at.client.resume(1)
    at.clock.advance(60)
    at.pusher.push(pause())
    at.clock.advance(60)

    at.pusher.push(resume())

    assert at.client.row(1)["paused"] is False


def test_a_fresh_note_that_was_not_written_is_not_taken_for_the_old_one() -> None:
    at = desk(invoice(1))
    at.pusher.push(pause())
    at.clock.advance(60)
    at.client.resume(1)
    at.client.fail("note", UNKNOWN)

    with pytest.raises(UnavailableError):
        at.pusher.push(pause())

    assert at.client.row(1)["paused"] is False


def test_a_pause_that_began_before_the_line_broke_is_found() -> None:
    at = desk(invoice(1))
    at.client.fail("pause", UNKNOWN, done=True)

    assert (at.pusher.push(pause()), at.client.calls.count("pause")) == ("paused:1", 1)


def test_a_pause_may_use_the_reserve_for_a_message_waits_for_it() -> None:
    at = desk(invoice(1))
    at.client.fail("note", UNKNOWN, done=True)
    at.client.fail("pause", UNKNOWN, done=True)

    at.pusher.push(pause())

    assert at.client.urgent == at.client.calls == ["fetch", "note", "fetch", "pause", "fetch"]


def test_what_can_wait_leaves_the_reserve_alone() -> None:
    at = desk(invoice(1), handover="dubious")
    at.pusher.push(pause())
    at.client.urgent.clear()
    for call in ("note", "dubious", "resume"):
        at.client.fail(call, UNKNOWN, done=True)

    for each in (message(), handover(), resume()):
        at.pusher.push(each)
        at.pusher.find_push(each)

    assert at.client.urgent == []


def test_a_pause_that_did_not_begin_is_told_to_be_certain() -> None:
    at = desk(invoice(1))
    at.client.fail("pause", UNKNOWN)

    with pytest.raises(UnavailableError):
        at.pusher.push(pause())


def test_a_pause_of_which_nothing_came_is_told() -> None:
    at = desk(invoice(1))
    at.client.is_deaf = True

    with pytest.raises(UnavailableError):
        at.pusher.push(pause())


def test_a_pause_is_found() -> None:
    at = desk(invoice(1), invoice(2, paused=True), invoice(3))
    at.pusher.push(pause("R/1", "R/2"))

    found = [at.pusher.find_push(pause("R/1", "R/2")), at.pusher.find_push(pause("R/1", "R/3"))]

    assert found == ["paused:1", None]


def test_what_maan_paused_goes_on_again() -> None:
    at = desk(invoice(1))
    at.pusher.push(pause())

    reference = at.pusher.push(resume())

    assert (reference, at.client.row(1)["paused"]) == ("resumed:1", False)


@pytest.mark.parametrize("note", ["[maan k1]", "[maan k1-pauze]", "zie [maan k1-pause]", ""])
def test_what_somebody_else_paused_stays_paused(note: str) -> None:
    at = desk(invoice(1, paused=True))
    at.client.note(Resource.SALES, 1, note)

    at.pusher.push(resume())

    assert at.client.row(1)["paused"] is True


def test_what_went_on_again_before_maan_paused_it_is_paused_by_maan() -> None:
    at = desk(invoice(1))
    at.client.tell(1, "unpaused")
    at.clock.advance(60)
    at.pusher.push(pause())

    at.pusher.push(resume())

    assert at.client.row(1)["paused"] is False


def test_a_pause_by_a_person_after_ours_had_ended_stays() -> None:
    at = desk(invoice(1))
    at.pusher.push(pause())
    at.clock.advance(60)
    at.client.resume(1)
    at.client.row(1)["paused"] = True

    at.pusher.push(resume())

    assert at.client.row(1)["paused"] is True


def test_what_runs_is_not_resumed() -> None:
    at = desk(invoice(1))

    assert (at.pusher.push(resume()), at.client.calls) == ("resumed:0", ["fetch"])


@pytest.mark.parametrize("state", ["paid", "uncollectible"])
def test_a_settled_invoice_may_refuse_to_go_on(state: str) -> None:
    at = desk(invoice(1))
    at.pusher.push(pause())
    at.client.row(1)["state"] = state
    at.client.fail("resume", REFUSED)

    assert at.pusher.push(resume()) == "resumed:1"


def test_an_open_invoice_may_not_refuse_to_go_on() -> None:
    at = desk(invoice(1))
    at.pusher.push(pause())
    at.client.fail("resume", REFUSED)

    with pytest.raises(RefusedError):
        at.pusher.push(resume())


def test_a_resumption_is_found_by_what_is_not_paused_any_more() -> None:
    at = desk(invoice(1))
    at.pusher.push(pause())
    paused = at.pusher.find_push(resume())
    at.pusher.push(resume())

    assert (paused, at.pusher.find_push(resume())) == (None, "resumed:1")


def test_what_maan_never_paused_was_not_resumed() -> None:
    at = desk(invoice(1))

    assert at.pusher.find_push(resume()) is None


def test_a_settled_invoice_that_stays_paused_counts_as_let_go() -> None:
    at = desk(invoice(1))
    at.pusher.push(pause())
    at.client.row(1)["state"] = "paid"

    assert at.pusher.find_push(resume()) == "resumed:1"


@pytest.mark.parametrize("make", [message, handover, pause, resume])
def test_a_reference_stays_the_same(make: Callable[[], PushOrder]) -> None:
    at = desk(invoice(1), handover="dubious")
    at.client.fail("dubious", REFUSED)
    at.pusher.push(pause())
    first = at.pusher.push(make())

    assert [first, first] == [at.pusher.push(make()), at.pusher.find_push(make())]
