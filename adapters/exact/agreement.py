"""Whether our sums are those of Exact: asked daily, before acting, and until they are."""

from dataclasses import dataclass
from datetime import date

from adapters.exact import control
from adapters.exact.cursor import Cursor
from adapters.exact.draft import said
from adapters.exact.endpoints import OVERVIEW, OVERVIEW_FIELDS
from adapters.exact.lists import Lists
from connector.port.errors import ContractChangedError, UnavailableError
from connector.port.records import ControlTotal, Ledger, Rejected


@dataclass(slots=True)
class Agreement:
    """The comparison of one pull."""

    cursor: Cursor
    lists: Lists
    _totals: tuple[ControlTotal, ...] = ()

    @property
    def is_reached(self) -> bool:
        """Whether Exact counted the same when it was last asked."""
        return self.cursor.agreed is True

    @property
    def is_told(self) -> bool:
        """Whether the house can judge: they agree, or it is told by how much they do not."""
        return self.is_reached or bool(self._totals)

    def totals(self, ledger: Ledger) -> tuple[ControlTotal, ...]:
        """Return what the books should add up to, as far as it was asked."""
        return tuple(one for one in self._totals if one.ledger is ledger)

    def seek(self, today: date) -> tuple[Rejected, ...]:
        """Compare, and return what there is to say of it.

        Raises:
            AdapterError: Nothing at all may be asked (any more).
        """
        cursor = self.cursor
        cursor.daily_on = today
        try:
            rows = self.lists.rows(OVERVIEW, OVERVIEW_FIELDS)
            if rows is None:
                cursor.agreed = None
                return (said(OVERVIEW, "exact.never_compared"),)
            verdict = control.compare(cursor.sums, rows, cursor.ways, cursor.own)
        except (UnavailableError, ContractChangedError):
            cursor.agreed = False
            return (said(OVERVIEW, "exact.not_compared"),)
        cursor.agreed, cursor.ways = verdict.agrees, dict(verdict.ways)
        self._totals = verdict.totals
        if verdict.agrees:
            cursor.differ_since = None
            return ()
        cursor.differ_since = cursor.differ_since or today
        return (said(OVERVIEW, "exact.totals_differ"),)
