"""Webhooks of the simulated package: queued with every event, signed, delivered on demand."""

import hashlib
import hmac
import json
from typing import Any

import requests

from adapters.moneybird import sim_items, sim_render
from adapters.moneybird.sim_world import Bill, Book, Contact, Hook, Push, World

_DEFAULT_EVENTS = ("sales_invoice_state_changed",)
_SECONDS = 5


def register(world: World, book: Book, url: str, events: tuple[str, ...]) -> Hook:
    """Keep a webhook; token and secret are its own."""
    identifier = world.new_id()
    seed = hashlib.sha256(f"hook {identifier}".encode()).hexdigest()
    record = Hook(
        id=identifier,
        book=book,
        url=url,
        events=events,
        token=seed[:24],
        secret=hashlib.sha256(seed.encode()).hexdigest(),
    )
    book.hooks[identifier] = record
    return record


def answers(url: str) -> bool:
    """Return whether the address answers 200, as it must to be registered."""
    return _post(url, b"{}", {}) == 200


def queue_bill(world: World, bill: Bill, action: str, *, destroyed: bool = False) -> None:
    """Queue an event of an item for every webhook that asked for it."""
    if not bill.book.hooks:
        return
    _queue(
        world,
        bill.book,
        {
            "entity_type": sim_render.entity_type(bill.kind),
            "entity_id": str(bill.id),
            "state": bill.state,
            "action": action,
            "entity": None if destroyed else sim_items.item(bill),
        },
    )


def queue_contact(world: World, contact: Contact, action: str, *, destroyed: bool = False) -> None:
    """Queue an event of a contact for every webhook that asked for it."""
    if not contact.book.hooks:
        return
    _queue(
        world,
        contact.book,
        {
            "entity_type": "Contact",
            "entity_id": str(contact.id),
            "state": None,
            "action": action,
            "entity": None if destroyed else sim_render.contact(contact),
        },
    )


def _queue(world: World, book: Book, payload: dict[str, Any]) -> None:
    for hook in book.hooks.values():
        if not str(payload["action"]).startswith(hook.events or _DEFAULT_EVENTS):
            continue
        head = {
            "administration_id": str(book.id),
            "webhook_id": str(hook.id),
            "webhook_token": hook.token,
        }
        key = hashlib.sha256(f"push {world.new_id()}".encode()).hexdigest()[:32]
        body = json.dumps(head | payload).encode()
        world.pushes.append(Push(hook=hook, key=key, body=body))


def sign(secret: str, second: int, body: bytes) -> str:
    """Return the value of `Moneybird-Signature`."""
    message = f"{second}.".encode() + body
    mark = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    return f"t={second},v1={mark}"


def push(record: Push, second: int) -> bool:
    """Send a webhook once and return whether it was answered 200."""
    status = _post(
        record.hook.url,
        record.body,
        {
            "Moneybird-Signature": sign(record.hook.secret, second, record.body),
            "Idempotency-Key": record.key,
        },
    )
    record.hook.last_status = status
    return status == 200


def _post(url: str, body: bytes, headers: dict[str, str]) -> int | None:
    try:
        answer = requests.post(
            url,
            data=body,
            headers={"Content-Type": "application/json"} | headers,
            timeout=_SECONDS,
        )
    except requests.RequestException:
        return None
    return answer.status_code
