"""The whole house over the simulated package: who paid gets nothing, and nothing goes twice."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.exact.simulator import Fault
from connector.flow.act import act
from connector.flow.pull import pull
from connector.port.records import Kind
from connector.store import ItemState
from tests.adapters.exact.house import DAY, House, codes, invoice, open_house
from tests.flow.kit import MORNING
from tests.make import euro


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def debtor(house: House, entry: str) -> str:
    account = house.package.terms(entry)[0]["Account"]
    assert isinstance(account, str)
    return account


def miscounted(house: House, entry: str) -> None:
    """Let the list of terms show less than the overview counts."""
    (term,) = house.package.term_ids(entry)
    house.package.change_term(term, AmountFC=-100, AmountDC=-100)


def steps(house: House) -> list[str]:
    return [row.action.step for row in house.rows()]


def test_a_pull_stores_what_is_open(house: House) -> None:
    entry = invoice(house)

    report = pull(house.desk)

    assert report.is_clean
    assert house.item(entry).open == euro("121.00")


def test_an_approved_reminder_leaves_once(house: House) -> None:
    invoice(house)
    (action,) = house.approved()

    act(house.desk)
    act(house.desk)

    assert house.email.sent == [f"{action}-email"]


def test_who_paid_after_the_approval_gets_nothing(house: House) -> None:
    entry = invoice(house)
    (action,) = house.approved()
    house.package.pay(entry)

    acted = act(house.desk)

    assert not house.email.sent
    assert [(stayed.id, stayed.code) for stayed in acted.withdrawn] == [(action, "paid")]


def test_who_was_credited_after_the_approval_gets_nothing(house: House) -> None:
    entry = invoice(house)
    house.approved()
    house.package.settle_by_credit(entry)

    act(house.desk)

    assert not house.email.sent
    assert house.item(entry).state is ItemState.CREDITED


def test_money_that_nobody_matched_yet_keeps_a_reminder_in(house: House) -> None:
    entry = invoice(house)
    house.approved()
    house.package.receipt(debtor(house, entry), "121.00")

    act(house.desk)

    assert not house.email.sent


def test_what_was_deleted_after_the_approval_is_not_asked_for(house: House) -> None:
    entry = invoice(house)
    house.approved()
    house.package.delete_entry(entry)

    act(house.desk)

    assert not house.email.sent
    assert house.item(entry).state is ItemState.DELETED


def test_a_part_payment_after_the_approval_gives_the_debtor_rest(house: House) -> None:
    entry = invoice(house)
    house.approved()
    house.package.pay(entry, "60.00")

    acted = act(house.desk)

    assert not house.email.sent
    assert [stayed.code for stayed in acted.withdrawn] == ["recent_payment"]
    assert house.item(entry).open == euro("61.00")


def test_an_amount_that_grew_needs_a_new_approval(house: House) -> None:
    entry = invoice(house)
    house.approved()
    house.package.edit_entry(entry, total="200.00", due=MORNING.date() - timedelta(days=14))

    acted = act(house.desk)

    assert not house.email.sent
    assert codes(acted) == ["approval_lost"]


def test_an_edited_entry_keeps_its_position_on_the_ladder(house: House) -> None:
    entry = invoice(house)
    house.approved()
    act(house.desk)
    before = house.package.term_ids(entry)
    house.package.edit_entry(entry, your_ref="PO 12")
    house.clock.advance(14 * DAY)

    house.approved()

    assert not set(before) & set(house.package.term_ids(entry))
    assert steps(house) == ["herinnering", "tweede"]


def test_an_entry_that_is_edited_after_the_approval_is_reminded_of_once(house: House) -> None:
    entry = invoice(house)
    house.approved()
    house.package.edit_entry(entry)

    act(house.desk)
    house.package.edit_entry(entry)
    house.approved()
    act(house.desk)

    assert len(house.email.sent) == 1


def test_an_entry_that_is_edited_in_mid_pass_keeps_its_position(house: House) -> None:
    entry = invoice(house)
    house.approved()
    act(house.desk)
    before = house.package.term_ids(entry)
    house.package.fault(Fault.TERMS_REPLACED_MID_PASS, match="sync/Cashflow/PaymentTerms")
    pull(house.desk)
    house.clock.advance(14 * DAY)

    house.approved()

    assert not set(before) & set(house.package.term_ids(entry))
    assert steps(house) == ["herinnering", "tweede"]
    assert house.item(entry).open == euro("121.00")


def test_an_edited_entry_is_not_asked_twice_as_much_by_who_is_told_of_no_deletions(
    house: House,
) -> None:
    house.package.ways.deleted_right = False
    entry, _ = invoice(house), invoice(house)
    house.approved()
    house.package.edit_entry(entry)

    acted = act(house.desk)

    assert [stayed.code for stayed in acted.withdrawn] == ["row_held"]
    assert house.email.to == ["info@relatie2.example"]
    assert house.item(entry).open == euro("121.00")


def test_the_newest_entry_that_was_edited_is_found_by_who_is_told_of_no_deletions(
    house: House,
) -> None:
    house.package.ways.deleted_right = False
    entry = invoice(house)
    house.approved()
    house.package.edit_entry(entry)

    act(house.desk)

    assert len(house.email.sent) == 1
    assert house.item(entry).open == euro("121.00")


def test_nothing_leaves_when_exact_counts_otherwise(house: House) -> None:
    entry = invoice(house)
    miscounted(house, entry)
    house.approved()

    acted = act(house.desk)

    assert not house.email.sent
    assert codes(acted) == ["totals_disagree"]


def test_nothing_leaves_when_exact_counts_otherwise_since_the_approval(house: House) -> None:
    entry = invoice(house)
    house.approved()
    miscounted(house, entry)
    house.clock.advance(DAY)
    pull(house.desk)

    acted = act(house.desk)

    assert not house.email.sent
    assert codes(acted) == ["totals_disagree"]


def test_it_leaves_when_both_count_the_same_again(house: House) -> None:
    entry = invoice(house)
    miscounted(house, entry)
    pull(house.desk)
    house.package.edit_entry(entry, total="121.00")
    (action,) = house.approved()

    act(house.desk)

    assert house.email.sent == [f"{action}-email"]


def test_a_withdrawn_consent_lets_nothing_leave(house: House) -> None:
    invoice(house)
    house.approved()
    house.package.revoke()
    house.clock.advance(600)

    acted = act(house.desk)

    assert not house.email.sent
    assert codes(acted) == ["source_unreadable"]


def test_a_withdrawn_consent_sends_no_request(house: House) -> None:
    invoice(house)
    house.approved()
    house.package.revoke()
    house.clock.advance(600)
    act(house.desk)
    house.restart()
    house.package.reset_count()

    fault = pull(house.desk).fault
    act(house.desk)

    assert house.package.count() == 0
    assert fault is not None
    assert fault.code == "exact.needs_reauthorization"


def test_a_new_consent_lets_it_go_on(house: House) -> None:
    invoice(house)
    house.approved()
    house.package.revoke()
    house.clock.advance(600)
    act(house.desk)
    house.connect()
    pull(house.desk)

    act(house.desk)

    assert len(house.email.sent) == 1


def test_a_full_pull_that_sees_nothing_closes_nothing(house: House) -> None:
    entry = invoice(house)
    pull(house.desk)
    house.package.fault(Fault.EMPTY_LIST, match="GET /api/v1/", times=100)

    report = pull(house.desk, full=True)

    assert not report.complete
    assert house.item(entry).state is ItemState.OPEN
    assert [one.reason for one in report.warnings][-1:] == ["exact.terms_empty"]


def test_a_full_pull_that_sees_nothing_is_believed_when_a_person_says_so(house: House) -> None:
    entry = invoice(house)
    pull(house.desk)
    house.package.fault(Fault.EMPTY_LIST, match="GET /api/v1/", times=100)

    report = pull(house.desk, full=True, accept_closures=True)

    assert report.complete
    assert house.item(entry).state is ItemState.NOT_REPORTED


def test_what_a_full_pull_did_not_see_is_read_again(house: House) -> None:
    entry = invoice(house)
    pull(house.desk)
    house.package.fault(Fault.EMPTY_LIST, match="GET /api/v1/", times=100)
    pull(house.desk, full=True)
    house.package.clear_faults()

    report = pull(house.desk)

    assert report.is_clean
    assert report.counts[Kind.RECEIVABLES].unchanged == 1
    assert house.item(entry).state is ItemState.OPEN
