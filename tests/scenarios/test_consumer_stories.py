"""Dated stories of private persons, as a bookkeeper would tell them.

The ladder: aankondiging 3 days before the due date, herinnering 4 days after it, aanmaning (the
default notice) 14 days later, veertiendagenbrief, incasso.
"""

from datetime import date
from typing import Any

from connector.core.snapshot import Creditor, HoldReason
from connector.port.records import PartyRef
from tests.core.make_core import codes, consumer, hold, item, party, steps, two_tracks
from tests.scenarios.diary import Diary

DUE = date(2026, 9, 1)  # a Tuesday
INVOICE: dict[str, Any] = {"issued": date(2026, 8, 2), "due": DUE}


def test_consumer_that_never_pays_walks_the_whole_ladder() -> None:
    """Anna betaalt niet: herinnering, aanmaning, veertiendagenbrief en pas dan het bureau."""
    registered = Creditor(registered_agencies=frozenset({"voorbeeld-incasso"}))
    diary = Diary(two_tracks(), item(**INVOICE), parties=[consumer()], creditor=registered)
    diary.run(date(2026, 8, 20), date(2027, 3, 1))

    assert diary.story() == [
        "2026-08-31 F1 aankondiging",  # 29 augustus is een zaterdag
        "2026-09-07 F1 herinnering",  # 5 september is een zaterdag, en 7 dagen na de aankondiging
        "2026-09-21 F1 aanmaning",
        "2026-10-08 F1 veertiendagenbrief",  # de aanmaning liep tot 5 oktober; 2 bankdagen
        "2026-11-06 F1 incasso",  # de brief liep tot 27 oktober; 2 bankdagen, dan 8 dagen
    ]


def test_announcement_lapses_once_the_due_date_has_passed() -> None:
    """Maan begint op 2 september, een dag na de vervaldag: geen aankondiging meer."""
    diary = Diary(two_tracks(), item(**INVOICE), parties=[consumer()])
    diary.run(date(2026, 9, 2), date(2026, 9, 15))

    assert diary.story() == ["2026-09-07 F1 herinnering"]


def test_announcement_may_still_go_on_the_due_date_itself() -> None:
    """Op de vervaldag zelf is de aankondiging nog niet vervallen."""
    diary = Diary(two_tracks(), item(**INVOICE), parties=[consumer()])

    assert steps(diary.plan(DUE)) == {"F1": "aankondiging"}
    assert diary.plan(DUE).actions[0].before_due


def test_debtor_of_unknown_kind_is_treated_as_a_consumer() -> None:
    """Van "Bakkerij De Wit" weten de boeken niet wat het is: geen zakelijk traject."""
    unknown = party(name="Bakkerij De Wit")
    diary = Diary(two_tracks(), item(**INVOICE), parties=[unknown])
    diary.run(date(2026, 9, 2), date(2027, 3, 1))

    assert {action.track for _, action in diary.sent} == {"particulier"}
    assert "F1 veertiendagenbrief" in "\n".join(diary.story())


def test_initials_do_not_make_a_company() -> None:
    """B.V. Jansen heet Bart Victor."""
    diary = Diary(two_tracks(), item(**INVOICE), parties=[party(name="B.V. Jansen")])

    assert [action.track for action in diary.plan(date(2026, 9, 7)).actions] == ["particulier"]


def test_word_of_a_person_puts_a_debtor_on_the_business_track() -> None:
    """De boekhouder weet dat debiteur 10023 een bedrijf is."""
    by = two_tracks(overrides=[{"debtor": "10023", "kind": "company"}])
    diary = Diary(by, item(**INVOICE), parties=[consumer()])

    assert [action.track for action in diary.plan(date(2026, 9, 15)).actions] == ["zakelijk"]


def test_debt_counselling_stops_everything_until_a_person_says_otherwise() -> None:
    """Anna zit in de schuldhulpverlening; ook na de datum van de pauze gaat er niets uit."""
    counselling = hold(None, reason=HoldReason.DEBT_COUNSELLING, until=date(2026, 12, 1))
    diary = Diary(two_tracks(), item(**INVOICE), parties=[consumer()], holds=[counselling])

    assert diary.run(date(2026, 8, 20), date(2027, 6, 1)).story() == []
    assert [p.code for p in diary.plan(date(2027, 6, 1)).attention] == ["hold_ended"]


def test_hold_on_one_debtor_leaves_the_others() -> None:
    """Alleen de rekeningen van Anna wachten; Bert krijgt zijn herinnering."""
    anna, bert = consumer("10023"), consumer("10024", name="Bert Bakker")
    diary = Diary(
        two_tracks(),
        item("F1", **INVOICE),
        item("F2", party="10024", **INVOICE),
        parties=[anna, bert],
        holds=[hold(None, party=PartyRef("10023"), reason=HoldReason.MANUAL)],
    )

    assert steps(diary.plan(date(2026, 9, 7))) == {"F2": "herinnering"}


def test_consumer_without_an_address_goes_to_the_attention_list() -> None:
    """Van Anna is geen e-mailadres bekend en het traject kent geen brief als uitwijk."""
    diary = Diary(two_tracks(), item(**INVOICE), parties=[consumer(email=None)])
    made = diary.plan(date(2026, 9, 7))

    assert codes(made) == {"F1": "address_missing"}
    assert [p.code for p in made.attention] == ["address_missing"]
