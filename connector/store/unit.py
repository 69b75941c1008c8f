"""A unit of work: one transaction on one administration, with its parts."""

from typing import TYPE_CHECKING

from connector.store.books import Books
from connector.store.charges import Charges
from connector.store.holds import Holds
from connector.store.journal import Journal
from connector.store.ledger import Ledger
from connector.store.outbox import Outbox
from connector.store.session import Session
from connector.store.tasks import Tasks

if TYPE_CHECKING:
    from connector.store.reports import Reports


class Unit:
    """All that may be done within one transaction."""

    __slots__ = (
        "_session", "administration", "books", "charges", "holds", "journal", "ledger", "outbox",
        "tasks",
    )  # fmt: skip

    def __init__(self, session: Session) -> None:
        """Give each part the same session."""
        self.administration = session.administration
        self.books = Books(session)
        self.ledger = Ledger(session)
        self.journal = Journal(session)
        self.holds = Holds(session)
        self.tasks = Tasks(session)
        self.charges = Charges(session)
        self.outbox = Outbox(session)
        self._session = session

    @property
    def reports(self) -> "Reports":
        """What the reports read; made when asked for, because few commands need it."""
        from connector.store.reports import Reports  # noqa: PLC0415  # the sidecar does without

        return Reports(self._session)
