"""Pulls over the simulator, from consent to the last page, with what they cost."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from adapters.exact import plugin
from adapters.exact.adapter import ExactAdapter
from adapters.exact.simulator import Fault, Simulator
from connector.port.records import Batch, ItemRecord, KindEnd, PullEnd, PullEvent
from connector.testkit.tools import FakeTools

DAY = 86_400
REST = 120  # longer than the window of a minute


@dataclass(slots=True)
class Desk:
    sim: Simulator
    tools: FakeTools
    adapter: ExactAdapter
    cursor: str | None = None
    items: dict[str, ItemRecord] = field(default_factory=dict)
    events: list[PullEvent] = field(default_factory=list)

    def pull(self, *, full: bool = False) -> "Desk":
        self.tools.clock.advance(REST)
        self.sim.reset_count()
        self.events = []
        for event in self.adapter.pull(self.cursor, full=full):
            self.events.append(event)
            if isinstance(event, Batch):
                self.tools.keep(event.memos)
                self.cursor = event.checkpoint or self.cursor
                self.items.update((item.id, item) for item in event.items)
            if isinstance(event, PullEnd):
                self.cursor = event.cursor
        return self

    def told(self) -> dict[str, str]:
        batches = [event for event in self.events if isinstance(event, Batch)]
        return {item.id: str(item.open) for batch in batches for item in batch.items}

    def warned(self) -> list[str]:
        batches = [event for event in self.events if isinstance(event, Batch)]
        return [one.reason for batch in batches for one in batch.warnings]

    def calls(self) -> int:
        return self.sim.count("/api/v1/")


@pytest.fixture
def desk() -> Iterator[Desk]:
    tools = FakeTools()
    with Simulator(clock=tools.clock) as sim:
        tools.secrets = {"env:SECRET": sim.client_secret}
        settings = plugin.settings.model_validate(
            {
                "division": sim.division, "base_url": sim.url, "client_id": sim.client_id,
                "client_secret": "env:SECRET", "redirect": "http://127.0.0.1:9/terug",
            }
        )  # fmt: skip
        adapter = plugin.make(settings, tools)
        assert isinstance(adapter, ExactAdapter)
        consent = adapter.ask_consent(None)
        adapter.accept_consent(consent, sim.approve(consent.url)["code"], None)
        yield Desk(sim, tools, adapter)
        adapter.close()


def test_first_pull_costs_seven_requests_and_one_for_each_further_page(desk: Desk) -> None:
    desk.sim.fill(2001, 1001)

    desk.pull()

    assert (desk.calls(), len(desk.items)) == (7 + 2 + 1, 2001)


def test_idle_pull_costs_three_requests(desk: Desk) -> None:
    desk.sim.add_invoice()
    desk.pull()

    desk.pull()

    assert (desk.calls(), desk.told()) == (3, {})


def test_first_pull_of_a_day_costs_four_more(desk: Desk) -> None:
    desk.sim.add_invoice()
    desk.pull()
    desk.tools.clock.advance(DAY)

    desk.pull()

    assert desk.calls() == 3 + 4


def test_a_thousand_changes_cost_no_more_than_none(desk: Desk) -> None:
    desk.sim.fill(500, 10)
    desk.pull()
    for key in list(desk.items):
        desk.sim.pay(key[2:], "1.00")

    desk.pull()

    assert (desk.calls(), len(desk.told())) == (3, 500)


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("is_net", [True, False])
def test_sums_agree_whatever_signs_and_sums_exact_uses(desk: Desk, sign: int, is_net: bool) -> None:
    desk.sim.ways.terms_sign = sign
    desk.sim.ways.overview_nets = is_net
    relation = desk.sim.add_account()
    entry = desk.sim.add_invoice(relation, "121.00")
    desk.sim.credit(entry, "21.00")
    desk.sim.receipt(relation, "50.00")
    desk.sim.add_invoice(relation, "200.00", currency="USD", rate="0.9")
    desk.sim.add_purchase(relation, "55.00")

    desk.pull()

    assert "exact.totals_differ" not in desk.warned()
    assert sorted(desk.told().values()) == ["-21.00", "-50.00", "121.00", "200.00", "55.00"]


@pytest.mark.parametrize("keeps", ["open", "paid", "neither"])
def test_payment_in_part_whatever_keeps_its_id(desk: Desk, keeps: str) -> None:
    desk.sim.ways.split_keeps = keeps
    entry = desk.sim.add_invoice(None, "121.00")
    desk.pull()
    desk.sim.pay(entry, "21.00")

    desk.pull()

    assert desk.told() == {f"R/{entry}": "100.00"}


def test_edit_payment_and_unmatching_keep_the_key(desk: Desk) -> None:
    entry = desk.sim.add_invoice(None, "121.00")
    desk.pull()
    desk.sim.edit_entry(entry, due="2026-12-24")
    edited = desk.pull().told()
    desk.sim.pay(entry)
    paid = desk.pull().told()
    desk.sim.unmatch(entry)

    reopened = desk.pull().told()

    key = f"R/{entry}"
    assert [edited, paid, reopened] == [{key: "121.00"}, {key: "0.00"}, {key: "121.00"}]


@pytest.mark.parametrize("move", ["move_division", "link_hr"])
def test_new_timestamps_are_found_out_on_the_same_day(desk: Desk, move: str) -> None:
    entry = desk.sim.add_invoice(None, "121.00")
    desk.pull()
    getattr(desk.sim, move)()

    desk.pull()

    assert desk.told() == {f"R/{entry}": "121.00"}
    assert any(isinstance(one, KindEnd) and one.snapshot for one in desk.events)


def test_pages_out_of_order_lose_nothing(desk: Desk) -> None:
    desk.sim.ways.sync_ascending = False
    desk.sim.fill(2500, 10)

    desk.pull()

    assert len(desk.items) == 2500
    assert "exact.totals_differ" not in desk.warned()


def test_entry_that_is_edited_while_pages_are_read_counts_once(desk: Desk) -> None:
    desk.sim.fill(2500, 10)
    desk.sim.fault(Fault.TERMS_REPLACED_MID_PASS, match="PaymentTerms")

    desk.pull()

    assert len(desk.items) == 2500
    assert "exact.totals_differ" not in desk.warned()
