"""Relations and their contacts as they come in: each is told as a party."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from adapters.exact.draft import Draft, said
from adapters.exact.endpoints import ACCOUNTS, CONTACTS, DELETED_ACCOUNT, DELETED_CONTACT
from adapters.exact.mapping_accounts import (
    Account,
    Addressed,
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
from adapters.exact.refs import Refs, known_only, ref_of
from adapters.exact.values import Record
from connector.port.errors import RecordError
from connector.port.records import Memo


class Parties:
    """What of relations and contacts is told and remembered."""

    def __init__(self, memory: Memory, refs: Refs, *, is_alone: bool) -> None:
        """Begin a pass.

        Args:
            memory: The memos.
            refs: The numbers of relations.
            is_alone: Nothing can be remembered but what this very pass tells.
        """
        self._memory = memory
        self._refs = refs
        self._is_alone = is_alone
        self._has_contacts = not is_alone

    def take_contacts(self, rows: Sequence[Record], draft: Draft) -> None:
        """Take in a page of contacts, and tell their relations again when those are known."""
        fresh: dict[str, Contact] = {}
        gone: set[str] = set()
        for row in rows:
            try:
                contact = to_contact(row)
            except RecordError as error:
                _reject(CONTACTS, row, error, draft)
                continue
            if contact is None:
                gone.add(str(row.get("ID")).lower())
            else:
                fresh[contact.id] = contact
        self._has_contacts |= bool(fresh)
        was = {} if self._is_alone else self._memory.by_key([f"c:{id_}" for id_ in {*fresh, *gone}])
        draft.memos += [contact_memo(contact) for contact in fresh.values()]
        draft.memos += [Memo(f"c:{id_}", "c:", None) for id_ in gone]
        if not self._is_alone:
            homes = {contact.account for contact in fresh.values()}
            self._tell_homes(homes | {memo.group[2:] for memo in was.values()}, fresh, gone, draft)

    def _tell_homes(
        self,
        homes: Collection[str],
        fresh: Mapping[str, Contact],
        gone: Collection[str],
        draft: Draft,
    ) -> None:
        """Tell relations that persons came to, changed at, or left."""
        accounts = self._accounts(homes)
        present = {
            id_: {key: one for key, one in people.items() if key not in fresh and key not in gone}
            for id_, people in self._people(accounts).items()
        }
        for one in fresh.values():
            present.setdefault(one.account, {})[one.id] = one
        for id_, account in accounts.items():
            self._tell(account, present.get(id_, {}), draft)

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
        known = {} if self._is_alone else self._memory.by_key([f"a:{id_}" for id_ in fresh])
        new = {id_: one.code for id_, one in fresh.items() if f"a:{id_}" not in known}
        given = self._refs.give(new, draft)
        people = self._people(fresh) if self._has_contacts else {}
        for id_, account in fresh.items():
            memo = known.get(f"a:{id_}")
            ref = given[id_] if memo is None else ref_of(memo)
            old = None if memo is None else account_of(memo)
            if old is not None and old.code != account.code:
                facts = {"code": account.code, "ref": ref}
                draft.warnings.append(said(ACCOUNTS, "exact.code_changed", id_, facts))
            one = _continued(account, ref, old)
            draft.memos.append(account_memo(one))
            self._tell(one, people.get(id_, {}), draft)

    def take_addressed(self, wanted: Mapping[str, Addressed], draft: Draft) -> None:
        """Take in whom invoices are addressed to, by account; that of the newest one counts."""
        changed = {}
        for id_, account in self._accounts(wanted).items():
            on, contact = wanted[id_]
            if on <= account.contact_on:
                continue
            one = account._replace(contact=contact, contact_on=on)
            draft.memos.append(account_memo(one))
            if (account.contact or account.main_contact) != contact:
                changed[id_] = one
        people = self._people(changed)
        for id_, account in changed.items():
            self._tell(account, people.get(id_, {}), draft)

    def take_deleted(self, rows: Iterable[Record], draft: Draft) -> None:
        """Take in a page of deletions; a relation stays as it was told, its contact goes."""
        gone, left = [], list[str]()
        for row in rows:
            key, kind = str(row["EntityKey"]).lower(), int_of(row["EntityType"])
            if kind == DELETED_ACCOUNT:
                left.append(f"a:{key}")
            elif kind == DELETED_CONTACT:
                gone.append(f"c:{key}")
        for memo in self._memory.by_key(left).values():
            draft.memos.append(known_only(memo.key[2:], ref_of(memo)))
        lost = {memo.key[2:]: memo.group for memo in self._memory.by_key(gone).values()}
        accounts = self._accounts({group[2:] for group in lost.values()})
        people = self._people(accounts)
        for id_, account in accounts.items():
            stayed = {key: one for key, one in people.get(id_, {}).items() if key not in lost}
            self._tell(account, stayed, draft)
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


def _continued(account: Account, ref: str, old: Account | None) -> Account:
    """Return the relation with what of it does not stand in its own row."""
    if old is not None:
        account = account._replace(contact=old.contact, contact_on=old.contact_on)
    return account if account.ref == ref else account._replace(ref=ref)


def _reject(endpoint: str, row: Record, error: RecordError, draft: Draft) -> None:
    id_ = row.get("ID")
    name = id_ if isinstance(id_, str) and len(id_) == 36 else "0"
    field = str(error.facts.get("field", ""))
    draft.rejected.append(said(endpoint, error.code, name, {"field": field}))
