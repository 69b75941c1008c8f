"""Dated stories of business debtors, as a bookkeeper would tell them.

The ladder: herinnering 14 days after the due date, tweede-herinnering 14 days after that,
sommatie when its term is over, bellen after the next term, incasso a week later.
"""

from datetime import date, timedelta
from typing import Any

from connector.core.actions import Action
from connector.core.snapshot import HoldReason, Position
from tests.core.make_core import (
    codes,
    credit,
    dollar,
    euro,
    hold,
    item,
    live,
    numbers,
    policy,
    step,
    steps,
)
from tests.scenarios.diary import Diary

DUE = date(2026, 9, 1)  # a Tuesday
INVOICE: dict[str, Any] = {"issued": date(2026, 8, 2), "due": DUE}
START = date(2026, 9, 1)


def test_business_that_never_pays_walks_the_whole_ladder() -> None:
    """F1 van € 121,00 vervalt op 1 september; de klant laat niets horen."""
    diary = Diary(policy(), item(**INVOICE)).run(START, date(2027, 3, 1))

    assert diary.story() == [
        "2026-09-15 F1 herinnering",  # 1 september + 14 dagen
        "2026-09-29 F1 tweede-herinnering",  # 14 dagen later; termijn van 7 dagen tot 6 oktober
        "2026-10-09 F1 sommatie",  # 6 oktober + 2 werkdagen voor de bank + 1 dag; tot 23 oktober
        "2026-10-28 F1 bellen",  # 23 oktober + 2 werkdagen + 1 dag
        "2026-11-04 F1 incasso",  # dezelfde termijn + 2 werkdagen + 8 dagen
    ]


def test_business_that_pays_after_the_second_reminder_hears_no_more() -> None:
    """F1 wordt op 1 oktober betaald, twee dagen na de tweede herinnering."""
    diary = Diary(policy(), item(**INVOICE)).run(START, date(2026, 9, 30))
    diary.remove("F1")
    diary.run(date(2026, 10, 1), date(2027, 3, 1))

    assert diary.story() == ["2026-09-15 F1 herinnering", "2026-09-29 F1 tweede-herinnering"]


def test_part_payment_gives_five_business_days_of_peace() -> None:
    """Op maandag 28 september betaalt de klant € 60,00; op dinsdag 6 oktober gaat het verder."""
    diary = Diary(policy(), item(**INVOICE)).run(START, date(2026, 9, 27))
    diary.change("F1", open=euro("61.00"), last_payment_on=date(2026, 9, 28))

    assert codes(diary.plan(date(2026, 10, 5))) == {"F1": "recent_payment"}
    diary.run(date(2026, 9, 28), date(2026, 10, 6))
    assert diary.story()[-1] == "2026-10-06 F1 tweede-herinnering"
    assert diary.sent[-1][1].total == euro("61.00")


def test_last_two_euros_are_not_worth_a_letter() -> None:
    """De klant betaalt € 119,00 van € 121,00; het restje telt als betaald."""
    diary = Diary(policy(), item(**INVOICE)).run(START, date(2026, 9, 16))
    diary.change("F1", open=euro("2.00"))
    diary.run(date(2026, 9, 17), date(2027, 1, 1))

    assert diary.story() == ["2026-09-15 F1 herinnering"]


def test_broken_promise_resumes_at_once_after_its_grace() -> None:
    """De klant belooft op 16 september te betalen vóór vrijdag 2 oktober en doet het niet.

    De tweede herinnering had op 29 september gekund. Drie werkdagen speling na 2 oktober is
    woensdag 7 oktober; op donderdag 8 oktober gaat zij uit.
    """
    diary = Diary(policy(), item(**INVOICE)).run(START, date(2026, 9, 16))
    diary.holds.append(hold(reason=HoldReason.PROMISE, until=date(2026, 10, 2)))
    diary.run(date(2026, 9, 17), date(2026, 10, 10))

    assert diary.story() == ["2026-09-15 F1 herinnering", "2026-10-08 F1 tweede-herinnering"]


def test_kept_promise_ends_in_silence() -> None:
    """De klant betaalt op de beloofde dag."""
    diary = Diary(policy(), item(**INVOICE)).run(START, date(2026, 9, 16))
    diary.holds.append(hold(reason=HoldReason.PROMISE, until=date(2026, 10, 2)))
    diary.run(date(2026, 9, 17), date(2026, 10, 1))
    diary.remove("F1")
    diary.run(date(2026, 10, 2), date(2027, 1, 1))

    assert diary.story() == ["2026-09-15 F1 herinnering"]


def test_partial_dispute_leaves_the_rest_to_be_asked() -> None:
    """De klant betwist € 40,00 van F1; over € 81,00 gaat het traject door."""
    diary = Diary(policy(), item(**INVOICE)).run(START, date(2026, 9, 20))
    diary.holds.append(hold(amount=euro("40.00"), until=date(2026, 12, 31)))
    diary.run(date(2026, 9, 21), date(2026, 9, 30))

    on, action = diary.sent[-1]
    assert (on, action.total) == (date(2026, 9, 29), euro("81.00"))


def test_whole_dispute_holds_until_a_fortnight_after_the_answer() -> None:
    """De klant betwist F1 geheel; op maandag 2 november is zijn bezwaar beantwoord."""
    diary = Diary(policy(), item(**INVOICE)).run(START, date(2026, 9, 20))
    diary.holds.append(hold(until=date(2026, 10, 1)))
    diary.run(date(2026, 9, 21), date(2026, 11, 1))
    diary.holds[0] = hold(until=date(2026, 10, 1), answered_on=date(2026, 11, 2))
    diary.run(date(2026, 11, 2), date(2026, 11, 20))

    assert diary.story() == ["2026-09-15 F1 herinnering", "2026-11-16 F1 tweede-herinnering"]


def test_dispute_without_an_answer_asks_a_person_on_its_date() -> None:
    """De datum van de betwisting is voorbij en niemand heeft iets vastgelegd."""
    diary = Diary(policy(), item(**INVOICE), holds=[hold(until=date(2026, 10, 1))])

    assert diary.plan(date(2026, 9, 30)).attention == ()
    assert [p.code for p in diary.plan(date(2026, 10, 1)).attention] == ["hold_ended"]
    assert diary.run(START, date(2027, 3, 1)).story() == []


def test_credit_note_lowers_what_is_asked_and_then_covers_it() -> None:
    """Een creditnota van € 21,00 op F1 wordt verrekend; een tweede van € 100,00 maakt F1 af."""
    diary = Diary(policy(), item(**INVOICE), credit(names_invoice="F1", issued=START))
    diary.run(START, date(2026, 9, 16))
    assert diary.sent[0][1].total == euro("100.00")

    rest = credit("C2", "100.00", names_invoice="F1", issued=START)
    diary.items[rest.id] = rest
    assert codes(diary.plan(date(2026, 9, 29))) == {"F1": "covered_by_credit"}
    assert len(diary.run(date(2026, 9, 17), date(2027, 1, 1)).sent) == 1


def test_two_currencies_take_turns() -> None:
    """F1 in euro's en F2 in dollars zijn op dezelfde dag toe aan een herinnering."""
    diary = Diary(policy(), item("F1", **INVOICE), item("F2", open=dollar("90.00"), **INVOICE))

    assert codes(diary.plan(date(2026, 9, 15))) == {"F2": "other_currency_first"}
    assert diary.run(START, date(2026, 9, 28)).story() == [
        "2026-09-15 F1 herinnering",
        "2026-09-22 F2 herinnering",  # zeven dagen rust tussen twee berichten
    ]


def test_week_of_outage_sends_the_next_step_once() -> None:
    """De machine staat stil van 14 tot en met 27 september; de herinnering van de 15e bleef liggen.

    Op 28 september gaat alleen die herinnering uit; de tweede volgt 14 dagen later, niet eerder.
    """
    diary = Diary(policy(), item(**INVOICE))
    diary.run(START, date(2026, 9, 13)).run(date(2026, 9, 28), date(2026, 10, 13))

    assert diary.story() == ["2026-09-28 F1 herinnering", "2026-10-12 F1 tweede-herinnering"]


def test_machine_that_runs_many_times_a_day_sends_once() -> None:
    """De planner draait twintig keer op dezelfde dag."""
    diary = Diary(policy(), item(**INVOICE))
    for _ in range(20):
        diary.run(date(2026, 9, 15), date(2026, 9, 15))

    assert diary.story() == ["2026-09-15 F1 herinnering"]


def test_first_run_over_old_books_starts_with_the_first_reminder() -> None:
    """Op 23 november begint maan; F1 is dan al bijna drie maanden te laat."""
    diary = Diary(policy(), item(first_pull=True, **INVOICE))

    assert steps(diary.plan(date(2026, 11, 23))) == {"F1": "herinnering"}


def test_first_run_believes_the_reminders_of_the_package_but_no_further_than_reminders() -> None:
    """Het pakket stuurde zelf al 1 en 5 herinneringen; een sommatie komt daar nooit uit."""
    once = item("F1", first_pull=True, reminders_sent=1, party="10", **INVOICE)
    often = item("F2", first_pull=True, reminders_sent=5, party="20", **INVOICE)
    diary = Diary(policy(), once, often)

    assert steps(diary.plan(date(2026, 11, 23))) == {
        "F1": "tweede-herinnering",
        "F2": "tweede-herinnering",
    }


def test_first_run_is_spread_over_the_days() -> None:
    """Vijf oude klanten, twee berichten per dag, de oudste eerst; in het weekend gaat niets uit."""
    old = [
        item(f"F{n}", party=f"{n}", first_pull=True, due=DUE - timedelta(days=n)) for n in range(5)
    ]
    diary = Diary(policy(guards={"first_run_per_day": "2"}), *old)

    assert diary.run(date(2026, 11, 20), date(2026, 11, 25)).story() == [
        "2026-11-20 F3 herinnering",  # vrijdag
        "2026-11-20 F4 herinnering",
        "2026-11-23 F1 herinnering",  # maandag
        "2026-11-23 F2 herinnering",
        "2026-11-24 F0 herinnering",
    ]


def test_very_old_invoice_waits_for_a_person() -> None:
    """F1 is meer dan een jaar te laat wanneer maan begint."""
    ancient = item(due=date(2025, 3, 1), first_pull=True)
    made = Diary(policy(), ancient).plan(date(2026, 11, 23))

    assert made.actions == ()
    assert [(p.code, p.number) for p in made.attention] == [("old_item", "F1")]


def test_handover_freezes_the_invoice_and_the_next_one_goes_on() -> None:
    """F1 is bij het incassobureau; F2 van dezelfde klant begint gewoon bij de herinnering."""
    diary = Diary(policy(), item("F1", **INVOICE), item("F2", due=date(2026, 11, 1)))
    diary.run(START, date(2026, 12, 31))

    of_first = [line for line in diary.lines if line.number == "F1"]
    assert of_first[-1].step == "incasso"
    after = [action for on, action in diary.sent if on > of_first[-1].on]
    assert {line.number for action in after for line in action.items} == {"F2"}
    assert all(line.number != "F1" for action in after for line in action.also_open)
    assert codes(diary.plan(date(2027, 1, 4)))["F1"] == "handed_over"


def test_public_holidays_move_a_step_to_the_next_business_day() -> None:
    """De herinnering valt op tweede paasdag 6 april 2026 en gaat op dinsdag 7 april uit."""
    easter = item(due=date(2026, 3, 23), issued=date(2026, 2, 21))

    assert steps(Diary(policy(), easter).plan(date(2026, 4, 6))) == {}
    assert Diary(policy(), easter).run(date(2026, 4, 1), date(2026, 4, 8)).story() == [
        "2026-04-07 F1 herinnering"
    ]


def test_nothing_is_demanded_over_christmas_and_no_term_ends_there() -> None:
    """Stilte van 21 december tot en met 3 januari; de termijn van 11 december loopt tot 4 januari."""
    by = policy(
        step("herinnering", "due + 14d", term="14d"),
        step("sommatie", "deadline + 1d", "final_demand"),
        guards={"quiet": [{"from": "12-21", "to": "01-03"}]},
    )
    early, late = (
        item("F1", party="10", due=date(2026, 11, 27)),
        item("F2", party="20", due=date(2026, 12, 10)),
    )
    diary = Diary(by, early, late).run(date(2026, 12, 1), date(2027, 1, 31))

    assert diary.story() == [
        "2026-12-11 F1 herinnering",
        "2027-01-04 F2 herinnering",  # zou op 24 december zijn gegaan
        "2027-01-07 F1 sommatie",  # termijn tot 4 januari, 2 werkdagen, 1 dag
        "2027-01-21 F2 sommatie",  # termijn tot 18 januari
    ]


def test_reopened_invoice_starts_a_new_cycle() -> None:
    """F1 is betaald, de betaling wordt gestorneerd, en de factuur komt terug als nieuwe ronde."""
    diary = Diary(policy(), item(**INVOICE)).run(START, date(2026, 9, 30))
    first = diary.sent[0][1]
    diary.change("F1", cycle=2, position=None, last_demand_on=None)
    diary.run(date(2026, 10, 19), date(2026, 10, 19))

    assert diary.story()[-1] == "2026-10-19 F1 herinnering"
    assert diary.sent[-1][1].id != first.id


def test_invoice_that_was_only_not_reported_keeps_its_place() -> None:
    """F1 ontbreekt twee weken in de export en komt dan terug: geen nieuwe eerste herinnering."""
    diary = Diary(policy(), item(**INVOICE)).run(START, date(2026, 9, 16))
    kept = diary.items
    diary.remove("F1")
    diary.run(date(2026, 9, 17), date(2026, 9, 30))
    diary.items = kept
    diary.run(date(2026, 10, 1), date(2026, 10, 1))

    assert diary.story() == ["2026-09-15 F1 herinnering", "2026-10-01 F1 tweede-herinnering"]


def test_younger_invoice_rides_along_and_keeps_its_own_step() -> None:
    """F1 krijgt op 9 oktober een sommatie; F2, toe aan haar eerste herinnering, gaat mee."""
    diary = Diary(policy(), item("F1", **INVOICE), item("F2", due=date(2026, 9, 25)))
    diary.run(START, date(2026, 10, 9))

    message = diary.sent[-1][1]
    assert message.step == "sommatie"
    assert [(line.number, line.step) for line in message.items] == [
        ("F1", "sommatie"),
        ("F2", "herinnering"),
    ]
    assert message.total == euro("242.00")


def test_action_that_nobody_approves_stays_the_same_action() -> None:
    """De boekhouder keurt een week lang niets goed; er komt geen tweede voorstel bij."""
    diary = Diary(policy(), item(**INVOICE))

    def nobody(action: Action) -> bool:
        return False

    diary.run(date(2026, 9, 15), date(2026, 9, 22), approved=nobody)
    plans = [diary.plan(date(2026, 9, day)) for day in (15, 18, 22)]

    assert diary.story() == []
    assert len({action.id for made in plans for action in made.actions}) == 1


def test_message_of_unknown_outcome_is_not_repeated() -> None:
    """Het proces stierf tijdens het verzenden; zolang niemand weet of het uitging, gebeurt niets."""
    flying = live(("F1", 1, "herinnering"), status="uncertain")
    diary = Diary(policy(), item(**INVOICE), live=(flying,)).run(START, date(2026, 12, 1))

    assert diary.story() == []
    assert codes(diary.plan(date(2026, 12, 1))) == {"F1": "in_flight"}


def test_changed_policy_does_not_send_the_same_step_again() -> None:
    """Na de herinnering zet de boekhouder de termijnen korter; de herinnering komt niet terug."""
    diary = Diary(policy(), item(**INVOICE)).run(START, date(2026, 9, 16))
    diary.policy = policy(
        step("herinnering", "due + 2d"),
        step("tweede-herinnering", "previous + 7d"),
        step("sommatie", "deadline + 1d", "final_demand"),
    )
    diary.run(date(2026, 9, 17), date(2026, 9, 30))

    assert diary.story() == ["2026-09-15 F1 herinnering", "2026-09-22 F1 tweede-herinnering"]


def test_step_that_vanishes_from_the_policy_stops_the_invoice() -> None:
    """De boekhouder hernoemt de stap waarop F1 staat; maan raadt niet, maar vraagt."""
    at = Position(track="zakelijk", step="oude-naam", delivered_on=START, deadline=None)
    diary = Diary(policy(), item(position=at, **INVOICE))

    assert diary.run(START, date(2026, 12, 1)).story() == []
    assert [p.code for p in diary.plan(date(2026, 12, 1)).attention] == ["policy_changed"]


def test_supplier_that_we_owe_is_left_alone() -> None:
    """Wij zijn deze klant zelf € 200,00 schuldig."""
    owed = {item().party: euro("200.00")}
    payables = {(ref, "EUR"): amount for ref, amount in owed.items()}
    diary = Diary(policy(), item(**INVOICE), payables=payables)

    assert numbers(diary.plan(date(2026, 9, 15))) == []
    assert [p.code for p in diary.plan(date(2026, 9, 15)).attention] == ["set_off"]
