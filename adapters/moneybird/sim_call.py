"""A request to the simulated API, and how it is refused."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from adapters.moneybird import sim_filters
from adapters.moneybird.sim_faults import Answer
from adapters.moneybird.sim_oauth import Grant
from adapters.moneybird.sim_world import Bill, Book, World

MOST_IDS = 100

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to the API, authorised.

    Attributes:
        url: Of the request, without its query.
        files: Makes a temporary address for the PDF of an invoice.
    """

    world: World
    book: Book
    grant: Grant
    method: str
    query: Mapping[str, str]
    body: bytes
    url: str
    files: Callable[[Bill], str]

    def json(self) -> Any:  # noqa: ANN401  # whatever was sent
        """Return the body; a broken one is refused."""
        try:
            return json.loads(self.body or b"{}")
        except ValueError:
            raise refusal(400, "Malformed JSON") from None


class RefusalError(Exception):
    """The API says no."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.status))
        self.answer = answer


def refusal(status: int, text: str, **symbolic: str) -> RefusalError:
    """Return what to raise, with the error as the wire writes it."""
    wire: dict[str, object] = {"error": text}
    if symbolic:
        wire["symbolic"] = symbolic
    return RefusalError(reply(wire, status))


def invalid(field: str, code: str = "invalid") -> RefusalError:
    """Return what to raise for a field that is not well."""
    details = {field: [{"error": code}]}
    return RefusalError(reply({"error": {field: [f"is {code}"]}, "details": details}, 422))


def reply(value: object, status: int = 200) -> Answer:
    """Return JSON."""
    return Answer(status=status, body=json.dumps(value, separators=(",", ":")).encode())


def ids(call: Call) -> list[int]:
    """Return the ids that a synchronization asks for; what is over the most is dropped."""
    body = call.json()
    if not isinstance(body, dict) or not isinstance(body.get("ids"), list):
        raise refusal(400, "Ids is required", ids="required")
    return [number(one) for one in body["ids"][:MOST_IDS]]


def number(value: object) -> int:
    """Return an id, -1 for what is none."""
    text = str(value)
    return int(text) if text.isdecimal() else -1


def page(call: Call, rows: Sequence[Row], render: Callable[[Row], dict[str, Any]]) -> Answer:
    """Return one page of a list with links to its neighbours."""
    at, size = sim_filters.page(call.query)
    start = (at - 1) * size
    if at > 1 and start >= len(rows):
        raise refusal(400, "page does not have a valid value")
    shown = reply([render(one) for one in rows[start : start + size]])
    links = [(at - 1, "prev")] if at > 1 else []
    if start + size < len(rows):
        links.append((at + 1, "next"))
    text = ", ".join(f'<{_link(call, to)}>; rel="{name}"' for to, name in links)
    return shown.header("Link", text) if links else shown


def _link(call: Call, to: int) -> str:
    return f"{call.url}?{urlencode({**call.query, 'page': str(to)})}"
