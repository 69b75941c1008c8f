"""The present state of given items, read right before something is done with them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from adapters.moneybird.endpoints import MOST_IDS, Resource, item_id, remote_id
from adapters.moneybird.mapping import Context, Workflow, to_item
from adapters.moneybird.page import said
from adapters.moneybird.source import Source
from adapters.moneybird.values import number_of
from connector.port.adapter import Refreshed
from connector.port.errors import RecordError
from connector.port.records import ItemId, ItemRecord, Rejected


@dataclass(slots=True)
class Refresh:
    """One refresh.

    Attributes:
        sales: The sales invoices that were read, as they came, by id.
    """

    client: Callable[[], Source]  # asked when there is something to read
    workflows: Mapping[str, Workflow]
    leave: bool
    urgent: bool
    sales: dict[int, dict[str, Any]] = field(default_factory=dict)
    _items: list[ItemRecord] = field(default_factory=list)
    _gone: list[ItemId] = field(default_factory=list)
    _unreadable: list[ItemId] = field(default_factory=list)
    _rejected: list[Rejected] = field(default_factory=list)

    def read(self, asked: Mapping[Resource, Sequence[int]]) -> None:
        """Read the records, 100 in a request."""
        for resource, ids in asked.items():
            for start in range(0, len(ids), MOST_IDS):
                page = ids[start : start + MOST_IDS]
                rows = self.client().fetch(resource, page, urgent=self.urgent)
                self._take(resource, page, {number_of(row.get("id")): row for row in rows})

    def told(self, as_of: datetime, strange: Sequence[ItemId]) -> Refreshed:
        """Return what was read; `strange` keys are none of ours."""
        return Refreshed(
            items=tuple(self._items),
            gone=tuple(self._gone),
            unreadable=(*self._unreadable, *strange),
            as_of=as_of,
            rejected=tuple(self._rejected),
        )

    def _take(
        self, resource: Resource, page: Sequence[int], found: Mapping[int, dict[str, Any]]
    ) -> None:
        numbers = {
            str(id_): str(row["invoice_id"]) for id_, row in found.items() if row.get("invoice_id")
        }
        context = Context(workflows=self.workflows, leave=self.leave, numbers=numbers)
        for id_ in page:
            key, row = item_id(resource, id_), found.get(id_)
            if row is None:
                self._gone.append(key)
                continue
            if resource is Resource.SALES:
                self.sales[id_] = row
            try:
                item = to_item(resource, row, context).item
            except RecordError as error:
                self._unreadable.append(key)
                self._rejected.append(
                    said(resource, error.code, id_, {"field": str(error.facts.get("field", ""))})
                )
                continue
            if item is None:
                self._gone.append(key)
            else:
                self._items.append(item)


def by_resource(ids: Sequence[ItemId]) -> tuple[dict[Resource, list[int]], list[ItemId]]:
    """Return the remote ids per kind, each once, and the keys that are none of ours."""
    asked: dict[Resource, list[int]] = {}
    strange = []
    for key in dict.fromkeys(ids):
        known = remote_id(key)
        if known is None or item_id(*known) != key:
            strange.append(key)
        else:
            asked.setdefault(known[0], []).append(known[1])
    return asked, strange
