"""What a changed policy, a new cycle or old books do to a claim."""

from dataclasses import replace
from datetime import date, timedelta

from connector.port.records import PartyRef
from tests.core.make_core import (
    TODAY,
    claim_of,
    consumer,
    credit,
    findings_of,
    item,
    live,
    party,
    payment,
    policy,
    position,
    snapshot,
    step,
    two_tracks,
    withheld_code,
)

DAY = timedelta(days=1)


def test_step_that_is_gone_from_the_policy_asks_a_person() -> None:
    ledger = snapshot(item(position=position("verdwenen")))
    found = findings_of(ledger)

    assert withheld_code(ledger) == "policy_changed"
    assert claim_of(ledger).moment is None
    assert [(p.code, p.number) for p in found.attention] == [("policy_changed", "F1")]


def test_track_that_is_gone_from_the_policy_asks_a_person() -> None:
    ledger = snapshot(item(position=position(track="verdwenen")))

    assert withheld_code(ledger) == "policy_changed"


def test_new_item_of_a_debtor_whose_track_is_gone_asks_a_person() -> None:
    ledger = snapshot(item("F1", position=position(track="verdwenen")), item("F2"))
    (debtor,) = findings_of(ledger).debtors

    assert [c.withheld and c.withheld.reason.code for c in debtor.claims] == 2 * ["policy_changed"]


def test_exhausted_item_is_reported_once() -> None:
    done = item(position=position("incasso"))
    seen = frozenset({("exhausted", done.id, 1)})

    assert withheld_code(snapshot(done)) == "exhausted"
    assert [p.code for p in findings_of(snapshot(done)).attention] == ["exhausted"]
    assert findings_of(snapshot(done, seen=seen)).attention == ()


def test_new_cycle_is_reported_anew() -> None:
    again = item(position=position("incasso"), cycle=2)
    seen = frozenset({("exhausted", again.id, 1)})

    assert [p.code for p in findings_of(snapshot(again, seen=seen)).attention] == ["exhausted"]


def test_debtor_that_would_be_on_another_track_asks_a_person_and_stays() -> None:
    begun = item(position=position("herinnering", track="particulier"))
    found = findings_of(snapshot(begun), two_tracks())

    assert found.debtors[0].track.name == "particulier"
    assert [(p.code, p.facts) for p in found.attention] == [
        ("track_changed", {"from": "particulier", "to": "zakelijk"})
    ]


def test_override_of_the_track_moves_items_that_have_begun() -> None:
    begun = item(position=position("herinnering", track="particulier"))
    by = two_tracks(overrides=[{"debtor": "10023", "track": "zakelijk"}])
    claim = claim_of(snapshot(begun), by)

    assert claim.moment is not None
    assert claim.moment.step.step == "tweede-herinnering"


def test_override_of_the_kind_wins() -> None:
    by = two_tracks(overrides=[{"debtor": "10023", "kind": "company"}])
    (debtor,) = findings_of(snapshot(item(), parties=[consumer()]), by).debtors

    assert (debtor.kind, debtor.track.name) == ("company", "zakelijk")


def test_item_of_more_than_a_year_old_goes_to_a_person_first() -> None:
    old = item(due=date(2025, 11, 22))

    assert withheld_code(snapshot(old)) == "old_item"
    assert [p.code for p in findings_of(snapshot(old)).attention] == ["old_item"]
    assert withheld_code(snapshot(replace(old, due=date(2025, 11, 23)))) is None
    assert withheld_code(snapshot(old, seen=frozenset({("old_item", old.id, 1)}))) is None


def test_old_item_that_has_begun_goes_on() -> None:
    old = item(due=date(2025, 11, 22), position=position())

    assert withheld_code(snapshot(old)) is None


def test_first_run_is_about_old_books_that_we_never_wrote_about() -> None:
    old = item(first_pull=True)

    assert claim_of(snapshot(old)).first_run
    assert not claim_of(snapshot(replace(old, position=position()))).first_run
    assert not claim_of(snapshot(item())).first_run


def test_same_action_is_named_whatever_the_order_of_the_ledger() -> None:
    two = [live(("F1", 1, "herinnering"), id=key, status="uncertain") for key in ("a", "b")]
    withheld = [
        claim_of(snapshot(item(), live=tuple(order))).withheld for order in (two, two[::-1])
    ]

    assert withheld[0] == withheld[1]


def test_points_of_attention_are_in_the_order_of_their_code() -> None:
    ledger = snapshot(
        item("F1", party="1", position=position("weg")),
        item("F2", party="2", position=position("incasso")),
        item("F3", party="3", position=position("incasso")),
    )

    assert [(p.code, p.number) for p in findings_of(ledger).attention] == [
        ("exhausted", "F2"),
        ("exhausted", "F3"),
        ("policy_changed", "F1"),
    ]


def test_documents_are_told_apart() -> None:
    (debtor,) = findings_of(snapshot(payment(), item(), credit())).debtors

    assert [c.item.number for c in debtor.claims] == ["F1"]
    assert [c.number for c in debtor.credits] == ["C1"]
    assert [c.number for c in debtor.unallocated] == ["B1"]


def test_debtors_come_in_the_order_of_their_reference() -> None:
    ledger = snapshot(item("F1", party="30"), item("F2", party="10"), item("F3", party="20"))

    assert [d.party.ref for d in findings_of(ledger).debtors] == ["10", "20", "30"]


def test_debtor_that_the_books_do_not_name_is_unknown() -> None:
    ledger = snapshot(item(), parties=[party("other")])
    ledger = replace(ledger, parties={})
    (debtor,) = findings_of(ledger).debtors

    assert debtor.party.ref == debtor.party.name == PartyRef("10023")
    assert debtor.kind == "unknown"


def test_gap_of_the_guards_holds_between_demands_on_one_item() -> None:
    by = policy(step("een", "due"), step("twee", "due + 1d"), guards={"minimum_gap": "10d"})
    recent = item(position=position("een", TODAY - 9 * DAY), last_demand_on=TODAY - 9 * DAY)

    assert not claim_of(snapshot(recent), by).reached
    assert claim_of(snapshot(recent), by, TODAY + DAY).reached
