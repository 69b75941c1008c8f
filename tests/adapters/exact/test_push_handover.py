"""At a handover the relation is changed as the settings say: once, and after the document."""

from typing import Any

import pytest

from connector.port.errors import (
    RefusedError,
    UnavailableError,
)
from tests.adapters.exact.push_desk import (
    ACCOUNTS,
    AWAY,
    DOCUMENTS,
    REFUSED,
    UNKNOWN,
    VALUE,
    desk,
    handover,
    message,
)

CLASSIFIED = {"classification": 3, "value": VALUE}


def test_a_handover_is_a_document_by_default() -> None:
    at = desk()

    at.pusher.push(handover())

    assert at.client.calls == [f"GET {DOCUMENTS}", f"POST {DOCUMENTS}"]


@pytest.mark.parametrize(
    ("choice", "field", "value"),
    [("block", "Blocked", True), (CLASSIFIED, "Classification3", VALUE)],
)
class TestAtHandover:
    def test_the_relation_is_changed_after_the_document(
        self, choice: Any, field: str, value: object
    ) -> None:
        at = desk(at_handover=choice)

        at.pusher.push(handover())

        assert (at.rows(ACCOUNTS)[0][field], at.writes()) == (
            value,
            [f"POST {DOCUMENTS}", f"PUT {ACCOUNTS}"],
        )

    def test_a_message_changes_no_relation(self, choice: Any, field: str, value: object) -> None:
        at = desk(at_handover=choice)

        at.pusher.push(message())

        assert at.rows(ACCOUNTS)[0][field] != value

    def test_a_relation_that_is_so_already_is_left(
        self, choice: Any, field: str, value: object
    ) -> None:
        at = desk(at_handover=choice)
        at.rows(ACCOUNTS)[0][field] = str(value).upper()

        at.pusher.push(handover())

        assert f"PUT {ACCOUNTS}" not in at.client.calls

    def test_without_a_document_nothing_is_changed(
        self, choice: Any, field: str, value: object
    ) -> None:
        at = desk(at_handover=choice)
        at.client.fail(f"POST {DOCUMENTS}", AWAY)
        with pytest.raises(UnavailableError):
            at.pusher.push(handover())

        assert at.rows(ACCOUNTS)[0][field] != value

    @pytest.mark.parametrize("error", [AWAY, REFUSED])
    def test_a_change_that_failed_is_made_the_next_time(
        self, choice: Any, field: str, value: object, error: Any
    ) -> None:
        at = desk(at_handover=choice)
        at.client.fail(f"PUT {ACCOUNTS}", error)
        with pytest.raises(type(error)):
            at.pusher.push(handover())
        missed = at.pusher.find_push(handover())

        reference = at.pusher.push(handover())

        assert (missed, at.rows(ACCOUNTS)[0][field]) == (None, value)
        assert at.pusher.find_push(handover()) == reference

    def test_a_change_of_unknown_outcome_is_read_back(
        self, choice: Any, field: str, value: object
    ) -> None:
        at = desk(at_handover=choice)
        at.client.fail(f"PUT {ACCOUNTS}", UNKNOWN, done=True)

        at.pusher.push(handover())

        assert (at.rows(ACCOUNTS)[0][field], at.client.calls[-1]) == (value, f"GET {ACCOUNTS}")

    def test_a_change_that_was_not_made_is_certain(
        self, choice: Any, field: str, value: object
    ) -> None:
        at = desk(at_handover=choice)
        at.client.fail(f"PUT {ACCOUNTS}", UNKNOWN)
        with pytest.raises(UnavailableError) as raised:
            at.pusher.push(handover())

        assert (raised.value.code, at.rows(ACCOUNTS)[0][field] == value) == (
            "exact.not_done",
            False,
        )


def test_a_relation_that_is_gone_is_refused() -> None:
    at = desk(at_handover="block")
    at.rows(ACCOUNTS).clear()
    with pytest.raises(RefusedError) as raised:
        at.pusher.push(handover())

    assert raised.value.code == "exact.account_gone"


@pytest.mark.parametrize(
    ("choice", "field"), [("block", "Blocked"), (CLASSIFIED, "Classification3")]
)
def test_a_state_that_cant_be_read_is_set(choice: Any, field: str) -> None:
    at = desk(at_handover=choice)
    at.rows(ACCOUNTS)[0][field] = "onbekend"

    at.pusher.push(handover())

    assert at.rows(ACCOUNTS)[0][field] != "onbekend"
