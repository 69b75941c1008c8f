"""From a header row to columns: layout maan, a package's profile, or the usual headers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from adapters.csv.columns import Columns, known_headers, normalise, resolve
from adapters.csv.faults import refuse
from adapters.csv.fields import MAAN_REQUIRED, Tiers, aliases, maan_aliases
from adapters.csv.file_mapping import FileMapping
from adapters.csv.profiles import profiles, recognised
from adapters.csv.settings import CsvSettings
from connector.port.records import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the files with one header are read.

    Attributes:
        name: maan, auto or the name of the profile.
        mapping: What the settings say, over what the profile says.
        by_name: The name is the key of a party.
        currency: What an empty or absent currency means, None when it must be there.
    """

    name: str
    mapping: FileMapping
    columns: Columns
    by_name: bool
    currency: str | None


def known(settings: CsvSettings, kind: Kind) -> frozenset[str]:
    """Return the headers by which the header row of a file of this kind is recognised."""
    chosen = settings.mapping(kind).columns.values()
    return _all_known() | {normalise(header) for headers in chosen for header in headers}


def understand(header: tuple[str, ...], kind: Kind, settings: CsvSettings) -> Layout:
    """Return how a file with this header is read.

    Raises:
        RefusedError: A column that must be there is missing, twice there or ambiguous.
    """
    name, said = settings.layout, settings.mapping(kind)
    if name == "auto":
        name = recognised(header) or ("maan" if _is_maan(header, kind) else "auto")
    profile = profiles().get(name)
    mapping = said if profile is None else said.over(profile.mapping(kind))
    is_maan = name == "maan"
    table: Mapping[str, Tiers] = maan_aliases(kind) if is_maan else aliases(kind)
    columns = _without_running_balance(resolve(header, table, mapping.columns))
    missing = _missing(columns, kind, mapping, is_maan=is_maan)
    if missing:
        raise refuse("file.column_missing", column=missing[0], missing=", ".join(missing))
    by_name = mapping.party_key == "name" or "party_ref" not in columns.index
    currency = mapping.default_currency
    if currency is None and not is_maan and "currency" not in columns.index:
        currency = "EUR"
    return Layout(name=name, mapping=mapping, columns=columns, by_name=by_name, currency=currency)


def _is_maan(header: tuple[str, ...], kind: Kind) -> bool:
    """Whether the header holds the columns that our own layout must have."""
    there = {normalise(cell) for cell in header}
    needed = ("party_ref", "party_name") if kind is Kind.PARTIES else MAAN_REQUIRED
    return all(normalise(column) in there for column in needed)


@cache
def _all_known() -> frozenset[str]:
    tables = [table(kind) for kind in Kind for table in (aliases, maan_aliases)]
    chosen = (
        headers
        for profile in profiles().values()
        for kind in Kind
        for headers in profile.mapping(kind).columns.values()
    )
    return known_headers(tables) | {normalise(one) for headers in chosen for one in headers}


def _without_running_balance(columns: Columns) -> Columns:
    """Leave a balance unread where debit and credit stand beside it: it may run on."""
    index = dict(columns.index)
    has_both_sides = "open" in index and "debit" in index and "credit" in index
    if has_both_sides and normalise(columns.headers[index["open"]]) in {"saldo", "balance"}:
        del index["open"]
    return replace(columns, index=index)


def _missing(
    columns: Columns, kind: Kind, mapping: FileMapping, *, is_maan: bool
) -> tuple[str, ...]:
    index = columns.index
    if kind is Kind.PARTIES:
        key = "party_name" if mapping.party_key == "name" else "party_ref"
        return () if key in index or (not is_maan and "party_name" in index) else (key,)
    if is_maan:
        granted = {
            "currency" if mapping.default_currency else "",
            "due" if mapping.payment_term_days is not None else "",
        }
        return tuple(n for n in MAAN_REQUIRED if n not in index and n not in granted)
    missing = []
    match mapping.party_key:
        case "number" if "party_ref" not in index:
            missing.append("party_ref")
        case "name" if "party_name" not in index:
            missing.append("party_name")
        case _ if "party_ref" not in index and "party_name" not in index:
            missing.append("party_ref")
        case _:
            pass
    if "number" not in index:
        missing.append("number")
    has_total = "total" in index and ("dc" in index or "paid" in index)
    if not ({"open", "debit", "credit"} & index.keys() or has_total):
        missing.append("open")
    return tuple(missing)
