"""Reading resources of the simulated API: options, pages, and the shapes of an answer."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import quote, urlencode

from adapters.exact.sim_call import Call, Resource, found, refusal
from adapters.exact.sim_columns import Kind, value_of, writer
from adapters.exact.sim_faults import Answer
from adapters.exact.sim_filter import BadFilterError, Filter, parse
from adapters.exact.sim_world import Stamped, Stream

MOST_BY_TOP: Final = 1000

_MEMORY: Final = 61 * 86_400


def read(call: Call) -> Answer:
    """Answer a GET."""
    if call.key is not None:
        return _single(call)
    resource = call.resource
    if resource.stream is not None:
        return _sync(call, resource.stream)
    _check_options(call)
    rows = _rows(call)
    if call.link.endswith("/$count"):
        return Answer(status=200, body=str(len(rows)).encode(), content_type="text/plain")
    rows = _ordered(call, rows)
    total = len(rows) if call.query.get("$inlinecount") == "allpages" else None
    rows = rows[_number(call.query, "$skip") or 0 :]
    top = _number(call.query, "$top")
    if top is not None:
        return found(_listed(call, rows[: min(top, MOST_BY_TOP)]))
    by_place = "$orderby" in call.query
    rows = _behind(call, rows, by_place=by_place)
    size = resource.page or call.world.ways.list_page
    page = rows[:size]
    is_full = len(page) == size and call.world.ways.next_when_full
    more = len(rows) > size or is_full
    token = None
    if more:
        seen = _number(call.query, "$skiptoken") or 0
        token = str(seen + len(page) if by_place else page[-1].id)
    return _page(call, page, token, total)


def selected(call: Call) -> list[str]:
    """Return the columns that are asked for."""
    asked = call.query.get("$select")
    columns = call.resource.columns
    if asked is None or asked == "*":
        return list(columns)
    names = [name.strip() for name in asked.split(",") if name.strip()]
    for name in names:
        if name not in columns:
            raise refusal(400, f"Could not find a property named '{name}'.")
    return names


def _check_options(call: Call) -> None:
    resource, query = call.resource, call.query
    if resource.needs_select and "$select" not in query and query.get("$top") != "1":
        raise refusal(400, "The query must have a $select.")
    is_twin = resource.has_twin and call.world.ways.needs_filter
    if is_twin and "$filter" not in query:
        raise refusal(400, "A filter is mandatory for this endpoint.")


def _number(query: Mapping[str, str], name: str) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    if not text.isdecimal():
        raise refusal(400, f"Incorrect value for {name}.")
    return int(text)


def filter_of(call: Call) -> Filter | None:
    """Return the filter of a request."""
    text = call.query.get("$filter")
    if text is None:
        return None
    try:
        return parse(text, call.resource.columns)
    except BadFilterError as error:
        raise refusal(400, str(error)) from error


def _rows(call: Call) -> list[Any]:
    asked = filter_of(call)
    if asked is None:
        return list(call.resource.rows(call.division))
    near = call.resource.narrow(call.division, asked)
    candidates = call.resource.rows(call.division) if near is None else near
    return [row for row in candidates if asked.test(row)]


def _ordered(call: Call, rows: list[Any]) -> list[Any]:
    columns = call.resource.columns
    for part in reversed(call.query.get("$orderby", "").split(",")):
        name, _, way = part.strip().partition(" ")
        if not name:
            continue
        if name not in columns or way.strip() not in {"", "asc", "desc"}:
            raise refusal(400, f"Cannot order by '{part}'.")
        rows = _sorted(call.resource, rows, name, backwards=way.strip() == "desc")
    return rows


def _sorted(resource: Resource, rows: list[Any], name: str, *, backwards: bool) -> list[Any]:
    column = resource.columns[name]

    def place(row: Any) -> tuple[bool, Any]:  # noqa: ANN401  # any row
        value = value_of(row, name, column)
        return value is not None, "" if value is None else value

    return sorted(rows, key=place, reverse=backwards)


def _behind(call: Call, rows: list[Any], *, by_place: bool) -> list[Any]:
    token = _number(call.query, "$skiptoken")
    if token is None:
        return rows
    return rows[token:] if by_place else [row for row in rows if row.id > token]


def _sync(call: Call, name: str) -> Answer:
    query, ways = call.query, call.world.ways
    if "$select" not in query:
        raise refusal(400, "The query must have a $select.")
    since, test = _since(call)
    token = query.get("$skiptoken", "").removesuffix("L")
    stream = call.division.streams.get(name, Stream())
    rows: Iterable[Stamped]
    if ways.sync_ascending:
        rows = stream.after(max(since, int(token or 0)))
    else:
        above = (row for row in stream.after(since) if row.id > int(token or 0))
        rows = sorted(above, key=lambda row: row.id)
    if test is not None:
        rows = filter(test.test, rows)
    if name == "deleted":
        rows = _remembered(call, rows)
    page = list(islice(rows, call.resource.page + 1))
    more = len(page) > call.resource.page
    page = page[: call.resource.page]
    if not more and ways.next_when_full and len(page) == call.resource.page:
        more = True
    last = (page[-1].ts if ways.sync_ascending else page[-1].id) if more else None
    return _page(call, page, None if last is None else f"{last}L", None)


def _remembered(call: Call, rows: Iterable[Any]) -> Iterable[Any]:
    """Yield the deletions of the last two months, if the user may know of any."""
    oldest = call.world.wall() - _MEMORY
    return (row for row in rows if call.world.ways.deleted_right and row.at >= oldest)


def _since(call: Call) -> tuple[int, Filter | None]:
    """Return the timestamp behind which rows are asked, and what else is asked of them."""
    asked = filter_of(call)
    if asked is None:
        return 0, None
    is_deleted = call.resource.stream == "deleted"
    since, others = 0, False
    for term in asked.terms:
        if term.field == "Timestamp" and term.operator == "gt":
            since = max(since, term.value)
        elif not (is_deleted and term.field == "EntityType" and term.operator == "eq"):
            others = True
    if (others or asked.words - {"and"}) and call.world.ways.sync_other_filter == "refuse":
        raise refusal(400, "Only a filter on Timestamp is supported.")
    return since, asked if is_deleted else None


def _page(call: Call, rows: Sequence[Any], token: str | None, total: int | None) -> Answer:
    listed = _listed(call, rows)
    count = "" if total is None else f',"__count":"{total}"'
    after = "" if token is None else f',"__next":"{_next(call, token)}"'
    return found(f'{{"results":{listed}{count}{after}}}')


def _next(call: Call, token: str) -> str:
    kept = {name: value for name, value in call.query.items() if name != "$skiptoken"}
    query = urlencode(kept | {"$skiptoken": token}, quote_via=quote, safe="$,'*")
    return f"{call.link}?{query}"


def _listed(call: Call, rows: Iterable[Any]) -> str:
    as_text = call.world.ways.amounts_as_text
    write = writer(call.resource.columns, selected(call), call.head, as_text=as_text)
    return f"[{','.join(map(write, rows))}]"


def _single(call: Call) -> Answer:
    row = call.resource.find(call.division, key_of(call))
    if row is None:
        raise refusal(404, "Resource not found for the segment.")
    as_text = call.world.ways.amounts_as_text
    write = writer(call.resource.columns, selected(call), call.head, as_text=as_text)
    return found(write(row))


def key_of(call: Call) -> str:
    """Return the key in the address; one of another type is refused."""
    text = call.key or ""
    if call.resource.columns[call.resource.key].kind is Kind.GUID:
        if not (text.startswith("guid'") and text.endswith("'")):
            raise refusal(400, "Syntax error in the key.")
        return text[5:-1].lower()
    return text.removesuffix("L").strip("'")
