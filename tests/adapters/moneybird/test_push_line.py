"""What is pushed, over the line: each fault before and after the effect, and what is sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import pytest

from adapters.moneybird.client import MANNERS, Client
from adapters.moneybird.mapping import to_workflows
from adapters.moneybird.push import Pusher
from adapters.moneybird.simulator import Fault, Simulator
from connector.port.adapter import PushOrder, PushVerb
from connector.port.errors import (
    RefusedError,
    UnavailableError,
)
from connector.port.tools import Limit
from connector.testkit.tools import FakeTools
from connector.wire.http import Http
from connector.wire.oauth import FixedToken
from tests.adapters.moneybird.openapi import check_exchange
from tests.adapters.moneybird.push_desk import Choices, changed, order


@dataclass
class Line:
    """A pusher whose client talks to a package over HTTP."""

    package: Simulator
    tools: FakeTools
    choices: Choices = field(default_factory=Choices)

    def pusher(self) -> Pusher:
        """Return what a new process would have."""
        http = Http(
            self.package.url,
            auth=FixedToken(lambda: self.package.token),
            budget=self.tools.budgets.of("ordinary", [Limit(150, 300, reserve=20)]),
            tools=self.tools,
            manners=replace(MANNERS, read_seconds=0.5),
        )
        client = Client(http, str(self.package.administration))
        flows = cache(lambda: to_workflows(client.workflows(urgent=True)))
        return Pusher(lambda: client, self.choices, dict, flows, clock=self.tools.clock)

    def late(self, count: int = 1) -> list[int]:
        contact = self.package.add_contact(company_name="Bakkerij De Wit", email="a@example.com")
        return [self.package.add_invoice(contact=contact, state="late") for _ in range(count)]


@pytest.fixture
def line() -> Iterator[Line]:
    tools = FakeTools()
    with Simulator(clock=tools.clock) as package:
        yield Line(package, tools)


def of(verb: PushVerb, ids: Sequence[int], **fields: Any) -> PushOrder:
    return order(verb, *(f"R/{id_}" for id_ in ids), **fields)


AFTER = [Fault.ERROR_AFTER, Fault.TIMEOUT_AFTER, Fault.DROP_AFTER, Fault.RESET, Fault.BAD_JSON]
BEFORE = [Fault.ERROR_BEFORE, Fault.UNAVAILABLE, Fault.TIMEOUT_BEFORE, Fault.DROP]


def test_a_reminder_goes_out_in_three_requests(line: Line) -> None:
    ids = line.late(3)
    pusher = line.pusher()
    ready = of(PushVerb.REMIND, ids)
    pusher.look(of(PushVerb.REMIND, line.late(1), key="warm"))  # the workflows of the day
    line.package.reset_count()

    pusher.push(changed(ready, before=pusher.look(ready)))

    assert line.package.count() == 3
    assert [(sent.invoices, sent.method, sent.text) for sent in line.package.reminders] == [
        (tuple(ids), "Email", "Tekst")
    ]


@pytest.mark.parametrize("fault", AFTER)
def test_a_reminder_that_went_is_found_over_the_line(line: Line, fault: Fault) -> None:
    ids = line.late(2)
    pusher, ready = line.pusher(), of(PushVerb.REMIND, ids)
    ready = changed(ready, before=pusher.look(ready))
    line.package.fault(fault, match="send_reminders")

    reference = pusher.push(ready)

    assert (reference[:10], len(line.package.reminders)) == ("reminder:1", 1)


@pytest.mark.parametrize("fault", BEFORE)
def test_a_reminder_that_did_not_go_is_sent_the_next_time(line: Line, fault: Fault) -> None:
    ids = line.late(2)
    pusher, ready = line.pusher(), of(PushVerb.REMIND, ids)
    ready = changed(ready, before=pusher.look(ready))
    line.package.fault(fault, match="send_reminders")
    with pytest.raises(UnavailableError):
        pusher.push(ready)
    line.tools.clock.advance(300)
    missed = line.pusher().find_push(ready)

    line.pusher().push(ready)

    assert (missed, len(line.package.reminders)) == (None, 1)


@pytest.mark.parametrize("fault", AFTER)
@pytest.mark.parametrize("verb", [PushVerb.RECORD_MESSAGE, PushVerb.RECORD_HANDOVER])
def test_a_note_is_written_once_over_the_line(line: Line, verb: PushVerb, fault: Fault) -> None:
    ids = line.late(1)
    line.package.fault(fault, match="/notes")

    line.pusher().push(of(verb, ids))
    line.pusher().push(of(verb, ids))

    notes = [note["note"] for note in line.package.look(ids[0])["notes"]]
    assert notes == ["Tekst\n[maan k1]"]


@pytest.mark.parametrize("fault", AFTER)
def test_a_pause_is_found_over_the_line(line: Line, fault: Fault) -> None:
    ids = line.late(1)
    line.package.fault(fault, match="/pause")

    line.pusher().push(of(PushVerb.PAUSE, ids))

    assert (line.package.look(ids[0])["paused"], line.package.count("/pause")) == (True, 1)


def test_maan_takes_over_and_lets_go_again(line: Line) -> None:
    ids = line.late(2)
    line.package.pause(ids[1])

    line.pusher().push(of(PushVerb.PAUSE, ids))
    line.tools.clock.advance(60)
    line.pusher().push(of(PushVerb.RESUME, ids))

    assert [line.package.look(id_)["paused"] for id_ in ids] == [False, True]


def test_a_handover_is_booked_and_noted_over_the_line(line: Line) -> None:
    line.choices = Choices(handover="dubious")
    ids = [*line.late(1), line.package.add_external(state="late")]
    both = order(PushVerb.RECORD_HANDOVER, f"R/{ids[0]}", f"X/{ids[1]}")

    line.pusher().push(both)

    looks = [line.package.look(id_) for id_ in ids]
    assert [(look["marked_dubious_on"], len(look["notes"])) for look in looks] == [
        ("2026-11-26", 1)
    ] * 2


def test_a_debit_is_never_started_by_a_reminder(line: Line) -> None:
    flow = line.package.add_workflow(collection_method="sepa_direct_debit")
    invoice_ = line.package.add_invoice(state="late", workflow=flow)

    with pytest.raises(RefusedError):
        line.pusher().look(of(PushVerb.REMIND, [invoice_]))

    assert line.package.reminders == []


def test_everything_that_is_sent_is_what_moneybird_documents(line: Line) -> None:
    line.choices = Choices(handover="dubious")
    ids = line.late(2)
    pusher, ready = line.pusher(), of(PushVerb.REMIND, ids, email="b@example.com")
    pusher.push(changed(ready, before=pusher.look(ready)))
    for verb in (PushVerb.RECORD_HANDOVER, PushVerb.PAUSE, PushVerb.RESUME):
        pusher.push(of(verb, ids))

    for exchange in line.package.requests:
        check_exchange(exchange)


def test_nothing_of_a_debtor_is_logged(line: Line) -> None:
    ids = line.late(1)
    pusher, ready = line.pusher(), of(PushVerb.REMIND, ids, text="Geheim")
    pusher.push(changed(ready, before=pusher.look(ready)))
    told = line.tools.log.text()

    secrets = (line.package.token, "De Wit", "Geheim", "a@example.com", str(ids[0]))
    assert [secret for secret in secrets if secret in told] == []
