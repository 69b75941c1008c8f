import subprocess
import sys
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from adapters.moneybird import plugin
from adapters.moneybird.adapter import MoneybirdAdapter
from adapters.moneybird.client import Client
from adapters.moneybird.endpoints import Resource
from adapters.moneybird.settings import MoneybirdSettings
from adapters.moneybird.simulator import Simulator
from connector.port.adapter import (
    Connects,
    Diagnoses,
    HasDocuments,
    Pushes,
    PushOrder,
    PushVerb,
    Receives,
)
from connector.port.errors import AuthorisationError, RefusedError
from connector.port.records import ItemId
from connector.testkit.tools import FakeTools
from tests.adapters.moneybird.reading import FIRST, FakeSource, adapter_of, run, sales, tools

ITEM = ItemId(f"R/{FIRST}")
LOCAL = "http://127.0.0.1:9"


def order(verb: PushVerb) -> PushOrder:
    return PushOrder(key="k", verb=verb, items=(ITEM,), on=date(2026, 11, 26))


def unconnected(**settings: object) -> MoneybirdAdapter:
    checked = MoneybirdSettings.model_validate({"administration": 123, **settings})
    return MoneybirdAdapter(settings=checked, tools=tools())


def rehearsing(**settings: str) -> MoneybirdAdapter:
    lent = FakeTools(rehearsal=True)
    return adapter_of(FakeSource(), lent=lent, **settings)


def test_adapter_offers_all_that_moneybird_can_do() -> None:
    adapter = plugin.make(MoneybirdSettings(administration="1"), tools())

    for ability in (Pushes, Connects, Receives, Diagnoses, HasDocuments):
        assert isinstance(adapter, ability)


def test_making_an_adapter_loads_nothing_that_sends() -> None:
    code = (
        "import sys\n"
        "from connector.testkit.tools import FakeTools\n"
        "from adapters.moneybird import plugin\n"
        "made = plugin.make(plugin.settings.model_validate({'administration': '1'}), FakeTools())\n"
        "made.verbs, made.ways, made.close()\n"
        "print({'requests', 'requests_oauthlib', 'tenacity', 'email_validator'} & set(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "set()"


def test_adapter_that_is_not_connected_says_so() -> None:
    told = run(unconnected())

    assert isinstance(told.error, AuthorisationError)


def test_nothing_is_asked_until_the_pull_is_read() -> None:
    adapter = unconnected()

    adapter.pull(None)

    assert adapter._opened is None


def test_all_administrations_of_an_address_share_one_budget() -> None:
    lent = FakeTools(secrets={"env:TOKEN": "abc"})
    for administration in (1, 2):
        checked = MoneybirdSettings.model_validate(
            {"administration": administration, "token": "env:TOKEN", "egress": "kantoor"}
        )
        MoneybirdAdapter(settings=checked, tools=lent)._client()

    limits = {key: [*budget.limits] for key, budget in lent.budgets.made.items()}
    assert {
        key: [(one.count, one.seconds, one.reserve) for one in made] for key, made in limits.items()
    } == {
        "moneybird:moneybird.com:kantoor": [(150, 300, 20)],
    }


def test_workflows_are_read_once_for_all_that_is_done_with_an_invoice() -> None:
    source = FakeSource()
    source.add(Resource.SALES, sales(reminder_count=0))
    adapter = adapter_of(source)
    adapter.refresh([ITEM])

    adapter.look(order(PushVerb.REMIND))

    assert source.calls == ["workflows urgent", "fetch sales_invoices urgent"]


def test_closing_lets_the_connection_go_once() -> None:
    source = FakeSource()
    adapter = adapter_of(source)

    adapter.close()
    adapter.close()

    assert source.closed == 1


def test_rehearsal_reads_and_pushes_nothing() -> None:
    adapter = rehearsing()

    assert adapter.verbs == frozenset()
    with pytest.raises(RefusedError, match="verb_not_allowed"):
        adapter.push(order(PushVerb.REMIND))
    assert run(adapter).error is None


def test_rehearsal_may_push_to_a_simulator_on_this_machine() -> None:
    assert PushVerb.REMIND in rehearsing(base_url=LOCAL).verbs


@pytest.mark.parametrize(
    ("settings", "verb"),
    [({"notes": False}, PushVerb.RECORD_MESSAGE), ({"workflow": "leave"}, PushVerb.PAUSE)],
)
def test_settings_take_a_verb_away(settings: dict[str, Any], verb: PushVerb) -> None:
    assert verb in adapter_of(FakeSource()).verbs
    assert verb not in adapter_of(FakeSource(), **settings).verbs


@pytest.mark.parametrize("workflow", ["pause", "leave"])
@pytest.mark.parametrize("notes", [True, False])
def test_verbs_are_those_that_the_pusher_performs(workflow: str, *, notes: bool) -> None:
    adapter = adapter_of(FakeSource(), workflow=workflow, notes=notes)

    assert adapter.verbs == adapter._pusher.verbs


@pytest.mark.parametrize(
    "settings", [{}, {"token": "env:TOKEN"}, {"client_id": "abc", "client_secret": "env:SECRET"}]
)
def test_ways_are_those_that_can_be_gone(settings: dict[str, Any]) -> None:
    adapter = unconnected(**settings)

    assert adapter.ways == adapter._connecting.ways


def test_invoice_comes_as_pdf() -> None:
    source = FakeSource()
    source.add(Resource.SALES, sales())

    assert adapter_of(source).invoice_pdf(ITEM, "2026-0001") == b"%PDF"


@pytest.mark.parametrize("item", [f"X/{FIRST}", f"P/{FIRST}", "odd"])
def test_other_kinds_have_no_pdf(item: str) -> None:
    source = FakeSource()

    assert adapter_of(source).invoice_pdf(ItemId(item), "1") is None
    assert source.calls == []


@pytest.mark.parametrize(("status", "is_none"), [(404, True), (400, False)])
def test_deleted_invoice_has_no_pdf_and_other_refusals_are_told(
    status: int, *, is_none: bool
) -> None:
    source = FakeSource()
    source.faults[1] = RefusedError("wire_refused", status=status)
    adapter = adapter_of(source)

    if is_none:
        assert adapter.invoice_pdf(ITEM, "1") is None
    else:
        with pytest.raises(RefusedError):
            adapter.invoice_pdf(ITEM, "1")


def test_webhook_without_a_secret_is_refused() -> None:
    body = b'{"administration_id":"123","entity_type":"SalesInvoice","entity_id":"7"}'

    assert unconnected().receive({}, body).status == 401


def test_webhook_with_the_token_names_what_to_read_again() -> None:
    adapter = unconnected(webhook_token="env:HOOK")
    adapter.tools = FakeTools(secrets={"env:HOOK": "t0ken"})
    body = (
        b'{"administration_id":"123","webhook_token":"t0ken",'
        b'"entity_type":"SalesInvoice","entity_id":"7"}'
    )

    assert adapter.receive({}, body).items == ("R/7",)


def test_clock_of_the_house_dates_the_workflows() -> None:
    source = FakeSource()
    lent = tools(datetime(2026, 11, 26, 23, 30, tzinfo=UTC))
    adapter = adapter_of(source, lent=lent)

    run(adapter)

    assert adapter._workflows is not None
    assert adapter._workflows[1] == date(2026, 11, 27)


def test_connecting_with_a_token_lets_the_old_connection_go() -> None:
    lent = FakeTools(rehearsal=False)
    with Simulator(clock=lent.clock) as sim:
        settings = {"administration": sim.administration, "base_url": sim.url}
        adapter = MoneybirdAdapter(settings=MoneybirdSettings.model_validate(settings), tools=lent)
        adapter._opened = old = cast("Client", FakeSource())

        adapter.accept_token(sim.token)

        assert adapter._opened is None
        assert cast("FakeSource", old).closed == 1
        assert [one.id for one in adapter.reached()] == [str(sim.administration)]
        assert run(adapter).error is None
        adapter.close()


def test_connecting_by_consent_lets_pulls_through() -> None:
    lent = FakeTools(rehearsal=False)
    with Simulator(clock=lent.clock) as sim:
        lent.secrets = {"env:SECRET": sim.client_secret}
        settings = {
            "administration": sim.administration,
            "base_url": sim.url,
            "client_id": sim.client_id,
            "client_secret": "env:SECRET",
        }
        adapter = MoneybirdAdapter(settings=MoneybirdSettings.model_validate(settings), tools=lent)
        consent = adapter.ask_consent("http://127.0.0.1:1/back")
        answer = sim.approve(consent.url)

        adapter.accept_consent(consent, answer["code"], "http://127.0.0.1:1/back")

        assert answer["state"] == consent.state
        assert (adapter.ways, [*adapter.missing_scopes()]) == (("token", "consent"), [])
        assert run(adapter).error is None
        adapter.close()
