"""An office that collects for others keeps to the hours and the register of the Wki."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connector.flow.act import Acted, act
from connector.flow.approve import approve
from connector.store import Store
from tests.flow.charging_kit import anna, open_charging_kit, planned, sent
from tests.flow.kit import BY, Kit, late
from tests.make import FixedClock

OpenKit = Callable[..., Kit]
ROUND_THE_CLOCK = 'hours: "00:00-23:59", business_days: none'


@pytest.fixture
def kit_of(tmp_path: Path, memory_store: Store, clock: FixedClock) -> Iterator[OpenKit]:
    """Open an office with these words about it, whose policy sends at any hour of any day."""
    with ExitStack() as stack:

        def opened(**office: str) -> Kit:
            kit = stack.enter_context(open_charging_kit(tmp_path, memory_store, clock, **office))
            text = (tmp_path / "config" / "policy.yaml").read_text(encoding="utf-8")
            kit.policy(text.replace("guards: {", "guards: {" + ROUND_THE_CLOCK + ", "))
            kit.source.add(late())
            return kit

        yield opened


def acted(kit: Kit, day: int, hour: int, minute: int = 0) -> Acted:
    """Approve the reminder and act on a day of November 2026, by the clock of Amsterdam."""
    kit.at(2026, 11, day)
    planned(kit)
    approve(kit.desk, by=BY)
    kit.clock.set(datetime(2026, 11, day, hour - 1, minute, tzinfo=UTC))
    planned(kit)
    return act(kit.desk)


@pytest.mark.parametrize(
    ("day", "hour", "minute", "code"),
    [
        (24, 20, 30, "contact_hours"),
        (24, 20, 0, "contact_hours"),
        (24, 6, 59, "contact_hours"),
        (22, 12, 0, "contact_day"),  # a Sunday
    ],
)
def test_nothing_leaves_outside_the_hours_of_the_law(
    kit_of: OpenKit, day: int, hour: int, minute: int, code: str
) -> None:
    kit = kit_of(acting_for_others="true", wki_number="'123'")

    done = acted(kit, day, hour, minute)

    assert (kit.email.sent, [stayed.code for stayed in done.waiting]) == ([], [code])


@pytest.mark.parametrize(("hour", "minute"), [(7, 0), (19, 59)])
def test_all_leaves_within_the_hours_of_the_law(kit_of: OpenKit, hour: int, minute: int) -> None:
    kit = kit_of(acting_for_others="true", wki_number="'123'")

    assert len(acted(kit, 24, hour, minute).delivered) == 1


def test_office_that_writes_for_itself_keeps_its_own_hours(kit_of: OpenKit) -> None:
    kit = kit_of(acting_for_others="false")

    assert len(acted(kit, 24, 20, 30).delivered) == 1


@pytest.mark.parametrize(
    ("office", "steps", "codes"),
    [
        ({"acting_for_others": "true"}, [], ["office_unregistered"]),
        ({"acting_for_others": "true", "wki_number": "'123'"}, ["veertiendagenbrief"], []),
        ({"acting_for_others": "false"}, ["veertiendagenbrief"], []),
    ],
)
def test_notice_with_costs_needs_the_number_of_the_office(
    kit_of: OpenKit, office: dict[str, str], steps: list[str], codes: list[str]
) -> None:
    kit = kit_of(**office)
    kit.source.parties["10023"] = anna()
    sent(kit)
    kit.at(2026, 12, 3)

    made = planned(kit).plan

    assert [action.step for action in made.actions] == steps
    assert [entry.reason.code for entry in made.withheld] == codes
