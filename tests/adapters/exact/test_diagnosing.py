"""What `maan doctor` says of an administration: what is well, what is not, and what to know."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from adapters.exact.client import Client
from adapters.exact.connecting import NEEDED
from adapters.exact.diagnosing import Doctor
from adapters.exact.simulator import Fault
from connector.port.adapter import Diagnosis
from connector.port.errors import AuthorisationError, SettingsError
from tests.adapters.exact.connected import Connected, connected
from tests.adapters.exact.push_desk import settings

SCOPES = [scope for scope, _ in NEEDED]
CONNECTED = Diagnosis(ok=True, code="exact.connected", facts={"administration": "Jansen Advies"})


@pytest.fixture
def house() -> Iterator[Connected]:
    with connected() as one:
        yield one


def lines(house: Connected, *, missing: Sequence[str] = (), **choices: Any) -> list[Diagnosis]:
    division = choices.pop("division", house.package.division)
    chosen = settings(**choices).model_copy(update={"division": division})
    doctor = Doctor(chosen, house.tools)
    return doctor.lines(lambda: house.client(division), lambda: missing)


def told(found: Sequence[Diagnosis]) -> list[tuple[bool, str]]:
    return [(one.ok, one.code) for one in found]


def test_an_administration_that_is_well_is_named(house: Connected) -> None:
    assert lines(house) == [CONNECTED]


def test_a_look_takes_three_requests(house: Connected) -> None:
    house.package.reset_count()
    lines(house)

    assert [one.line.partition("?")[0].rpartition("/")[2] for one in house.package.requests] == [
        "Divisions",
        "DocumentTypes",
        "PaymentConditions",
    ]


def test_nothing_is_changed(house: Connected) -> None:
    lines(house, task=True, note=True, at_handover="block")

    assert {one.method for one in house.package.requests} == {"GET"}


def test_without_a_consent_nothing_is_asked(house: Connected) -> None:
    house.tools.vault.forget(house.tokens().name)

    assert (told(lines(house)), house.package.requests) == ([(False, "connect_first")], [])


def test_a_consent_that_ended_needs_a_person(house: Connected) -> None:
    house.package.revoke()
    house.tools.clock.advance(3600)
    lines(house)
    house.package.reset_count()

    found = lines(house)

    assert (told(found), house.package.requests) == (
        [(False, "exact.needs_reauthorization")],
        [],
    )
    assert found[0].facts == {"connection": "default"}


def test_settings_that_cant_be_used_are_told(house: Connected) -> None:
    def client() -> Client:
        raise SettingsError("secret_missing", reference="env:SECRET")

    found = Doctor(settings(), house.tools).lines(client, list)

    assert told(found) == [(False, "secret_missing")]


# --- the administration


def test_an_administration_out_of_the_consent_is_missing(house: Connected) -> None:
    other = house.package.add_division("De Vries")
    house.package.granted = {house.package.division}

    assert lines(house, missing=SCOPES, division=other) == [
        Diagnosis(ok=False, code="exact.division_missing", facts={"division": str(other)})
    ]


def test_an_administration_that_is_not_listed_is_missing(house: Connected) -> None:
    house.package.fault(Fault.EMPTY_LIST, match="system/Divisions")

    assert told(lines(house)) == [(False, "exact.division_missing")]


def test_a_list_that_may_not_be_read_hides_no_other_lines(house: Connected) -> None:
    house.package.forbid("system/Divisions")

    found = lines(house, missing=["Organization administration"], document_type=50)

    assert found[0] == Diagnosis(
        ok=False, code="exact.scope_missing", facts={"scope": "Organization administration"}
    )
    assert told(found[1:]) == [(False, "exact.document_type")]


def test_rights_are_looked_up_once(house: Connected) -> None:
    house.package.forbid("system/Divisions")
    asked: list[int] = []

    def missing() -> Sequence[str]:
        asked.append(1)
        return ["Crm accounts"]

    chosen = settings().model_copy(update={"division": house.package.division})
    Doctor(chosen, house.tools).lines(house.client, missing)

    assert len(asked) == 1


def test_a_division_that_is_blocked_is_told_and_left(house: Connected) -> None:
    house.package.block_division(status=3)

    assert lines(house) == [
        Diagnosis(
            ok=False,
            code="exact.blocked_division",
            facts={"administration": "Jansen Advies", "status": "3"},
        )
    ]


def test_an_administration_without_a_name_is_named_by_its_number(house: Connected) -> None:
    house.package.fault(Fault.NULLS, match="system/Divisions", fields=("Description",))

    assert lines(house)[0].facts == {"administration": str(house.package.division)}


def test_each_missing_scope_is_told(house: Connected) -> None:
    found = lines(house, missing=["Crm accounts", "Financial cashflow"])

    assert found == [
        CONNECTED,
        *(
            Diagnosis(ok=False, code="exact.scope_missing", facts={"scope": scope})
            for scope in ("Crm accounts", "Financial cashflow")
        ),
    ]


# --- the consent's end


@pytest.mark.parametrize(("idle", "days"), [(22.9, 7), (29.5, 0)])
def test_a_consent_that_lapses_and_is_not_renewed_is_a_note(
    house: Connected, idle: float, days: int
) -> None:
    house.tools.clock.advance(idle * 86_400)
    house.package.fault(Fault.RATE, match="POST /api/oauth2/token")

    assert told(found := lines(house)) == [(False, "exact.token_wait"), (True, "exact.token_days")]
    assert (found[1].facts, found[1].note) == ({"days": str(days)}, True)


@pytest.mark.parametrize("idle", [21, 29.5])
def test_a_consent_that_the_look_renewed_is_no_note(house: Connected, idle: float) -> None:
    house.tools.clock.advance(idle * 86_400)

    assert lines(house) == [CONNECTED]


# --- what pushing needs


@pytest.mark.parametrize("type_", [50, 99])
def test_a_type_that_cant_be_created_is_told(house: Connected, type_: int) -> None:
    assert lines(house, document_type=type_)[1:] == [
        Diagnosis(
            ok=False,
            code="exact.document_type",
            facts={"type": str(type_), "types": "10, 20, 55"},
        )
    ]


def test_documents_out_of_reach_are_a_missing_scope(house: Connected) -> None:
    house.package.forbid("documents/DocumentTypes")

    assert lines(house)[1:] == [
        Diagnosis(ok=False, code="exact.scope_missing", facts={"scope": "Organization documents"})
    ]


@pytest.mark.parametrize("is_asked", [True, False])
def test_tasks_are_looked_at_when_they_are_made(house: Connected, *, is_asked: bool) -> None:
    house.package.forbid("activities/Tasks")

    scopes = [one.facts["scope"] for one in lines(house, task=is_asked)[1:]]

    assert scopes == ["Organization workflow"] * is_asked


# --- Exact's own reminders


def test_conditions_by_which_exact_reminds_are_a_note(house: Connected) -> None:
    house.package.add_condition("30", scenario="STD")
    house.package.add_condition("14", scenario="STD")
    house.package.add_condition("00")

    (note,) = lines(house)[1:]

    assert (note.ok, note.note, note.code) == (True, True, "exact.own_dunning")
    assert note.facts == {"conditions": "14 (30 dagen), 30 (30 dagen)"}


def test_a_condition_without_a_name_is_named_by_its_code(house: Connected) -> None:
    house.package.add_condition("30", scenario="STD")
    house.package.fault(Fault.NULLS, match="PaymentConditions", fields=("Description",))

    assert lines(house)[1].facts == {"conditions": "30"}


# --- where we stopped asking


def test_what_we_stopped_asking_for_is_told_without_asking(house: Connected) -> None:
    house.package.forbid("documents/Documents")
    client = house.client()
    for _ in range(3):
        with pytest.raises(AuthorisationError):
            next(client.rows("documents/Documents", select=("ID",)))
    house.package.reset_count()

    found = lines(house)

    assert found[0].code == "exact.stopped_asking"
    assert found[0].facts == {"endpoint": "documents/Documents", "status": "403", "after": "3600"}
    assert (found[1:], house.package.count("documents/Documents?")) == ([CONNECTED], 0)


def test_what_we_stopped_asking_for_hides_no_other_lines(house: Connected) -> None:
    house.package.forbid("documents/DocumentTypes")
    house.package.add_condition("30", scenario="STD")
    for _ in range(3):
        lines(house)

    assert told(lines(house)) == [
        (False, "exact.stopped_asking"),
        (True, "exact.connected"),
        (True, "exact.own_dunning"),
    ]


def test_a_list_of_administrations_that_we_stopped_asking_for_hides_no_other_lines(
    house: Connected,
) -> None:
    house.package.forbid("system/Divisions")
    for _ in range(3):
        lines(house, missing=["Crm accounts"])

    assert told(lines(house, missing=["Crm accounts"], document_type=50)) == [
        (False, "exact.stopped_asking"),
        (False, "exact.scope_missing"),
        (False, "exact.document_type"),
    ]


def test_what_was_told_already_is_not_told_again(house: Connected) -> None:
    house.package.forbid("sync/Deleted")
    client = house.client()
    for _ in range(3):
        with pytest.raises(AuthorisationError):
            next(client.rows("sync/Deleted", select=("ID",)))

    def missing() -> Sequence[str]:
        next(client.rows("sync/Deleted", select=("ID",)))
        return []

    chosen = settings().model_copy(update={"division": house.package.division})
    found = Doctor(chosen, house.tools).lines(house.client, missing)

    assert told(found) == [(False, "exact.stopped_asking"), (True, "exact.connected")]


# --- what stops the look


@pytest.mark.parametrize("path", ["DocumentTypes", "PaymentConditions"])
def test_what_stops_the_look_is_told_after_what_was_seen(house: Connected, path: str) -> None:
    house.package.fault(Fault.UNAVAILABLE, match=path, times=9)

    assert told(lines(house)) == [(True, "exact.connected"), (False, "wire_unavailable")]


@pytest.mark.parametrize("path", ["Divisions", "DocumentTypes", "PaymentConditions"])
def test_a_refusal_of_who_we_are_is_no_missing_scope(house: Connected, path: str) -> None:
    house.package.fault(Fault.UNAUTHORIZED, match=path, times=9)

    assert told(lines(house))[-1] == (False, "wire_unauthorised")


@pytest.mark.parametrize("path", ["Divisions", "DocumentTypes"])
def test_a_limit_is_told_as_a_limit(house: Connected, path: str) -> None:
    house.package.fault(Fault.RATE, match=path)

    assert told(lines(house))[-1] == (False, "wire_rate_limited")
