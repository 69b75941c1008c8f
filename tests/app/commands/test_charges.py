"""`maan charges` and `charge waive`: interest and costs have a place, and can be let go."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from connector.app.logs import open_log
from connector.bootstrap import open_office
from connector.core.charges import Charge, ChargeKind, ChargeState
from connector.port.money import Money
from connector.port.records import PartyRef, receivable_id
from tests.app.commands.conftest import BAKER, BAKER_LATER, Rehearsal


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


COSTS = Charge(
    item=receivable_id("F1"), cycle=1, kind=ChargeKind.COSTS, party=PartyRef("10023"),
    number="F1", state=ChargeState.DUE, amount=euro("48.40"), vat=euro("8.40"),
    paid=euro("0.00"), action="a1b2c3d4e5f6", claimed_on=date(2026, 11, 20),
)  # fmt: skip
INTEREST = replace(COSTS, kind=ChargeKind.INTEREST, amount=euro("1.21"), vat=euro("0.00"))
PAID = replace(
    INTEREST, item=receivable_id("F2"), number="F2", state=ChargeState.PAID, paid=euro("1.21")
)


def keep(rehearsal: Rehearsal, *charges: Charge) -> None:
    config = rehearsal.root / "config" / "maan.yaml"
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    with (
        (rehearsal.root / "log").open("w", encoding="utf-8") as stream,
        open_log(stream) as log,
        open_office(config, now, log) as office,
        office.store.unit("jansen-bv") as unit,
    ):
        unit.charges.save(charges)


@pytest.fixture
def charged(pulled: Rehearsal) -> Rehearsal:
    keep(pulled, COSTS, INTEREST, PAID)
    return pulled


def states(rehearsal: Rehearsal, *words: str) -> list[tuple[Any, ...]]:
    listed = rehearsal.json("charges", *words)["charges"]
    return [(one["number"], one["kind"], one["state"]) for one in listed]


def test_charges_are_listed_with_what_became_of_them(charged: Rehearsal) -> None:
    first = charged.json("charges")["charges"][0]

    assert first == {
        "administration": "jansen-bv", "number": "F1",
        "debtor": {"ref": "10023", "name": "Bakkerij De Wit B.V."}, "kind": "costs",
        "state": "due", "amount": "48.40", "vat": "8.40", "paid": "0.00", "currency": "EUR",
        "claimed_on": "2026-11-20", "action": "a1b2c3d4e5f6", "reason": None,
    }  # fmt: skip


def test_only_what_is_open_can_be_asked_for(charged: Rehearsal) -> None:
    assert states(charged, "--open") == [("F1", "costs", "due"), ("F1", "interest", "due")]


def test_only_those_of_a_debtor_can_be_asked_for(charged: Rehearsal) -> None:
    assert len(states(charged, "--debtor", "wit")) == 3
    assert states(charged, "jansen-bv", "--debtor", "10025") == []


def test_the_list_reads_well(charged: Rehearsal) -> None:
    charged.run("charges")

    assert "€ 48,40" in charged.out.replace("\xa0", " ")
    assert "a1b2c3d4" in charged.out
    assert "maan charge waive" in charged.out


@pytest.mark.parametrize(
    ("words", "told"),
    [((), "nog geen kosten of rente gevraagd"), (("--open",), "staan geen kosten of rente open")],
)
def test_an_empty_list_says_so(pulled: Rehearsal, words: tuple[str, ...], told: str) -> None:
    assert pulled.run("charges", *words) == 0
    assert told in pulled.out


def test_costs_can_be_waived_without_the_interest(charged: Rehearsal) -> None:
    gone = charged.json("charge", "waive", "F1", "--kind", "costs", "--reason", "coulance")

    (one,) = gone["charges"]
    assert (one["kind"], one["state"], one["reason"]) == ("costs", "waived", "coulance")
    assert states(charged, "--open") == [("F1", "interest", "due")]


def test_both_are_waived_when_no_kind_is_given(charged: Rehearsal) -> None:
    assert charged.run("charge", "waive", "F1", "--reason", "coulance") == 0

    assert "Kwijtgescholden" in charged.out
    assert states(charged, "--open") == []


def test_a_waiver_is_in_the_journal_with_its_reason(charged: Rehearsal) -> None:
    charged.run("charge", "waive", "F1", "--kind", "costs", "--reason", "coulance")

    entries = charged.json("journal", "show")["entries"]

    waived = [one for one in entries if one["kind"] == "charge_waived"]
    assert [one["payload"]["reason"] for one in waived] == ["coulance"]
    assert charged.run("journal", "verify") == 0


def test_what_was_waived_can_not_be_waived_again(charged: Rehearsal) -> None:
    charged.run("charge", "waive", "F1", "--reason", "coulance")

    assert charged.run("charge", "waive", "F1", "--reason", "nog eens") == 1
    assert "niets meer open" in charged.err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("F4", "--reason", "x"), 1, "F4"),
        (("F1", "--reason", " "), 1, "--reason"),
        (("F1",), 2, "--reason"),
        (("F1", "--reason", "x", "--kind", "rente"), 2, "costs, interest"),
        (("F99", "--reason", "x"), 1, "F99"),
    ],
)
def test_a_waiver_that_can_not_be_is_refused(
    charged: Rehearsal, words: tuple[str, ...], code: int, told: str
) -> None:
    assert charged.run("charge", "waive", *words) == code
    assert told in charged.err
    assert len(states(charged, "--open")) == 2


def test_dutch_law_is_recorded_for_a_party_and_can_be_seen(pulled: Rehearsal) -> None:
    assert pulled.run("party", "set", "10025", "--applicable-law", "NL") == 0

    assert pulled.json("party", "show", "10025")["applicable_law"] == "nl"
    pulled.run("party", "show", "10025")
    assert "Toepasselijk recht" in pulled.out


def test_another_law_can_not_be_recorded(pulled: Rehearsal) -> None:
    assert pulled.run("party", "set", "10025", "--applicable-law", "de") == 1
    assert "Schrijf nl" in pulled.err


def test_the_list_of_charges_ends_with_what_is_due(charged: Rehearsal) -> None:
    charged.run("charges")

    assert "Samen verschuldigd: € 49,61." in charged.out.replace("\xa0", " ")


def test_a_list_without_vat_has_no_column_for_it(pulled: Rehearsal) -> None:
    keep(pulled, INTEREST)

    pulled.run("charges")

    assert "Btw" not in pulled.out


def test_a_plan_says_what_the_policy_let_go(charged: Rehearsal) -> None:
    charged.books(BAKER.replace("121.00,121.00", "0.00,121.00"), BAKER_LATER)
    charged.run("pull")

    charged.run("plan")

    told = charged.out.replace("\xa0", " ")
    assert "Kwijtgescholden volgens het beleid: incassokosten € 48,40 bij F1." in told


def test_the_journal_tells_of_charges_in_words(charged: Rehearsal) -> None:
    charged.books(BAKER.replace("121.00,121.00", "0.00,121.00"), BAKER_LATER)
    charged.run("pull")
    charged.run("plan")

    charged.run("journal", "show")

    assert "kosten of rente kwijtgescholden" in charged.out
