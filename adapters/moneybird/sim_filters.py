"""Filters and pages of lists, quirks included.

A filter replaces every default; what it does not know is ignored; a state that it does not know is
refused; a period needs two ends and spans ten years at most.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from adapters.moneybird import sim_render
from adapters.moneybird.sim_world import Bill, Contact, Kind

DEFAULT = "period:this_year"
_RANGE = re.compile(r"(\d{8}|\d{6})\.\.(\d{8}|\d{6})")
_HALF = re.compile(r"(\d{6,8}\.\.|\.\.\d{6,8})")
_MAX_DAYS = 3_660

BillTest = Callable[[Bill], bool]
ContactTest = Callable[[Contact], bool]


class BadFilterError(Exception):
    """A parameter of a list is refused with 400."""


def terms(text: str) -> dict[str, str]:
    """Return the keys and values of a filter; what has no colon is dropped."""
    pairs = (part.partition(":") for part in text.split(",") if ":" in part)
    return {key.strip(): value.strip() for key, _, value in pairs}


def bills(found: Iterable[Bill], kind: Kind, text: str | None, today: date) -> list[Bill]:
    """Return the items that a filter lets through.

    Args:
        found: All items of the kind.
        kind: Which keys there are.
        text: The filter; None: the default, which hides what is not of this year.
        today: What "this year" means.

    Raises:
        BadFilterError: A value is refused.
    """
    tests = [
        test
        for key, value in terms(DEFAULT if text is None else text).items()
        if (test := _bill_test(kind, key, value, today)) is not None
    ]
    return [bill for bill in found if all(test(bill) for test in tests)]


def _bill_test(  # noqa: PLR0911  # one line a key
    kind: Kind,
    key: str,
    value: str,
    today: date,
) -> BillTest | None:
    match key:
        case "state":
            return _state(kind, value)
        case "period":
            return _within(period(value, today), today)
        case "contact_id":
            return lambda bill: bill.contact is not None and str(bill.contact.id) == value
        case _:
            pass
    if kind is Kind.EXTERNAL:
        return None
    match key:
        case "reference":
            wanted = value.split("|")
            return lambda bill: _reference(bill) in wanted
        case "updated_after":
            after = moment(value)
            return lambda bill: bill.version > after
        case _:
            pass
    if kind is not Kind.SALES:
        return None
    match key:
        case "created_after":
            after = moment(value)
            return lambda bill: bill.created > after
        case "workflow_id":
            return lambda bill: str(bill.workflow) == value
        case _:
            return None


def _state(kind: Kind, value: str) -> BillTest | None:
    wanted = frozenset(value.split("|"))
    if "all" in wanted:
        return None
    if not wanted <= set(sim_render.STATES[kind]):
        raise BadFilterError("Status is not included in the list")
    return lambda bill: bill.state in wanted


def _within(span: tuple[date, date], today: date) -> BillTest:
    first, last = span

    def test(bill: Bill) -> bool:
        return first <= (bill.issued or today) <= last

    return test


def _reference(bill: Bill) -> str | None:
    if bill.kind is Kind.SALES:
        return str((bill.fields or {}).get("reference"))
    return bill.number


def moment(value: str) -> float:
    """Return the Unix time that a filter names, in UTC.

    Raises:
        BadFilterError: It is no time.
    """
    text = value.removesuffix("UTC").strip()
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadFilterError("Time is invalid") from error
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


def period(value: str, today: date) -> tuple[date, date]:
    """Return first and last day of a period.

    Raises:
        BadFilterError: It is no period, has one end, or is too long.
    """
    if _HALF.fullmatch(value):
        raise BadFilterError("Period must have both a start and end date")
    ranged = _RANGE.fullmatch(value)
    if ranged is None:
        return _named(value, today)
    try:
        first, last = _edge(ranged[1], last=False), _edge(ranged[2], last=True)
    except ValueError as error:
        raise BadFilterError("Period is invalid") from error
    if first > last or (last - first).days > _MAX_DAYS:
        raise BadFilterError("Period is invalid")
    return first, last


def _edge(text: str, *, last: bool) -> date:
    year, month = int(text[:4]), int(text[4:6])
    if len(text) == 8:
        return date(year, month, int(text[6:]))
    return (
        _add_months(date(year, month, 1), 1) - timedelta(days=1) if last else date(year, month, 1)
    )


def _named(value: str, today: date) -> tuple[date, date]:
    step, _, unit = value.partition("_")
    shift = {"prev": -1, "this": 0, "next": 1}.get(step)
    if shift is None:
        raise BadFilterError("Period is invalid")
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        return monday, monday + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    if months is None:
        raise BadFilterError("Period is invalid")
    start = date(today.year, (today.month - 1) // months * months + 1, 1)
    first = _add_months(start, shift * months)
    return first, _add_months(first, months) - timedelta(days=1)


def _add_months(first: date, months: int) -> date:
    years, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(years, month + 1, 1)


def contacts(found: Iterable[Contact], query: Mapping[str, str]) -> list[Contact]:
    """Return the contacts that a query lets through; archived ones only when they are asked for."""
    archived = query.get("include_archived") == "true"
    tests = [
        test
        for key, value in terms(query.get("filter", "")).items()
        if (test := _contact_test(key, value)) is not None
    ]
    wanted = query.get("query", "").casefold()
    return [
        one
        for one in found
        if (archived or not one.archived)
        and all(test(one) for test in tests)
        and (not wanted or wanted in str(sim_render.contact(one)["company_name"]).casefold())
    ]


def _contact_test(key: str, value: str) -> ContactTest | None:
    names = {"first_name": "firstname", "last_name": "lastname"}
    if key in names:
        name = names[key]
        return lambda one: str(one.fields.get(name, "")).casefold() == value.casefold()
    match key, value:
        case "created_after", _:
            after = moment(value)
            return lambda one: one.created > after
        case "updated_after", _:
            after = moment(value)
            return lambda one: one.version > after
        case "contact_type", "company":
            return lambda one: bool(sim_render.contact(one)["company_name"])
        case "contact_type", "private_individual":
            return lambda one: not sim_render.contact(one)["company_name"]
        case _:
            return None


def page(query: Mapping[str, str]) -> tuple[int, int]:
    """Return page and page size.

    Raises:
        BadFilterError: One of them is no number within its range.
    """
    return (
        _bounded(query.get("page", "1"), "page", 100_000),
        _bounded(query.get("per_page", "50"), "per_page", 100),
    )


def _bounded(text: str, name: str, most: int) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise BadFilterError(f"{name} does not have a valid value")
    return int(text)
