"""A request to the simulated API, what resources are, and how a request is refused."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.exact.sim_columns import Columns, Head
from adapters.exact.sim_faults import Answer, error
from adapters.exact.sim_filter import Filter
from adapters.exact.sim_world import Division, World

READ = frozenset({"GET"})

Rows = Callable[[Division], Iterable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """An endpoint below a division.

    Attributes:
        path: With its casing.
        rows: In order of `id`.
        stream: Name of the sync stream; None: it is no sync resource.
        page: Rows on a page; 0: as the switch for lists says.
        needs_select: A pull without `$select` is refused.
        has_twin: There is a sync resource for the same.
        find: The row of a key as it is in the address, without its quotes.
        narrow: The rows that can pass a filter, where they need not be sought.
        writable: Fields that may be sent.
        required: Fields that must be sent to make a row.
    """

    path: str
    type_name: str
    columns: Columns
    rows: Rows
    key: str = "ID"
    stream: str | None = None
    page: int = 60
    needs_select: bool = False
    has_twin: bool = False
    find: Callable[[Division, str], Any] = lambda _, __: None
    narrow: Callable[[Division, Filter], Iterable[Any] | None] = lambda _, __: None
    methods: frozenset[str] = READ
    writable: frozenset[str] = field(default_factory=frozenset)
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to the API, authorised.

    Attributes:
        key: What stands between brackets at the end of the path; None: nothing does.
        url: Where the API is, with the number of the division.
        link: The address that was asked, without its query.
        callback: Status with which the callback of a new webhook answered; None: none was asked.
    """

    world: World
    division: Division
    resource: Resource
    method: str
    key: str | None
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    url: str
    link: str
    callback: int | None = None

    @property
    def head(self) -> Head:
        """What `__metadata` says of the resource's rows."""
        resource = self.resource
        return Head(
            url=f"{self.url}/{resource.path}",
            type_name=f"Exact.Web.Api.Models.{resource.type_name}",
            key="Timestamp" if resource.stream else resource.key,
        )


class RefusalError(Exception):
    """The API says no."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.status))
        self.answer = answer


def refusal(status: int, text: str) -> RefusalError:
    """Return what to raise."""
    return RefusalError(error(status, text))


def found(body: str, status: int = 200) -> Answer:
    """Return JSON in its envelope."""
    return Answer(status=status, body=f'{{"d":{body}}}'.encode())
