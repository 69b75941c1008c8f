"""What nobody knows the outcome of is read back, and never done twice."""

import pytest

from connector.port.adapter import PushOrder
from connector.port.errors import (
    OutcomeUnknownError,
    RefusedError,
    UnavailableError,
)
from tests.adapters.exact.push_desk import (
    ATTACHMENTS,
    AWAY,
    DOCUMENTS,
    NOTES,
    REFUSED,
    TASKS,
    UNKNOWN,
    Desk,
    desk,
    letter,
    message,
    task,
)


@pytest.mark.parametrize(
    ("path", "wish"),
    [(DOCUMENTS, letter()), (ATTACHMENTS, letter()), (NOTES, letter()), (TASKS, task())],
)
class TestOutcomeUnknown:
    def at(self) -> Desk:
        return desk(note=True, task=True)

    def test_what_was_written_is_found(self, path: str, wish: PushOrder) -> None:
        at = self.at()
        at.client.fail(f"POST {path}", UNKNOWN, done=True)

        reference = at.pusher.push(wish)

        assert (reference == at.pusher.find_push(wish), len(at.rows(path))) == (True, 1)

    def test_what_was_not_written_is_told_to_be_certain(self, path: str, wish: PushOrder) -> None:
        at = self.at()
        at.client.fail(f"POST {path}", UNKNOWN)
        with pytest.raises(UnavailableError) as raised:
            at.pusher.push(wish)

        assert (raised.value.code, at.clock.slept) == ("exact.not_done", [2])

    def test_what_was_not_written_is_written_the_next_time(
        self, path: str, wish: PushOrder
    ) -> None:
        at = self.at()
        at.client.fail(f"POST {path}", UNKNOWN)
        with pytest.raises(UnavailableError):
            at.pusher.push(wish)
        at.restart()

        at.pusher.push(wish)

        assert [len(at.rows(one)) for one in (DOCUMENTS, path)] == [
            int(path != TASKS),
            1,
        ]

    def test_what_cant_be_read_back_asks_a_person(self, path: str, wish: PushOrder) -> None:
        at = self.at()
        at.client.fail(f"POST {path}", UNKNOWN, done=True)
        if path in (DOCUMENTS, TASKS):
            at.client.fail(f"GET {path}", None)  # the look-up before
        at.client.fail(f"GET {path}", AWAY)
        with pytest.raises(OutcomeUnknownError) as raised:
            at.pusher.push(wish)

        assert (raised.value.code, raised.value.facts) == (
            "exact.not_read_back",
            {"reason": "wire_unavailable"},
        )

    def test_an_answer_without_an_id_is_looked_for(self, path: str, wish: PushOrder) -> None:
        at = self.at()
        at.client.is_idless = True

        reference = at.pusher.push(wish)

        assert (reference == at.pusher.find_push(wish), len(at.rows(path))) == (True, 1)

    def test_a_refusal_is_not_read_back(self, path: str, wish: PushOrder) -> None:
        at = self.at()
        at.client.fail(f"POST {path}", REFUSED)
        with pytest.raises(RefusedError):
            at.pusher.push(wish)

        after = at.client.calls[at.client.calls.index(f"POST {path}") + 1 :]
        assert (at.clock.slept, f"GET {path}" in after, f"POST {path}" in after) == (
            [],
            False,
            False,
        )


def test_nothing_is_written_when_the_look_up_fails() -> None:
    at = desk()
    at.client.fail(f"GET {DOCUMENTS}", AWAY)
    with pytest.raises(UnavailableError):
        at.pusher.push(message())

    assert at.writes() == []
