"""Memos: what an adapter remembers of its source, kept with the data that it is about."""

from collections.abc import Sequence

from connector.port.records import Memo
from connector.store.session import Session

_COLUMNS = ("administration", "key", "of", "value")
_BY = 'SELECT "key", "of", value FROM memo WHERE administration = {{mark}} AND "{column}" {{keys}}'


def keep(session: Session, memos: Sequence[Memo]) -> None:
    """Keep or forget what the adapter says, the last word of each key."""
    last = {memo.key: memo for memo in memos}
    kept = [memo for memo in last.values() if memo.value is not None]
    rows = [(session.administration, memo.key, memo.group, memo.value) for memo in kept]
    session.upsert("memo", rows, _COLUMNS)
    gone = [(session.administration, memo.key) for memo in last.values() if memo.value is None]
    session.write('DELETE FROM memo WHERE administration = {mark} AND "key" = {mark}', gone)


def recall(session: Session, keys: Sequence[str], groups: Sequence[str]) -> list[Memo]:
    """Return the memos of these keys and of these groups, each once, by key."""
    found = []
    for column, wanted in (("key", keys), ("of", groups)):
        found += session.select_in(
            _BY.format(column=column), sorted(set(wanted)), session.administration
        )
    return [Memo(*row) for row in sorted(set(found))]
