"""Relations and their contacts as they come in: each is told as a party."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from adapters.exact.cursor import Cursor
from adapters.exact.draft import Draft, said
from adapters.exact.endpoints import ACCOUNTS, CONTACTS, DELETED_ACCOUNT, DELETED_CONTACT
from adapters.exact.mapping_accounts import (
    Account,
    Contact,
    account_memo,
    account_of,
    contact_memo,
    contact_of,
    to_account,
    to_contact,
    to_party,
)
from adapters.exact.memory import Memory
from adapters.exact.odata import int_of
from adapters.exact.values import Record
from connector.port.errors import RecordError
from connector.port.records import Memo

_REMEMBER: Final = 2_000  # pairs met in this pull; one that is met twice does no harm


class Parties:
    """What of relations and contacts is told and remembered."""

    def __init__(self, cursor: Cursor, memory: Memory, *, is_alone: bool) -> None:
        """Begin a pass.

        Args:
            cursor: What is known; it is kept up to date.
            memory: The memos.
            is_alone: Nothing can be remembered but what this very pass tells.
        """
        self._cursor = cursor
        self._memory = memory
        self._is_alone = is_alone
        self._has_contacts = not is_alone
        self._met: set[int] = set()

    def take_contacts(self, rows: Sequence[Record], draft: Draft) -> None:
        """Take in a page of contacts, and tell their relations again when those are known."""
        changed: dict[str, dict[str, Contact]] = {}
        for row in rows:
            try:
                contact = to_contact(row)
            except RecordError as error:
                _reject(CONTACTS, row, error, draft)
                continue
            if contact is None:
                draft.memos.append(Memo(f"c:{str(row.get('ID')).lower()}", "c:", None))
                continue
            draft.memos.append(contact_memo(contact))
            changed.setdefault(contact.account, {})[contact.id] = contact
        self._has_contacts |= bool(changed)
        if not self._is_alone:
            accounts = self._accounts(changed)
            people = self._people(accounts)
            for id_, account in accounts.items():
                self._tell(account, {**people.get(id_, {}), **changed[id_]}, draft)

    def take_accounts(self, rows: Sequence[Record], draft: Draft) -> None:
        """Take in a page of relations."""
        fresh: dict[str, Account] = {}
        for row in rows:
            try:
                account = to_account(row)
            except RecordError as error:
                _reject(ACCOUNTS, row, error, draft)
                continue
            fresh[account.id] = account
        known = {} if self._is_alone else self._accounts(fresh)
        people = self._people(fresh) if self._has_contacts else {}
        for id_, account in fresh.items():
            old = known.get(id_)
            if old is not None:
                account = account._replace(contact=old.contact)  # noqa: PLW2901
                if old.code != account.code:
                    self._cursor.is_full_wanted = True
                    draft.warnings.append(said(ACCOUNTS, "exact.code_changed", id_))
            draft.memos.append(account_memo(account))
            self._tell(account, people.get(id_, {}), draft)

    def take_addressed(self, wanted: Mapping[str, str], draft: Draft) -> None:
        """Take in whom invoices are addressed to: contact by account."""
        fresh = {}
        for id_, contact in wanted.items():
            mark = hash((id_, contact))
            if mark not in self._met:
                self._met.add(mark)
                fresh[id_] = contact
        if len(self._met) > _REMEMBER:
            self._met.clear()
        changed = {
            id_: account._replace(contact=fresh[id_])
            for id_, account in self._accounts(fresh).items()
            if (account.contact or account.main_contact) != fresh[id_]
        }
        people = self._people(changed)
        for id_, account in changed.items():
            draft.memos.append(account_memo(account))
            self._tell(account, people.get(id_, {}), draft)

    def take_deleted(self, rows: Iterable[Record], draft: Draft) -> None:
        """Take in a page of deletions; a relation stays as it was told, its contact goes."""
        gone = []
        for row in rows:
            key, kind = str(row["EntityKey"]).lower(), int_of(row["EntityType"])
            if kind == DELETED_ACCOUNT:
                draft.memos.append(Memo(f"a:{key}", f"a:{key}", None))
            elif kind == DELETED_CONTACT:
                gone.append(f"c:{key}")
        lost = {memo.key[2:]: memo.group for memo in self._memory.by_key(gone).values()}
        accounts = self._accounts({group[2:] for group in lost.values()})
        people = self._people(accounts)
        for id_, account in accounts.items():
            left = {key: one for key, one in people.get(id_, {}).items() if key not in lost}
            self._tell(account, left, draft)
        draft.memos += [Memo(f"c:{key}", group, None) for key, group in lost.items()]

    def _accounts(self, ids: Collection[str]) -> dict[str, Account]:
        memos = self._memory.by_key([f"a:{id_}" for id_ in ids])
        found = (account_of(memo) for memo in memos.values())
        return {account.id: account for account in found if account is not None}

    def _people(self, ids: Collection[str]) -> dict[str, dict[str, Contact]]:
        groups = self._memory.by_group([f"c:{id_}" for id_ in ids])
        return {
            group[2:]: {
                one.id: one for memo in memos.values() if (one := contact_of(memo)) is not None
            }
            for group, memos in groups.items()
        }

    def _tell(self, account: Account, people: dict[str, Contact], draft: Draft) -> None:
        party, bad = to_party(account, people)
        draft.parties.append(party)
        draft.warnings += [
            said(ACCOUNTS, "exact.account_field", account.id, {"field": field}) for field in bad
        ]


def _reject(endpoint: str, row: Record, error: RecordError, draft: Draft) -> None:
    id_ = row.get("ID")
    name = id_ if isinstance(id_, str) and len(id_) == 36 else "0"
    field = str(error.facts.get("field", ""))
    draft.rejected.append(said(endpoint, error.code, name, {"field": field}))
