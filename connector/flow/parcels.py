"""From an action to what will leave: the letter, its PDF, and the bytes of each channel."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from connector.channels.base import Channel, Parcel, Prepared
from connector.channels.package import PackageChannel
from connector.channels.post import collection_day
from connector.core.actions import Action
from connector.core.days import Calendar
from connector.core.deadlines import deadline, received_on
from connector.core.letters.fields import Creditor, Letter, LetterFacts, Recipient, Sender
from connector.core.letters.render import render_letter
from connector.core.letters.texts import choose_template
from connector.core.policy.model import ChannelName, Duration, Policy
from connector.flow.office import Administration
from connector.port.errors import RequestError
from connector.port.records import PartyRef
from connector.settings import ZONE, AgencySettings
from connector.store import PartyRow, Unit

_REFERENCE_LENGTH: Final = 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What one channel will send; `deadline` is the last day to pay as the letter prints it."""

    name: str
    channel: Channel
    prepared: Prepared
    deadline: date | None = None


def delivery_key(action: str, channel: str, *, returned: int = 0) -> str:
    """Return the key under which a delivery is found again at its channel.

    A message that came back `returned` times is another message the next time.
    """
    return f"{action}-{channel}-{returned + 1}" if returned else f"{action}-{channel}"


def channel_of(desk: Administration, name: ChannelName) -> Channel:
    """Return the channel of this name.

    Raises:
        RequestError: The configuration has none (`channel_missing`).
    """
    if name is ChannelName.PACKAGE and desk.package is not None:
        return PackageChannel(desk.package)
    found = desk.office.parts.channels().get(name)
    if found is None:
        raise RequestError("channel_missing", channel=name.value)
    return found


def letter_facts(
    desk: Administration, unit: Unit, action: Action, *, on: date, ends: date | None
) -> LetterFacts:
    """Return all that the letter of an action speaks of.

    Raises:
        RequestError: The debtor is not in the books any more.
    """
    creditor, sender = desk.settings.creditor, desk.settings.sender
    party = unit.books.party(action.party)
    if party is None:
        raise RequestError("party_unknown", party=action.party)
    agency = desk.office.settings.agencies.get(action.to or "")
    items = [unit.books.item(item.id) for item in action.items]
    known = [item for item in items if item is not None]
    alone = known[0] if len(known) == 1 else None
    return LetterFacts(
        creditor=Creditor(
            name=creditor.name,
            street=creditor.street,
            postcode=creditor.postcode,
            city=creditor.city,
            email=creditor.email,
            phone=creditor.phone,
            iban=str(creditor.iban),
            kvk=creditor.kvk,
            vat_id=creditor.vat_id,
        ),
        sender=Sender(
            from_=str(desk.settings.mailbox),
            reply_to=sender.reply_to,
            signature=sender.signature,
        ),
        recipient=recipient_of(party),
        action=action,
        on=on,
        deadline=ends,
        reference=(alone.reference if alone and alone.reference else _numbers(action)),
        payment_url=alone.payment_url if alone and alone.open == action.total else None,
        agency_name=_with_contact(agency) if agency else None,
        language=_written_language(desk, party),
        consumer=action.consumer,
    )


def _with_contact(agency: AgencySettings) -> str:
    """Return the agency's name with how to reach it, as the notice of a handover names it."""
    ways = ", ".join(way for way in (agency.phone, agency.email) if way)
    return f"{agency.name} ({ways})" if ways else agency.name


def recipient_of(party: PartyRow) -> Recipient:
    """Return the debtor as addressee."""
    return Recipient(
        name=party.name or party.ref,
        contact=party.contact,
        email=party.email,
        street=party.street,
        postcode=party.postcode,
        city=party.city,
        country=party.country,
        language=party.language,
        ref=party.ref,
    )


def _written_language(desk: Administration, party: PartyRow) -> str:
    """Return the debtor's language if there are letters in it, else the nearest that there are."""
    if party.language:
        return desk.office.parts.templates().language_for(party.language)
    return language_of(desk, party)


def language_of(desk: Administration, party: PartyRow) -> str:
    """Return the debtor's language if we write it; else Dutch at home and English abroad."""
    if party.language:
        return "nl" if party.language.lower().startswith("nl") else "en"
    return "nl" if (party.country or desk.settings.creditor.country) in ("NL", "BE") else "en"


def _numbers(action: Action) -> str:
    numbers = ", ".join(item.number for item in action.items)
    return numbers if len(numbers) <= _REFERENCE_LENGTH else action.party


def write(desk: Administration, unit: Unit, action: Action, *, now: datetime) -> Letter:
    """Return the letter of an action as it would leave now, in all its forms."""
    facts = letter_facts(
        desk,
        unit,
        action,
        on=now.astimezone(ZONE).date(),
        ends=printed_deadline(desk.policy, action, now),
    )
    templates = desk.office.parts.templates()
    name = choose_template(templates, action, facts.language)
    return render_letter(templates.get(name, facts.language), facts)


def printed_deadline(policy: Policy, action: Action, now: datetime) -> date | None:
    """Return the last day of the term as the letter prints it: after the latest receipt."""
    if action.term_days is None:
        return None
    term = Duration(action.term_days, business=action.term_business)
    received = max(
        received_on(channel, _leaves(channel, now), policy.guards, ZONE) for channel in action.via
    )
    return deadline(received, term, policy.guards)


def _leaves(channel: ChannelName, now: datetime) -> datetime:
    """Return when a message really leaves: post waits for the next collection day."""
    if channel is not ChannelName.POST:
        return now
    return datetime.combine(collection_day(now, Calendar("NL")), time(12), ZONE)


def pdf_of(desk: Administration, letter: Letter, *, now: datetime) -> bytes:
    """Return the letter as PDF/A."""
    parts = desk.office.parts
    return parts.press().pdf(parts.templates().typst, letter.data, created=now)


def pack(desk: Administration, unit: Unit, action: Action, now: datetime) -> list[Outgoing]:
    """Return what each channel of a message will send: the exact bytes.

    Raises:
        MaanError: The letter can't be made, or can't go this way.
    """
    letter = write(desk, unit, action, now=now)
    party = unit.books.party(PartyRef(action.party))
    if party is None:
        raise RequestError("party_unknown", party=action.party)
    with_pdf = ChannelName.POST in action.via or _attaches(desk.policy, action)
    pdf = pdf_of(desk, letter, now=now) if with_pdf else None
    packed = []
    came_back = {d.channel: d.facts.get("returned") for d in unit.ledger.deliveries(action.id)}
    for name in action.via:
        attach = name is ChannelName.POST or _attaches(desk.policy, action)
        parcel = Parcel(
            key=delivery_key(action.id, name, returned=int(str(came_back.get(name) or 0))),
            administration=desk.id,
            action=action.id,
            recipient=recipient_of(party),
            letter=letter,
            pdf=pdf if attach else None,
            created=now,
            from_=str(desk.settings.mailbox),
            reply_to=desk.settings.sender.reply_to,
            items=tuple(item.id for item in action.items),
        )
        channel, ends = channel_of(desk, name), printed_deadline(desk.policy, action, now)
        packed.append(
            Outgoing(name=name, channel=channel, prepared=channel.prepare(parcel), deadline=ends)
        )
    return packed


def _attaches(policy: Policy, action: Action) -> bool:
    """Whether the letter goes along as PDF: where the step says so, and with legal messages."""
    steps = (s for t in policy.tracks if t.name == action.track for s in t.ladder)
    step = next((s for s in steps if s.step == action.step), None)
    return action.kind.is_legal or bool(step and step.attach_letter)
