"""Writing to the simulated API: documents, attachments, tasks, notes, webhooks, and relations."""

import base64
import binascii
import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from adapters.exact import sim_catalogue, sim_tables
from adapters.exact.sim_call import Call, found, refusal
from adapters.exact.sim_columns import Column, Kind, writer
from adapters.exact.sim_faults import Answer
from adapters.exact.sim_hooks import TOPICS, Hooks
from adapters.exact.sim_odata import key_of
from adapters.exact.sim_world import (
    DELETED_DOCUMENT,
    SORTS,
    Account,
    Plain,
    days,
    guid,
    number_of,
)

_GUID: Final = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_DATE: Final = re.compile(r"/Date\((-?\d+)\)/")
_NAMES: Final = {
    "Name": "name", "Email": "email", "Code": "code", "ChamberOfCommerce": "kvk",
    "VATNumber": "vat", "Country": "country", "Language": "language",
}  # fmt: skip
_DEFAULTS: Final[Mapping[str, dict[str, Any]]] = {
    sim_catalogue.TASKS: {"Status": 20},
    sim_catalogue.NOTES: {"Status": 50},
}


def write(call: Call, hooks: Hooks) -> Answer:
    """Answer a POST, PUT or DELETE."""
    if call.method not in call.resource.methods:
        raise refusal(400, f"Method {call.method} is not supported for this endpoint.")
    match call.method:
        case "POST":
            return _create(call, hooks)
        case "PUT":
            return _update(call, hooks)
        case _:
            return _delete(call, hooks)


def _create(call: Call, hooks: Hooks) -> Answer:
    resource, world = call.resource, call.world
    sent = _body(call)
    for name in resource.required:
        if sent.get(name) in {None, ""}:
            raise refusal(400, f"Mandatory: {name}")
    values = _values(call, sent)
    _check(call, values)
    number = world.new_id()
    identifier = guid(SORTS["plain"], number)
    own = {"ID": identifier, "Division": call.division.code, "HID": number}
    own |= {"Created": world.wall(), "Modified": world.wall()}
    row = Plain(number, _DEFAULTS.get(resource.path, {}) | values | own)
    row.values |= _derived(call, row.values)
    call.division.table(resource.path)[number] = row
    call.division.changes += 1
    if resource.path == sim_catalogue.DOCUMENTS:
        hooks.tell(call.division, "Documents", "Create", identifier)
    shown = row if "return=representation" in call.headers.get("prefer", "") else None
    shown = shown or Plain(number, values | {"ID": identifier})
    return found(writer(resource.columns, list(resource.columns), call.head)(shown), 201)


def _derived(call: Call, values: Mapping[str, Any]) -> dict[str, Any]:
    account = call.division.accounts.get(number_of(values.get("Account")))
    more: dict[str, Any] = {"AccountName": account.name if account else None}
    match call.resource.path:
        case sim_catalogue.DOCUMENTS:
            named = {row["ID"]: row["Description"] for row in sim_tables.TYPES_OF_DOCUMENTS}
            more |= {"TypeDescription": named[values["Type"]], "Currency": call.division.currency}
            more |= {"HasEmptyBody": not values.get("Body")}
        case sim_catalogue.ATTACHMENTS:
            content = base64.b64decode(values["Attachment"])
            address = f"{call.url.partition('/api/')[0]}/docs/SysAttachment.aspx?ID={values['ID']}"
            more |= {"content": content, "FileSize": Decimal(len(content)), "Url": address}
            more |= {"Attachment": None}
        case sim_catalogue.SUBSCRIPTIONS:
            more |= {"ClientID": None, "UserID": guid(SORTS["user"], 1)}
        case _:
            pass
    return more


def _check(call: Call, values: Mapping[str, Any]) -> None:
    """Refuse what refers to nothing, or may not be made."""
    division = call.division
    for name, rows in (
        ("Account", division.accounts),
        ("Contact", division.contacts),
        ("Document", division.table(sim_catalogue.DOCUMENTS)),
    ):
        if values.get(name) is not None and number_of(values[name]) not in rows:
            raise refusal(400, f"Invalid reference: {name}")
    if call.resource.path == sim_catalogue.DOCUMENTS and "Type" in values:
        creatable = {
            row["ID"] for row in sim_tables.TYPES_OF_DOCUMENTS if row["DocumentIsCreatable"]
        }
        if values["Type"] not in creatable:
            raise refusal(400, "Documents of this type cannot be created.")
    if call.resource.path == sim_catalogue.SUBSCRIPTIONS:
        _check_hook(call, values)


def _check_hook(call: Call, values: Mapping[str, Any]) -> None:
    if values["Topic"] not in TOPICS:
        raise refusal(400, "Invalid: Topic")
    if call.world.ways.hooks_need_https and not values["CallbackURL"].startswith("https://"):
        raise refusal(400, "Invalid: CallbackURL must be https")
    if not 200 <= (call.callback or 0) < 300:
        text = f"Invalid: Post to callback URL endpoint returns {call.callback or 'nothing'}"
        raise refusal(500, text)


def _update(call: Call, hooks: Hooks) -> Answer:
    row = call.resource.find(call.division, key_of(call))
    if row is None:
        raise refusal(404, "Resource not found for the segment.")
    values = _values(call, _body(call))
    if isinstance(row, Account):
        change_account(call, row, values)
        hooks.tell(call.division, "Accounts", "Update", guid(SORTS["accounts"], row.id))
    else:
        _check(call, values)
        row.values |= values | {"Modified": call.world.wall()}
        hooks.tell(call.division, "Documents", "Update", row.values["ID"])
    return Answer(status=204)


def change_account(call: Call, account: Account, values: Mapping[str, Any]) -> None:
    """Change a relation by fields of the wire."""
    for name, value in values.items():
        if name in _NAMES:
            setattr(account, _NAMES[name], value)
        else:
            account.fields = {**(account.fields or {}), name: value}
    account.modified = call.world.wall()
    call.world.stamp(call.division, "accounts", account)


def _delete(call: Call, hooks: Hooks) -> Answer:
    row = call.resource.find(call.division, key_of(call))
    if row is None:
        raise refusal(404, "Resource not found for the segment.")
    del call.division.table(call.resource.path)[row.id]
    if call.resource.path == sim_catalogue.DOCUMENTS:
        call.world.bury(call.division, DELETED_DOCUMENT, key=row.values["ID"])
        hooks.tell(call.division, "Documents", "Delete", row.values["ID"])
    return Answer(status=204)


def _body(call: Call) -> dict[str, Any]:
    try:
        sent = json.loads(call.body, parse_float=Decimal)
    except ValueError:
        raise refusal(400, "Error processing request stream.") from None
    if not isinstance(sent, dict):
        raise refusal(400, "Error processing request stream.")
    return sent


def _values(call: Call, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was sent in the form in which rows keep it."""
    kept = {}
    for name, value in sent.items():
        if name not in call.resource.columns:
            raise refusal(400, f"The property '{name}' does not exist on this type.")
        if name not in call.resource.writable:
            continue  # sent by who copies a whole row: it changes nothing
        kept[name] = None if value is None else _value(name, call.resource.columns[name], value)
    return kept


def _value(name: str, column: Column, value: object) -> object:
    wrong = refusal(400, f"Error converting the value for property '{name}'.")
    match column.kind, value:
        case Kind.GUID, str() if _GUID.fullmatch(value):
            return value.lower()
        case Kind.TEXT, str():
            if name == "Attachment":
                _check_base64(value)
            return value
        case Kind.BOOL, bool():
            return value
        case Kind.INT, int() if not isinstance(value, bool):
            return value
        case ((Kind.DOUBLE | Kind.MONEY), (int() | Decimal())) if not isinstance(value, bool):
            return Decimal(value)
        case Kind.DATE, str():
            return _days(value, wrong)
        case _:
            raise wrong


def _days(value: str, wrong: Exception) -> int:
    by_number = _DATE.fullmatch(value)
    if by_number is not None:
        return int(by_number[1]) // 86_400_000
    try:
        return days(date.fromisoformat(value[:10]))
    except ValueError:
        raise wrong from None


def _check_base64(value: str) -> None:
    try:
        base64.b64decode(value, validate=True)
    except binascii.Error:
        text = "Error encountered in converting the value from request payload for property "
        raise refusal(400, f"{text}'Attachment' to type 'Byte[]'.") from None
