"""The journal: an append-only chain per administration; history is never rewritten."""

import json
import secrets
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import sqlalchemy as sa

from connector.core.chain import (
    GENESIS,
    ChainEntry,
    Header,
    canonical,
    entry_hash,
    payload_hash,
    verify_chain,
)
from connector.port.errors import StoreError
from connector.store.paperwork import Entry, Verification
from connector.store.rows import mapping_of, text_of
from connector.store.session import Session
from connector.store.tables import table

_JOURNAL: Final = table("journal")
_SALT_BYTES: Final = 16
_FORGOTTEN: Final = "forgotten"
_RESTARTED: Final = "restarted"  # by the policy, which knows an invoice by its number only


class Journal:
    """The record of one administration, within one unit."""

    def __init__(self, session: Session) -> None:
        """Work in the session."""
        self._session = session

    def add(self, kind: str, subject: str, payload: Mapping[str, object], actor: str) -> Entry:
        """Add an entry at the end of the chain; it is there for good once the unit commits.

        Args:
            kind: What happened, a word of the product.
            subject: Opaque id; never a name.
            payload: Facts; amounts and dates become text.
            actor: The user, else `cli:` and the login, else `scheduler`.

        Raises:
            StoreError: `record_refused`: the payload has no canonical form.
        """
        self._session.serialise()
        last = self._last()
        salt = secrets.token_bytes(_SALT_BYTES).hex()
        plain = mapping_of(text_of(payload))
        try:
            text = canonical(plain).decode()
            header = Header(
                sequence=1 if last is None else last[0] + 1,
                at=self._session.now(),
                kind=kind,
                subject=subject,
                actor=actor,
                payload_hash=payload_hash(plain, salt),
                previous_hash=GENESIS if last is None else last[1],
            )
            own = entry_hash(header)
        except ValueError as error:
            raise StoreError("record_refused", field="payload") from error
        entry = _entry(header, own, plain, salt)
        self._session.connection.execute(
            _JOURNAL.insert().values(
                administration=self._session.administration,
                sequence=entry.sequence,
                at=entry.at,
                kind=kind,
                subject=subject,
                actor=actor,
                payload=text,
                salt=salt,
                payload_hash=entry.payload_hash,
                previous_hash=entry.previous_hash,
                hash=own,
            )
        )
        return entry

    def entries(self, subject: str | None = None) -> list[Entry]:
        """Return the entries, of one subject or all, in order."""
        wanted = self._select()
        if subject is not None:
            wanted = wanted.where(_JOURNAL.c.subject == subject)
        return [_of(row) for row in self._session.connection.execute(wanted).mappings()]

    def forget(
        self, subjects: Collection[str], numbers: Collection[str]
    ) -> list[Mapping[str, Any]]:
        """Take payload and salt from the entries about these; the chain stays sound without.

        Args:
            subjects: What the entries are filed under.
            numbers: Invoice numbers, under which only a new beginning by the policy is filed.

        Returns:
            The payloads that went, in the order of the entries. That something was forgotten
            before stays told.
        """
        rows = self._session.select_in(
            "SELECT sequence, kind, subject, payload FROM journal "
            "WHERE administration = {mark} AND payload IS NOT NULL AND subject {keys}",
            sorted({*subjects, *numbers}),
            self._session.administration,
        )
        gone = {
            sequence: payload
            for sequence, kind, subject, payload in rows
            if kind != _FORGOTTEN and subject in (numbers if kind == _RESTARTED else subjects)
        }
        self._session.write(
            "UPDATE journal SET payload = NULL, salt = NULL "
            "WHERE administration = {mark} AND sequence = {mark}",
            [(self._session.administration, sequence) for sequence in gone],
        )
        return [_payload_of(gone[sequence]) for sequence in sorted(gone)]

    def verify(self) -> Verification:
        """Recompute the chain from its first entry to its last."""
        state = _Walk()
        faults = verify_chain(self._walk(state))
        first = faults[0] if faults else None
        if first is None and state.first not in (None, 1):
            return Verification(
                ok=False, entries=state.count, head=state.head, fault=f"gap:{state.first}"
            )
        return Verification(
            ok=first is None,
            entries=state.count,
            head=state.head,
            fault=None if first is None else f"{first.fault.value}:{first.sequence}",
        )

    def _walk(self, state: "_Walk") -> Iterator[ChainEntry]:
        rows = self._session.connection.execute(self._select().execution_options(yield_per=1000))
        for row in rows.mappings():
            entry = _of(row)
            state.count += 1
            state.head = entry.hash
            state.first = entry.sequence if state.first is None else state.first
            yield ChainEntry(
                header=Header(
                    sequence=entry.sequence,
                    at=entry.at,
                    kind=entry.kind,
                    subject=entry.subject,
                    actor=entry.actor,
                    payload_hash=entry.payload_hash,
                    previous_hash=entry.previous_hash,
                ),
                hash=entry.hash,
                payload=entry.payload,
                salt=entry.salt,
            )

    def _last(self) -> tuple[int, str] | None:
        found = self._session.connection.execute(
            sa.select(_JOURNAL.c.sequence, _JOURNAL.c.hash)
            .where(_JOURNAL.c.administration == self._session.administration)
            .order_by(_JOURNAL.c.sequence.desc())
            .limit(1)
        ).first()
        return None if found is None else (found.sequence, found.hash)

    def _select(self) -> sa.Select[Any]:
        return (
            sa.select(_JOURNAL)
            .where(_JOURNAL.c.administration == self._session.administration)
            .order_by(_JOURNAL.c.sequence)
        )


class _Walk:
    """What was met on the way along the chain."""

    __slots__ = ("count", "first", "head")

    def __init__(self) -> None:
        self.count = 0
        self.first: int | None = None
        self.head = GENESIS


def _entry(header: Header, own: str, payload: Mapping[str, object], salt: str) -> Entry:
    return Entry(
        sequence=header.sequence,
        at=header.at,
        kind=header.kind,
        subject=header.subject,
        actor=header.actor,
        payload=payload,
        salt=salt,
        payload_hash=header.payload_hash,
        previous_hash=header.previous_hash,
        hash=own,
    )


def _of(row: sa.RowMapping) -> Entry:
    text = row["payload"]
    payload = None if text is None else _payload_of(text)
    return Entry(
        sequence=row["sequence"],
        at=row["at"],
        kind=row["kind"],
        subject=row["subject"],
        actor=row["actor"],
        payload=payload,
        salt=row["salt"],
        payload_hash=row["payload_hash"],
        previous_hash=row["previous_hash"],
        hash=row["hash"],
    )


def _payload_of(text: str) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(text)
    except ValueError:
        return {"unreadable": text}  # a tampered payload must be found, not stop the search
    return found
