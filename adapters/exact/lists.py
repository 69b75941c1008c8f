"""Lists that a pull can do without: who may not read one is told so, and the rest goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from adapters.exact.source import Source
from connector.port.errors import AuthorisationError, RateLimitError, RefusedError

_FORBIDDEN: Final = "wire_forbidden"
_STOPPED: Final = "exact.stopped_asking"


@dataclass(frozen=True, slots=True)
class Lists:
    """Whole lists of a division."""

    source: Source
    urgent: bool

    def rows(
        self, path: str, fields: Sequence[str], *, only: str | None = None
    ) -> list[dict[str, Any]] | None:
        """Return all rows, None when the list may not be read.

        Args:
            path: Within the division.
            fields: What is asked of each row.
            only: A filter, as Exact has it.

        Raises:
            AuthorisationError, RateLimitError: It is not this list alone.
        """
        try:
            pages = self.source.rows(path, select=fields, filter=only, urgent=self.urgent)
            return [dict(row) for page in pages for row in page.rows]
        except (AuthorisationError, RefusedError, RateLimitError) as error:
            if not is_of_one_list(error):
                raise
            return None


def is_of_one_list(error: AuthorisationError | RefusedError | RateLimitError) -> bool:
    """Return whether other lists may be read."""
    if isinstance(error, AuthorisationError):
        return error.code == _FORBIDDEN
    return isinstance(error, RefusedError) or error.code == _STOPPED
