"""The whole house over the simulated package when something goes wrong half-way: nobody suffers."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.exact.client import Client
from adapters.exact.endpoints import DELETED, OVERVIEW, TERMS
from adapters.exact.simulator import Fault
from connector.core.snapshot import Hold, HoldReason
from connector.flow.act import act
from connector.flow.approve import approve
from connector.flow.holding import add_hold
from connector.flow.look import attention_of
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.store import ItemState
from tests.adapters.exact.house import DAY, House, codes, invoice, open_house
from tests.flow.kit import BY, MORNING
from tests.make import euro

HOUR = 3600
DUE = MORNING.date() - timedelta(days=14)
ISSUED = DUE - timedelta(days=30)
LATER = MORNING.date() + timedelta(days=300)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def before(monkeypatch: pytest.MonkeyPatch, list_: str, happens: Callable[[], object]) -> None:
    """Let something happen in the package just before a list is asked for, once."""
    ask, waiting = Client.rows, [happens]

    def rows(self: Client, path: str, **rest: Any) -> Iterator[Any]:
        if path == list_ and waiting:
            waiting.pop()()
        yield from ask(self, path, **rest)

    monkeypatch.setattr(Client, "rows", rows)


def pulled(house: House, seconds: float = HOUR, **how: bool) -> bool:
    """Pull somewhat later; return whether it was complete."""
    house.clock.advance(seconds)
    return pull(house.desk, **how).complete


def asked_again(house: House) -> list[str]:
    """Propose, approve and act; return the entries that were written about."""
    propose(house.desk)
    approve(house.desk, by=BY)
    delivered = act(house.desk).delivered
    return [item.id for outcome in delivered for item in outcome.row.action.items]


def miscounted(house: House, entry: str) -> None:
    (term,) = house.package.term_ids(entry)
    house.package.change_term(term, AmountFC=-100, AmountDC=-100)


# Whether Exact counts the same


def test_nothing_leaves_when_exact_counted_otherwise_and_may_not_be_asked_any_more(
    house: House,
) -> None:
    _, other = invoice(house), invoice(house)
    house.approved()
    miscounted(house, other)
    assert pulled(house, DAY)
    house.package.forbid(OVERVIEW)

    assert not pulled(house)
    assert asked_again(house) == []


def test_nothing_leaves_when_exact_was_never_compared(house: House) -> None:
    house.package.forbid(OVERVIEW)
    invoice(house)
    house.approved()

    act(house.desk)

    assert not house.email.sent
    assert [reason.code for reason in attention_of(house.desk)] == ["books_never_pulled"]


def test_exact_is_compared_right_before_acting(house: House) -> None:
    entry = invoice(house)
    house.approved()
    house.clock.advance(HOUR)
    with house.package.quietly():
        house.package.pay(entry)

    acted = act(house.desk)

    assert not house.email.sent
    assert codes(acted) == ["totals_disagree"]


def test_an_overview_that_is_away_stops_no_full_pass(house: House) -> None:
    invoice(house)
    house.approved()
    house.package.fault(Fault.UNAVAILABLE, match=OVERVIEW, times=9)
    assert not pulled(house, full=True)
    asked = len(house.package.requests)

    assert not pulled(house)

    assert not [one for one in house.package.requests[asked:] if "gt+1L" in one.query]


def test_it_goes_on_when_the_overview_is_back(house: House) -> None:
    invoice(house)
    house.approved()
    house.package.fault(Fault.UNAVAILABLE, match=OVERVIEW, times=5)
    assert not pulled(house, full=True)
    house.package.clear_faults()

    assert pulled(house)
    assert len(asked_again(house)) == 1


def test_what_a_doubtful_full_pass_did_not_see_is_not_asked_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, paid, *_ = [invoice(house) for _ in range(5)]
    house.approved()
    house.package.delete_entry(gone)
    house.package.move_division()  # what was deleted is forgotten
    before(monkeypatch, OVERVIEW, lambda: house.package.pay(paid))
    assert not pulled(house, DAY)

    for _ in range(3):
        pulled(house)

    assert f"R/{gone}" not in asked_again(house)
    assert house.item(gone).state is ItemState.NOT_REPORTED


def test_a_full_pass_that_lacks_rows_takes_no_instalment_away(house: House) -> None:
    terms = [(DUE, "60.00"), (DUE + timedelta(days=7), "61.00")]
    entry = house.package.add_invoice(house.package.add_account("Alfa B.V."), terms=terms)
    pull(house.desk)
    house.package.fault(Fault.SHORT_LIST, match=TERMS)

    assert not pulled(house, full=True)

    assert house.item(entry).open == euro("60.00")
    assert house.item(f"{entry}#2").state is ItemState.OPEN


# Rows that come late, out of order, or not at all


def test_an_entry_that_is_edited_between_two_requests_is_not_gone(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = invoice(house)
    house.approved()
    before(monkeypatch, DELETED, lambda: house.package.edit_entry(entry))

    assert pulled(house)

    assert house.item(entry).state is ItemState.OPEN


def test_who_paid_stands_on_a_page_that_failed_where_pages_are_in_no_order(house: House) -> None:
    house.package.ways.sync_ascending = False
    many = house.package.add_account("Veel B.V.")
    others = [house.package.add_invoice(many, due=LATER) for _ in range(1010)]
    entry = invoice(house)
    house.approved()
    house.package.pay(entry)
    for other in others:
        house.package.touch(other)
    house.package.fault(Fault.UNAVAILABLE, match=TERMS, nth=2, times=9)
    assert not pulled(house)
    house.package.clear_faults()

    assert pulled(house)

    assert house.item(entry).state is ItemState.PAID


def test_timestamps_that_were_given_out_anew_above_the_cursor_are_found_out(
    house: House,
) -> None:
    entry = invoice(house)
    house.approved()
    house.package.pay(entry)
    house.package.move_division(first=house.package.timestamp() - 40)
    for _ in range(4):
        invoice(house)

    pulled(house)

    assert house.item(entry).state is ItemState.PAID


def test_what_is_half_unreadable_is_neither_asked_for_nor_closed(house: House) -> None:
    entry = invoice(house)
    house.approved()
    act(house.desk)
    was = house.item(entry).position
    house.package.ways.split_keeps = "paid"
    house.package.pay(entry, "21.00", MORNING.date())
    (rest,) = house.package.term_ids(entry, open_only=True)
    house.package.change_term(rest, DueDate="31-10-2026")

    pulled(house, DAY)

    assert house.item(entry).unreadable
    house.package.change_term(rest, DueDate="/Date(1762732800000)/")
    pulled(house, DAY)
    item = house.item(entry)
    assert (item.open, item.cycle, item.position) == (euro("100.00"), 1, was)


def test_the_rest_that_falls_due_later_keeps_its_position(house: House) -> None:
    entry = invoice(house)
    house.approved()
    act(house.desk)
    was = house.item(entry).position
    house.package.pay(entry, "60.00", MORNING.date())
    house.package.postpone(entry, MORNING.date() + timedelta(days=5))

    pulled(house, DAY)

    item = house.item(entry)
    assert (item.open, item.cycle) == (euro("61.00"), 1)
    assert item.position is not None
    assert was is not None
    assert item.position.step == was.step


# Who the debtor is


def test_another_firm_with_the_code_of_a_debtor_gets_nothing(house: House) -> None:
    alfa = house.package.add_account("Alfa B.V.", code="10", email="a@alfa.example")
    house.package.add_invoice(alfa, issued=ISSUED, due=DUE)
    (action,) = house.approved()
    house.package.change_account(alfa, code="99")
    house.package.add_account("Beta B.V.", code="10", email="b@beta.example")
    house.clock.advance(HOUR)

    act(house.desk)

    assert house.email.to == ["a@alfa.example"]
    assert house.email.sent == [f"{action}-email"]


def test_what_a_person_said_of_a_debtor_holds_when_its_code_changes(house: House) -> None:
    alfa = house.package.add_account("Alfa B.V.", code="10", email="a@alfa.example")
    entry = house.package.add_invoice(alfa, issued=ISSUED, due=DUE)
    pull(house.desk)
    party = house.item(entry).party
    hold = Hold(id="", item=None, party=party, reason=HoldReason.INSOLVENCY, until=LATER)
    add_hold(house.desk, hold, by=BY)
    house.package.change_account(alfa, code="99")

    pulled(house)

    assert asked_again(house) == []


def test_an_item_of_a_relation_that_is_new_between_two_requests_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull(house.desk)
    made: list[str] = []
    before(monkeypatch, TERMS, lambda: made.append(invoice(house)))

    assert pulled(house)
    assert pulled(house)

    (entry,) = made
    assert house.item(entry).party_name is not None
