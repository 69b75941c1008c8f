"""The tokens of one connection as the vault keeps them. Pure."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Final

from adapters.exact.token_line import TokenAnswer

DUE: Final = 575
"""Seconds after which a token is renewed; before 570 Exact refuses."""
REFRESH_LIFETIME: Final = 30 * 86_400
"""Seconds that a refresh token lasts unused."""


class State(StrEnum):
    """Whether the consent still holds."""

    OK = "ok"
    NEEDS_REAUTHORIZATION = "needs_reauthorization"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The tokens of one connection as the vault keeps them; instants are epoch seconds.

    Attributes:
        refresh_at: The token endpoint is not asked before.
        in_vain: Rounds in a row that brought neither tokens nor a no.
        is_postponed: It refused or was away: not before `refresh_at`, whatever the API says.
        asked_at: When it was asked last, and no answer has come since; 0: all came.
        generation: How many pairs there were.
        reason: Why a person must connect again.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    obtained_at: int
    expires_at: int
    refresh_at: int
    refresh_expires_at: int
    generation: int
    state: State = State.OK
    reason: str = ""
    asked_at: int = 0
    in_vain: int = 0
    is_postponed: bool = False


_UNREADABLE: Final = Row(
    access_token="",
    refresh_token="",
    obtained_at=0,
    expires_at=0,
    refresh_at=0,
    refresh_expires_at=0,
    generation=0,
    state=State.NEEDS_REAUTHORIZATION,
    reason="unreadable",
)


def new_row(answer: TokenAnswer, now: int, *, after: Row | None) -> Row:
    """Return the row of tokens that were granted just now.

    Args:
        answer: What was granted; without a refresh token the one before stays.
        now: Epoch second.
        after: The row before, None at the first consent.
    """
    before = after or _UNREADABLE
    return Row(
        access_token=answer.access_token or "",
        refresh_token=answer.refresh_token or before.refresh_token,
        obtained_at=now,
        expires_at=now + answer.lifetime,
        refresh_at=now + DUE,
        refresh_expires_at=now + REFRESH_LIFETIME,
        generation=before.generation + 1,
    )


def row_from(kept: str) -> Row:
    """Return the row that was kept; one that can't be read needs a person."""
    try:
        parts = json.loads(kept)
        return Row(**{**parts, "state": State(parts["state"])})
    except (ValueError, TypeError, KeyError):
        return _UNREADABLE


def text_of(row: Row) -> str:
    """Return the row as it is kept."""
    return json.dumps(asdict(row), sort_keys=True)
