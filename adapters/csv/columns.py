"""Which column holds which field: headers are normalised and matched to their aliases."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.csv.faults import refuse
from adapters.csv.fields import Tiers

_MOST_COLUMNS: Final = 500
_FORBIDDEN: Final = re.compile(
    r"bsn.*|.*burgerservice.*|.*sofinummer|sofi|ssn|.*socialsecurity.*|.*geboorte.*|geboren.*"
    r"|.*birthdate|.*dateofbirth|birthday|dob|gebdat.*|.*paspoort.*|.*passport.*|.*rijbewijs.*"
    r"|.*identiteit.*|.*legitimatie.*|id(nummer|nr|number|kaart|card)(nummer|nr|number)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The header of a file, understood.

    Attributes:
        headers: One label a column, unique and never empty.
        index: Our field -> its position.
        forbidden: Positions that are never read (citizen number, date of birth, identity papers).
    """

    headers: tuple[str, ...]
    index: Mapping[str, int]
    forbidden: tuple[int, ...]

    def label(self, field: str) -> str:
        """Return the header of a field as the file prints it; our own name when there is none."""
        at = self.index.get(field)
        return field if at is None else self.headers[at]

    def ignored(self) -> tuple[str, ...]:
        """Return the headers that nothing is read from."""
        used = {*self.index.values(), *self.forbidden}
        return tuple(name for i, name in enumerate(self.headers) if i not in used)


def normalise(header: str) -> str:
    """Return the header in lower case, letters and digits only."""
    folded = unicodedata.normalize("NFKC", header).casefold()
    return "".join(c for c in folded if c.isalnum())


def resolve(
    header: Sequence[str], table: Mapping[str, Tiers], chosen: Mapping[str, tuple[str, ...]]
) -> Columns:
    """Return which field stands in which column.

    Args:
        header: The header row.
        table: The aliases of each field, in the order of resolving.
        chosen: What the settings or a profile say; it wins over the aliases. An empty list of
            headers means that the field is not read at all.

    Raises:
        RefusedError: A header stands twice, two columns are equally likely, a chosen header is
            not there, or there are too many columns.
    """
    if len(header) > _MOST_COLUMNS:
        raise refuse("file.too_wide", columns=len(header), most=_MOST_COLUMNS)
    names = [normalise(cell) for cell in header]
    forbidden = tuple(i for i, name in enumerate(names) if _FORBIDDEN.fullmatch(name))
    free = [("" if i in forbidden else name) for i, name in enumerate(names)]
    index: dict[str, int] = {}
    for field, headers in chosen.items():
        found = _chosen(field, headers, free, header)
        if found is not None:
            index[field] = found
    for field, tiers in table.items():
        if field not in chosen:
            found = _by_alias(field, tiers, _without(free, index.values()), header)
            if found is not None:
                index[field] = found
    return Columns(headers=_labels(header), index=index, forbidden=forbidden)


def known_headers(tables: Sequence[Mapping[str, Tiers]]) -> frozenset[str]:
    """Return all aliases of all fields, by which a header row is recognised."""
    return frozenset(
        name for table in tables for tiers in table.values() for tier in tiers for name in tier
    )


def _without(names: Sequence[str], used: Iterable[int]) -> list[str]:
    taken = set(used)
    return ["" if i in taken else name for i, name in enumerate(names)]


def _chosen(
    field: str, headers: Sequence[str], names: Sequence[str], shown: Sequence[str]
) -> int | None:
    for wanted in headers:
        found = [i for i, name in enumerate(names) if name and name == normalise(wanted)]
        if len(found) > 1:
            raise refuse("file.header_duplicate", column=field, header=shown[found[0]])
        if found:
            return found[0]
    return None


def _by_alias(field: str, tiers: Tiers, names: Sequence[str], shown: Sequence[str]) -> int | None:
    for tier in tiers:
        found = [i for i, name in enumerate(names) if name in tier]
        if len({names[i] for i in found}) > 1:
            one, other = found[0], next(i for i in found if names[i] != names[found[0]])
            raise refuse(
                "file.header_ambiguous", column=field, header=shown[one], other=shown[other]
            )
        if len(found) > 1:
            raise refuse("file.header_duplicate", column=field, header=shown[found[0]])
        if found:
            return found[0]
    return None


def _labels(header: Sequence[str]) -> tuple[str, ...]:
    counts: Counter[str] = Counter()
    labels = []
    for i, cell in enumerate(header, start=1):
        plain = " ".join(cell.split()) or f"#{i}"
        counts[plain] += 1
        labels.append(plain if counts[plain] == 1 else f"{plain} ({counts[plain]})")
    return tuple(labels)
