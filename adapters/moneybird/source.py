"""What reading needs of the client; a stand-in of a test fulfils it too."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from adapters.moneybird.endpoints import Resource


class Source(Protocol):
    """Moneybird, as far as it is read. Raises only AdapterError."""

    @property
    def requests(self) -> int:
        """Requests sent so far."""
        ...

    def versions(
        self,
        resource: Resource,
        filter: str | None = None,  # noqa: A002  # Moneybird's own word for it
        params: Mapping[str, str] | None = None,
    ) -> Iterator[tuple[int, int]]:
        """Yield id and version of every record, in any order."""
        ...

    def fetch(
        self, resource: Resource, ids: Sequence[int], *, urgent: bool = False
    ) -> list[dict[str, Any]]:
        """Return the records of at most 100 ids, in any order; missing ones are absent."""
        ...

    def exists(self, resource: Resource, id_: int) -> bool:
        """Return whether the record is there."""
        ...

    def workflows(self, *, urgent: bool = False) -> list[dict[str, Any]]:
        """Return all workflows."""
        ...

    def administrations(self) -> list[dict[str, Any]]:
        """Return what the credential reaches."""
        ...
