"""The tree of errors: what to do next, and what is said."""

import inspect

import pytest

from connector.port import errors
from connector.port.errors import (
    AuthorisationError,
    ConflictError,
    DeliveryUnknownError,
    MaanError,
    NotDeliveredError,
    OutcomeUnknownError,
    RateLimitError,
    RecordError,
    Recovery,
    UnavailableError,
)

ALL = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, MaanError)
]
NOT_HALT = {
    AuthorisationError: Recovery.ASK,
    ConflictError: Recovery.RETRY,
    DeliveryUnknownError: Recovery.ASK,
    OutcomeUnknownError: Recovery.ASK,
    NotDeliveredError: Recovery.RETRY,
    RateLimitError: Recovery.RETRY,
    RecordError: Recovery.SKIP,
    UnavailableError: Recovery.RETRY,
}


@pytest.mark.parametrize("kind", ALL)
def test_each_error_says_what_to_do_next(kind: type[MaanError]) -> None:
    assert kind("code").recovery is NOT_HALT.get(kind, Recovery.HALT)


@pytest.mark.parametrize("kind", ALL)
def test_each_error_is_drawn_in_the_tree(kind: type[MaanError]) -> None:
    assert errors.__doc__ is not None
    assert kind.__name__ in errors.__doc__
    assert kind.__name__.endswith("Error")


def test_what_may_have_been_sent_is_never_retried_by_itself() -> None:
    assert DeliveryUnknownError.recovery is not Recovery.RETRY
    assert not issubclass(DeliveryUnknownError, NotDeliveredError)


def test_error_keeps_its_code_and_facts() -> None:
    error = RateLimitError("too_many", after=30)

    assert (error.code, error.facts) == ("too_many", {"after": 30})
    assert str(error) == "too_many (after=30)"


def test_error_without_facts_is_its_code() -> None:
    assert str(MaanError("lost")) == "lost"
