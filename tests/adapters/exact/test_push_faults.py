"""Each fault of the line, before and after the effect: nothing is doubled and nothing lost."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from adapters.exact.simulator import Fault
from connector.port.adapter import PushOrder, PushVerb
from connector.port.errors import (
    AuthorisationError,
    OutcomeUnknownError,
    RateLimitError,
    RefusedError,
    UnavailableError,
)
from tests.adapters.exact.push_desk import (
    ATTACHMENTS,
    DOCUMENTS,
    NOTES,
    TASKS,
    TYPES,
    handover,
    letter,
    message,
    task,
)
from tests.adapters.exact.push_line import AFTER, BEFORE, REFUSING, Line, push_line

WRITES = [
    (DOCUMENTS, PushVerb.RECORD_MESSAGE),
    (ATTACHMENTS, PushVerb.RECORD_MESSAGE),
    (NOTES, PushVerb.RECORD_MESSAGE),
    (TASKS, PushVerb.RECORD_TASK),
]


def counts(line: Line) -> list[int]:
    package = line.package
    lists: Sequence[Any] = (package.documents, package.attachments, package.notes, package.tasks)
    return [len(one) for one in lists]


def wish_for(verb: PushVerb, item: str) -> PushOrder:
    return task(item) if verb is PushVerb.RECORD_TASK else letter(item)


def whole(verb: PushVerb) -> list[int]:
    return [0, 0, 0, 1] if verb is PushVerb.RECORD_TASK else [1, 1, 1, 0]


@pytest.fixture
def line() -> Iterator[Line]:
    with push_line() as one:
        yield one


@pytest.mark.parametrize("fault", AFTER)
@pytest.mark.parametrize(("path", "verb"), WRITES)
def test_what_was_written_is_found_over_the_line(
    line: Line, path: str, verb: PushVerb, fault: Fault
) -> None:
    line.choose(note=True, task=True)
    wish = wish_for(verb, line.invoice())
    line.package.fault(fault, match=f"POST /api/v1/{line.package.division}/{path}")

    first = line.pusher().push(wish)
    second = line.pusher().push(wish)

    assert (counts(line), first) == (whole(verb), second)


@pytest.mark.parametrize("fault", BEFORE)
@pytest.mark.parametrize(("path", "verb"), WRITES)
def test_what_was_not_written_is_written_the_next_time(
    line: Line, path: str, verb: PushVerb, fault: Fault
) -> None:
    line.choose(note=True, task=True)
    wish = wish_for(verb, line.invoice())
    line.package.fault(fault, match=f"POST /api/v1/{line.package.division}/{path}")
    with pytest.raises(UnavailableError) as raised:
        line.pusher().push(wish)
    missed = line.pusher().find_push(wish)

    line.pusher().push(wish)

    assert (raised.value.code, missed, counts(line)) == ("exact.not_done", None, whole(verb))


@pytest.mark.parametrize("fault", REFUSING)
@pytest.mark.parametrize(("path", "verb"), WRITES)
def test_what_was_refused_is_not_asked_again_in_the_same_breath(
    line: Line, path: str, verb: PushVerb, fault: Fault
) -> None:
    line.choose(note=True, task=True)
    wish = wish_for(verb, line.invoice())
    line.package.fault(fault, match=f"POST /api/v1/{line.package.division}/{path}")

    with pytest.raises((RefusedError, AuthorisationError, RateLimitError)):
        line.pusher().push(wish)

    assert (
        line.package.count(f"POST /api/v1/{line.package.division}/{path}"),
        line.package.blocks,
    ) == (1, 0)


def test_what_cant_be_read_back_is_unknown_and_looked_up_the_next_time(line: Line) -> None:
    wish = letter(line.invoice())
    line.package.fault(
        Fault.TIMEOUT_AFTER, match=f"POST /api/v1/{line.package.division}/{DOCUMENTS}"
    )
    line.package.fault(
        Fault.UNAVAILABLE, match=f"GET /api/v1/{line.package.division}/{DOCUMENTS}", nth=2, times=9
    )
    with pytest.raises(OutcomeUnknownError) as raised:
        line.pusher().push(wish)
    line.package.clear_faults()

    line.pusher().push(wish)

    assert (raised.value.code, counts(line)) == ("exact.not_read_back", [1, 1, 0, 0])


def test_a_right_that_is_missing_never_blocks_the_key(line: Line) -> None:
    line.package.forbid(DOCUMENTS)
    item = line.invoice()
    codes = []
    for number in range(20):
        try:
            line.pusher().push(message(item, key=f"k{number}"))
        except (AuthorisationError, RateLimitError) as error:
            codes.append(error.code)

    assert (codes[:4], len(codes), line.package.errors_of(DOCUMENTS)) == (
        ["wire_forbidden"] * 3 + ["exact.stopped_asking"],
        20,
        3,
    )


def test_a_type_that_cant_be_created_costs_exact_one_refusal(line: Line) -> None:
    line.choose(document_type=50)
    item, pusher = line.invoice(), line.pusher()
    for number in range(5):
        with pytest.raises(RefusedError) as raised:
            pusher.push(message(item, key=f"k{number}"))
        assert raised.value.code == "exact.document_type"

    assert (line.package.errors_of(DOCUMENTS), line.package.documents) == (1, [])


def test_an_app_that_may_not_read_the_types_keeps_its_letters(line: Line) -> None:
    line.package.forbid(TYPES)
    item = line.invoice()
    for number in range(5):
        line.pusher().push(message(item, key=f"k{number}"))

    assert (len(line.package.documents), line.package.errors_of(TYPES)) == (5, 0)


def test_nothing_of_a_debtor_is_logged(line: Line) -> None:
    line.choose(note=True, at_handover="block")
    item = line.invoice()
    line.pusher().push(handover(item, text="Geheim", document=b"%PDF-1"))
    told = line.tools.log.text()

    secrets = (*line.package.access_tokens(), "De Wit", "Geheim", "a@example.com", item[2:])
    assert [secret for secret in secrets if secret in told] == []
