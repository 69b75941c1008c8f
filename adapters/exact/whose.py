"""Whose an order is: the relation in Exact, and the entry that its documents hang on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.exact import odata
from adapters.exact.client import Client
from adapters.exact.endpoints import RECEIVABLES, entry_of
from adapters.exact.mapping_ranks import item_key, ranks_of
from adapters.exact.refs import group_of
from adapters.exact.terms import GONE, Term, term_of
from connector.port.adapter import PushOrder
from connector.port.errors import ContractChangedError, RefusedError
from connector.port.records import ItemId, Memo, PartyRef
from connector.port.tools import Tools

_MOST_ENTRIES: Final = 20  # what an address of 2,000 characters holds
_MOST_ROWS: Final = 1000
_OURS: Final = "R"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Where records of an order belong.

    Attributes:
        account: ID of the relation.
        entry: ID of the entry, when the order is about exactly one.
    """

    account: str
    entry: str | None


class Relations:
    """Finds the relation of an order, as a rule without asking Exact."""

    def __init__(self, client: Callable[[], Client], tools: Tools) -> None:
        """Ask nothing yet.

        Args:
            client: Gives the client of the administration.
            tools: Recalls what a pull remembered of the terms.
        """
        self._client = client
        self._tools = tools

    def of(self, order: PushOrder) -> Whose:
        """Return whose the order is.

        Raises:
            RefusedError: An item is no receivable of Exact (`exact.not_pushable`), Exact has none
                of them (`exact.items_gone`), or they are not of one relation
                (`exact.several_accounts`).
        """
        entries = _entries(order.items)
        accounts = (
            self._named(order.party)
            or self._remembered(order.items, entries)
            or self._asked(entries)
        )
        if not accounts:
            raise RefusedError("exact.items_gone", items=len(order.items))
        if len(accounts) > 1:
            raise RefusedError("exact.several_accounts", items=len(order.items))
        return Whose(account=accounts.pop(), entry=_key(entries[0]) if len(entries) == 1 else None)

    def _named(self, party: PartyRef | None) -> set[str]:
        """Return the relation with the debtor's number: it stays when an invoice goes elsewhere."""
        memos = [] if party is None else self._tools.recall(groups=[group_of(party)])
        return {memo.key.removeprefix("a:") for memo in memos}

    def _remembered(self, items: Sequence[ItemId], entries: Sequence[str]) -> set[str]:
        memos = self._tools.recall(groups=[f"e:{entry}" for entry in entries])
        found = _terms(memos)
        ranks = {memo.key[2:]: ranks_of(memo) for memo in memos if memo.key.startswith("k:")}
        accounts: set[str] = set()
        for item in set(items):
            base = item.partition("#")[0]
            terms = [term for term in found if term.base == base]
            own = {
                rank.slot
                for at, rank in enumerate(ranks.get(base, ()), 1)
                if item_key(base, at) == item
            }
            # A journal entry may be about many relations; its items are told apart by their rank.
            if len({term.account for term in terms}) > 1 and own:
                terms = [term for term in terms if term.slot in own]
            accounts.update(term.account for term in terms)
        return accounts

    def _asked(self, entries: Sequence[str]) -> set[str]:
        """Return the relations as Exact has them: what is settled is not remembered."""
        keys = [key for key in map(_key, entries) if key is not None][:_MOST_ENTRIES]
        if not keys:
            return set()
        pages = self._client().rows(
            RECEIVABLES,
            select=("Account", "TransactionEntryID"),
            filter=odata.any_of("TransactionEntryID", keys),
            top=_MOST_ROWS,
            urgent=True,
        )
        try:
            return {odata.guid_of(row["Account"]) for page in pages for row in page.rows}
        except (KeyError, ValueError) as error:
            raise ContractChangedError("exact.record_unreadable", endpoint=RECEIVABLES) from error


def _entries(items: Iterable[ItemId]) -> list[str]:
    """Return the entries of the items, each once, in their order."""
    entries: dict[str, None] = {}
    for item in items:
        known = entry_of(item)
        if known is None or known[0] != _OURS:
            raise RefusedError("exact.not_pushable", item=item)
        entries[known[1]] = None
    return list(entries)


def _terms(memos: Iterable[Memo]) -> list[Term]:
    found = (term_of(memo) for memo in memos if memo.key.startswith("t:"))
    return [term for term in found if term is not None and term.state != GONE]


def _key(entry: str) -> str | None:
    """Return the entry's ID, None for an entry to which Exact gives none."""
    try:
        return odata.guid_of(entry)
    except ValueError:
        return None
