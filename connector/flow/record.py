"""Record: what maan did is written down in the package, and its own reminders are paused.

Orders wait in the outbox until the package has taken them: doing them twice changes nothing there,
so they are simply tried again. No debtor sees them.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from connector.core.actions import Action
from connector.core.policy.model import ChannelName, StepKind
from connector.core.reasons import Fact, Reason
from connector.flow.office import Administration
from connector.flow.record_text import text_of
from connector.port.adapter import PushOrder, PushVerb
from connector.port.errors import AdapterError, PolicyError, Recovery
from connector.port.records import AUTO_REMINDERS
from connector.store import (
    ActionRow,
    DeliveryRow,
    ItemRow,
    ItemState,
    PushRow,
    PushStatus,
    TaskKind,
    Unit,
)

_BACKOFF: Final = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
_LAST: Final = timedelta(days=1)


def take_over(desk: Administration, row: ActionRow) -> Reason | None:
    """Stop the package's own reminders about the items before maan writes about them.

    Returns:
        Why the action must wait, None when the package will not write too.
    """
    if not desk.can(PushVerb.PAUSE):
        return None
    with desk.office.store.unit(desk.id, durable=True) as unit:
        items = [unit.books.item(planned.id) for planned in row.action.items]
        orders = [
            _kept(unit, _order(item, PushVerb.PAUSE, desk.office.today))
            for item in items
            if item is not None and AUTO_REMINDERS in item.tags
        ]
    for order in orders:
        done = _perform(desk, order)
        if done.status is not PushStatus.DONE:
            return Reason("package_not_paused", {"error": done.error})
        with desk.office.store.unit(desk.id, durable=True) as unit:
            unit.outbox.drop(_resume_key(order))  # it was given back before: later it is again
    return None


def note_delivered(
    desk: Administration, unit: Unit, row: ActionRow, on: date, sent: Sequence[DeliveryRow]
) -> None:
    """Let the package keep a record of what was delivered, where it did not send that itself."""
    action = row.action
    if action.kind is StepKind.HAND_OVER:
        verb = PushVerb.RECORD_HANDOVER
    elif action.kind.is_message and set(action.via) - {ChannelName.PACKAGE}:
        verb = PushVerb.RECORD_MESSAGE
    else:
        return
    if desk.can(verb):
        unit.outbox.add(
            PushRow(
                key=f"{row.id}-{on.isoformat()}",
                verb=verb,
                action=row.id,
                party=action.party,
                items=tuple(item.id for item in action.items),
                on=on,
                text=_text(desk, action, on),
                facts=_letter(row, sent),
            )
        )


def note_task(desk: Administration, unit: Unit, row: ActionRow) -> None:
    """Let the package show that a person has something to do."""
    if desk.can(PushVerb.RECORD_TASK):
        action, on = row.action, desk.office.today
        unit.outbox.add(
            PushRow(
                key=f"{row.id}-task",
                verb=PushVerb.RECORD_TASK,
                action=row.id,
                party=action.party,
                items=tuple(item.id for item in action.items),
                on=on,
                text=_text(desk, action, on),
                facts={"kind": action.kind.value},
            )
        )


def empty_outbox(desk: Administration) -> None:
    """Perform the orders that wait. The caller holds the lock of the administration."""
    if desk.package is None:
        return
    skipped = _skipped(desk)
    with desk.office.store.unit(desk.id, durable=True) as unit:
        _let_go(desk, unit, skipped)
        waiting = unit.outbox.due(desk.office.now)
    for order in waiting:
        done = _perform(desk, order)
        if done.status is PushStatus.WAITING and done.error is not None:
            return  # the package is away, or lets nobody in: the next order would fail too


def _skipped(desk: Administration) -> frozenset[str]:
    """Return the numbers of the invoices that the policy leaves out."""
    try:
        return frozenset(o.invoice for o in desk.policy.overrides if o.invoice and o.skip)
    except PolicyError:  # told elsewhere; the package is given back nothing meanwhile
        return frozenset()


def _let_go(desk: Administration, unit: Unit, skipped: Collection[str]) -> None:
    """Give items back to the package that maan has done with: it was as if it never came."""
    if not desk.can(PushVerb.RESUME):
        return
    for paused in unit.outbox.find(PushVerb.PAUSE, PushStatus.DONE):
        key = _resume_key(paused)
        if unit.outbox.get(key) is not None:
            continue
        item = unit.books.item(paused.items[0])
        is_open = item is not None and item.state is ItemState.OPEN and item.number not in skipped
        if not is_open or not desk.can(PushVerb.PAUSE):
            resumed = replace(
                paused, key=key, verb=PushVerb.RESUME, on=desk.office.today,
                status=PushStatus.WAITING, attempts=0, reference=None,
            )  # fmt: skip
            unit.outbox.add(resumed)


def _perform(desk: Administration, order: PushRow) -> PushRow:
    """Ask the package, and keep what became of it."""
    assert desk.package is not None
    letter = order.facts.get("document")
    wish = PushOrder(
        key=order.key, verb=order.verb, items=order.items, on=order.on, text=order.text,
        party=order.party, facts=order.facts,
        document=desk.office.store.documents.get(letter) if letter else None,
    )  # fmt: skip
    try:
        reference = desk.package.push(wish)
    except AdapterError as error:
        done = _put_off(desk, order, error)
    else:
        done = replace(
            order, status=PushStatus.DONE, reference=reference, error=None, next_attempt_at=None
        )
    with desk.office.store.unit(desk.id, durable=True) as unit:
        unit.outbox.save(done)
        if done.status is PushStatus.DONE:
            facts: dict[str, object] = {"verb": order.verb.value, "reference": done.reference}
            unit.journal.add("recorded", order.action or order.items[0], facts, desk.office.actor)
        elif done.status is PushStatus.REFUSED:
            _tell(desk, unit, done)
    return done


def _put_off(desk: Administration, order: PushRow, error: AdapterError) -> PushRow:
    desk.office.log.warning("push_failed", administration=desk.id, code=error.code)
    attempts = order.attempts + 1
    if "after" in error.facts:  # no failure, only patience
        later = desk.office.now + timedelta(seconds=int(str(error.facts["after"])))
        return replace(order, error=error.code, next_attempt_at=later)
    if error.recovery is Recovery.HALT:
        return replace(order, status=PushStatus.REFUSED, attempts=attempts, error=error.code)
    wait = _BACKOFF[attempts - 1] if attempts <= len(_BACKOFF) else _LAST
    return replace(
        order, attempts=attempts, error=error.code, next_attempt_at=desk.office.now + wait
    )


def _tell(desk: Administration, unit: Unit, order: PushRow) -> None:
    """Ask a person to write down in the package what it did not take."""
    text = "; ".join(order.text.splitlines())  # it stands in a sentence
    facts: dict[str, Fact] = {
        "party": order.party, "error": order.error, "text": text, "verb": order.verb.value,
    }  # fmt: skip
    unit.tasks.ensure(
        TaskKind.ATTENTION, "package_refused", order.key, cycle=0, facts=facts,
        due=desk.office.today,
    )  # fmt: skip


def _kept(unit: Unit, order: PushRow) -> PushRow:
    unit.outbox.add(order)
    found = unit.outbox.get(order.key)
    assert found is not None
    return found


def _order(item: ItemRow, verb: PushVerb, on: date) -> PushRow:
    return PushRow(
        key=_key(item, verb), verb=verb, action=None, party=item.party, items=(item.id,), on=on,
        text=f"maan · {on.strftime('%d-%m-%Y')}",
    )  # fmt: skip


def _resume_key(paused: PushRow) -> str:
    return paused.key.removesuffix(f"-{PushVerb.PAUSE}") + f"-{PushVerb.RESUME}"


def _key(item: ItemRow, verb: PushVerb) -> str:
    return f"{item.id}@{item.cycle}-{verb}"


def _letter(row: ActionRow, sent: Sequence[DeliveryRow]) -> dict[str, str]:
    """Return the letter to attach: as it was printed, else as it was mailed."""
    for channel, suffix in ((ChannelName.POST, "pdf"), (ChannelName.EMAIL, "eml")):
        found = next((one for one in sent if one.channel == channel and one.document), None)
        if found is not None and found.document is not None:
            return {"document": found.document, "file": f"{row.action.step}-{row.id}.{suffix}"}
    return {}


def _text(desk: Administration, action: Action, on: date) -> str:
    settings = desk.office.settings
    agency = None if action.to is None else settings.agencies.get(action.to)
    to = action.to if agency is None else agency.name
    return text_of(action, on, language=settings.language, to=to)
