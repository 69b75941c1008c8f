"""What reading needs of the client; a stand-in of a test fulfils it too."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol


class RowsPage(Protocol):
    """One answer. Attributes are read-only."""

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """The rows, in Exact's order; amounts as Decimal."""
        ...


class Source(Protocol):
    """One division of Exact, as far as it is read. Raises only AdapterError."""

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        ...

    def rows(
        self,
        path: str,
        *,
        select: Sequence[str],
        filter: str | None = None,  # noqa: A002  # OData's own word
        top: int | None = None,
        urgent: bool = False,
    ) -> Iterator[RowsPage]:
        """Yield the pages of a list, one request each."""
        ...
