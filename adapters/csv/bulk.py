"""Many records of one kind at once, field by field."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from itertools import repeat
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Record = TypeVar("_Record", bound="DataclassInstance")


def in_bulk(kind: type[_Record], count: int, columns: Mapping[str, Iterable[Any]]) -> list[_Record]:
    """Return so many records, as if each was made by itself, in a third of the time.

    A frozen record sets each of its fields by a call of its own; here each field is set in all
    records in one go. Nobody has seen the records yet, so nobody sees them change.

    Args:
        kind: A frozen record with slots and without checks of its own.
        count: How many.
        columns: Field -> its value in each record; the others get their default.

    Raises:
        TypeError: A field has neither values nor a default, or the kind checks what it is given.
    """
    if hasattr(kind, "__post_init__"):
        raise TypeError(f"{kind.__name__} must be made one by one")
    records = list(map(object.__new__, repeat(kind, count)))
    for one in fields(kind):
        values: Iterable[Any]
        if one.name in columns:
            values = columns[one.name]
        elif one.default is not MISSING:
            values = repeat(one.default)
        elif one.default_factory is not MISSING:
            values = iter(one.default_factory, MISSING)
        else:
            raise TypeError(f"{kind.__name__}.{one.name} is missing")
        deque(map(getattr(kind, one.name).__set__, records, values), maxlen=0)
    return records
