"""How an entry is told: its items from its terms, and what is remembered of both. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from adapters.exact.cursor import Cursor
from adapters.exact.draft import Draft, said
from adapters.exact.endpoints import TERMS
from adapters.exact.mapping import (
    KNOWN_KINDS,
    KNOWN_STATES,
    odd,
    tell,
    tell_one,
)
from adapters.exact.mapping_ranks import Rank, item_key, ranks_before, ranks_memo, ranks_of
from adapters.exact.terms import GONE, Term, exceeds, term_of
from connector.port.records import ItemId, Memo

Memos = Mapping[str, Memo]
Ranks = Mapping[str, Sequence[Rank]]


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells entries into drafts.

    Attributes:
        cursor: Its era says which terms are there.
        number: The setting: which number is shown.
    """

    cursor: Cursor
    number: str

    def only(self, term: Term, draft: Draft) -> None:
        """Tell a new entry of one open term: as good as all of them are."""
        draft.items.append(tell_one(term, self.number))
        if term.state not in KNOWN_STATES or term.kind not in KNOWN_KINDS:
            draft.warnings += [
                said(TERMS, code, term.id, {"value": value}) for code, value in odd((term,))
            ]

    def entry(
        self,
        terms: Sequence[Term],
        ranks: Mapping[str, tuple[Rank, ...]],
        draft: Draft,
        *,
        is_known: bool,
    ) -> None:
        """Tell the items of an entry; what exceeds the invoice is held.

        Args:
            terms: All that are remembered, and those that were settled or deleted since.
            ranks: What is known of its items, by base key.
            draft: Takes them.
            is_known: Something of it was told before.
        """
        if is_known:
            # What an earlier full pass saw and the last one did not is not there any more.
            era = self.cursor.era
            terms = [t if t.era == era else t._replace(state=GONE) for t in terms]
        sides = [[term for term in terms if term.side == side] for side in ("R", "P")]
        for part in filter(None, sides):
            before = ranks.get(part[0].base, ())
            if is_known and exceeds([term for term in part if term.is_open], max):
                draft.held += keys(part[0].base, before)  # a deletion that we were not told of
                draft.rejected.append(said(TERMS, "exact.more_than_total", part[0].id))
            else:
                self._side(part, before, draft, is_known=is_known)

    def _side(
        self, part: Sequence[Term], before: Sequence[Rank], draft: Draft, *, is_known: bool
    ) -> None:
        told = tell(part, before, self.number, is_known=is_known)
        draft.items += told.items
        draft.removed += told.gone
        draft.warnings += [
            said(TERMS, code, part[0].id, {"value": value}) for code, value in told.warnings
        ]
        if told.ranks != before:
            draft.memos.append(ranks_memo(part[0].base, told.ranks))
        if is_known:
            draft.memos += [
                Memo(f"t:{term.id}", f"e:{term.entry}", None) for term in part if not term.is_open
            ]


def remembered(memos: Memos) -> tuple[dict[str, Term], dict[str, tuple[Rank, ...]]]:
    """Return the terms by id and the ranks by base key."""
    terms: dict[str, Term] = {}
    ranks: dict[str, tuple[Rank, ...]] = {}
    for key, memo in memos.items():
        if key[:2] == "k:":
            ranks[key[2:]] = ranks_of(memo)
        elif (term := term_of(memo)) is not None:
            terms[term.id] = term
    return terms, ranks


def kept_ranks(
    known: Iterable[Term], news: Iterable[Term], ranks: dict[str, tuple[Rank, ...]]
) -> list[Memo]:
    """Add to the ranks which item was which, before its terms change; return the memos."""
    before, memos = list(known), []
    for base in {term.base for term in news} - ranks.keys():
        made = ranks_before(term for term in before if term.base == base)
        if made:
            ranks[base] = made
            memos.append(ranks_memo(base, made))
    return memos


def both(entry: str, ranks: Ranks) -> list[ItemId]:
    """Return the items of both sides of an entry."""
    bases = (f"{side}/{entry}" for side in ("R", "P"))
    return [key for base in bases for key in keys(base, ranks.get(base, ()))]


def keys(base: str, ranks: Sequence[Rank]) -> list[ItemId]:
    """Return the items of one side of an entry."""
    return [item_key(base, rank) for rank in range(1, max(len(ranks), 1) + 1)]
