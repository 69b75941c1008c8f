"""A unit of work: one transaction on one administration, with its parts."""

from connector.store.books import Books
from connector.store.charges import Charges
from connector.store.holds import Holds
from connector.store.journal import Journal
from connector.store.ledger import Ledger
from connector.store.reports import Reports
from connector.store.session import Session
from connector.store.tasks import Tasks


class Unit:
    """All that may be done within one transaction."""

    __slots__ = (
        "administration", "books", "charges", "holds", "journal", "ledger", "reports", "tasks",
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
        self.reports = Reports(session)
