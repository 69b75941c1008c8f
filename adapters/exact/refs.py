"""By which number a debtor is known here: the code that its relation had when it was first seen.

A person may give a relation another code, and its code to another relation. Holds, corrections, the
policy's own words and what was sent hang on the number, so that one stays.
Source: the facts about Exact Online, section 2.2.
"""

from collections.abc import Mapping
from typing import Final

from adapters.exact.draft import Draft, said
from adapters.exact.endpoints import ACCOUNTS
from adapters.exact.memory import Memory, Seen
from connector.port.records import Memo

_KNOWN_ONLY: Final = "-"
"""Value of the memo of a relation of which the number is known and nothing else."""

_MOST_KEPT: Final = 4000


class Refs:
    """The numbers of relations, each given once."""

    def __init__(self, memory: Memory, *, is_alone: bool) -> None:
        """Begin a pass.

        Args:
            memory: The memos; the group of a relation's memo is its number.
            is_alone: Nothing can be remembered but what this very pass tells.
        """
        self._memory = memory
        self._seen = Seen() if is_alone else None
        self._kept: dict[str, str] = {}

    def of(self, codes: Mapping[str, str], draft: Draft) -> dict[str, str]:
        """Return the number of each relation that has one, also of those that are deleted.

        Args:
            codes: The present code of each by its id; empty where the source does not say.
            draft: Takes the memos of relations of which only the terms came yet.
        """
        found = {id_: self._kept[id_] for id_ in codes if id_ in self._kept}
        asked = [f"a:{id_}" for id_ in codes if id_ not in found]
        found |= {key[2:]: ref_of(memo) for key, memo in self._memory.by_key(asked).items()}
        given = self.give({id_: codes[id_] for id_ in codes if id_ not in found}, draft)
        draft.memos += [known_only(id_, ref) for id_, ref in given.items()]
        found |= given
        if len(self._kept) + len(found) > _MOST_KEPT:
            self._kept.clear()
        self._kept |= found
        return found

    def give(self, codes: Mapping[str, str], draft: Draft) -> dict[str, str]:
        """Return a number for each relation that had none: its code, unless another has it."""
        wanted = {id_: code for id_, code in codes.items() if code}
        doubted = {code for code in wanted.values() if self._seen is None or self._seen.add(code)}
        groups = self._memory.by_group([group_of(code) for code in doubted])
        owners = {group[2:]: {key[2:] for key in memos} for group, memos in groups.items()}
        given = {}
        for id_, code in wanted.items():
            others = owners.setdefault(code, set())
            given[id_] = code if others <= {id_} else f"{code}-{id_[-8:]}"
            others.add(id_)
            if given[id_] != code:
                facts = {"code": code, "ref": given[id_]}
                draft.warnings.append(said(ACCOUNTS, "exact.code_reused", id_, facts))
        return given


def group_of(ref: str) -> str:
    """Return the group of the memo of the relation with this number."""
    return f"r:{ref}"


def ref_of(memo: Memo) -> str:
    """Return the number of the relation that a memo is about."""
    return memo.group[2:]


def known_only(id_: str, ref: str) -> Memo:
    """Return what is remembered of a relation of which nothing else is known (any more)."""
    return Memo(f"a:{id_}", group_of(ref), _KNOWN_ONLY)
