from collections.abc import Sequence
from typing import Any

from adapters.moneybird.diagnosing import Doctor
from adapters.moneybird.settings import UNCHOSEN
from connector.port.adapter import Diagnosis
from connector.port.errors import AuthorisationError, SettingsError, UnavailableError
from tests.adapters.moneybird.reading import FakeSource, workflow


def lines(
    source: FakeSource, *, leave: bool = False, missing: Sequence[str] = ()
) -> list[Diagnosis]:
    return Doctor("123", leave=leave).lines(lambda: source, lambda: missing)


def reached(**fields: Any) -> FakeSource:
    return FakeSource(reached=[{"id": "123", "name": "Jansen Advies", "suspended": False} | fields])


CONNECTED = Diagnosis(
    ok=True, code="moneybird.connected", facts={"administration": "Jansen Advies"}
)


def test_administration_that_can_be_read_is_named() -> None:
    assert lines(reached()) == [CONNECTED]


def test_nameless_administration_is_named_by_its_id() -> None:
    assert lines(reached(name=" "))[0].facts == {"administration": "123"}


def test_administration_out_of_reach_is_told() -> None:
    source = FakeSource(reached=[])

    assert [(one.ok, one.code) for one in lines(source)] == [
        (False, "moneybird.administration_missing")
    ]
    assert source.calls == ["administrations"]


def test_suspended_administration_is_told() -> None:
    assert [(one.ok, one.code) for one in lines(reached(suspended=True))] == [
        (False, "moneybird.suspended")
    ]


def test_unchosen_administration_is_told_and_nothing_is_asked() -> None:
    source = reached()

    found = Doctor(UNCHOSEN, leave=False).lines(lambda: source, list)

    assert found == [Diagnosis(ok=False, code="moneybird.administration_unchosen")]
    assert source.calls == []


def test_each_missing_scope_is_told() -> None:
    found = lines(reached(), missing=["documents"])

    assert found[1:] == [
        Diagnosis(ok=False, code="moneybird.scope_missing", facts={"scope": "documents"})
    ]


def test_workflows_that_remind_are_a_note_when_maan_pauses_them() -> None:
    source = reached()
    source.steps = [workflow(2, auto=True), workflow(1, auto=True), workflow(3)]

    (note,) = lines(source)[1:]

    assert (note.ok, note.note, note.code) == (True, True, "moneybird.auto_reminders")
    assert note.facts == {"workflows": "Workflow 1, Workflow 2"}


def test_workflows_that_remind_are_wrong_when_they_are_left() -> None:
    source = reached()
    source.steps = [workflow(1, auto=True)]

    (fault,) = lines(source, leave=True)[1:]

    assert (fault.ok, fault.note, fault.code) == (False, False, "moneybird.auto_reminders")


def test_workflows_that_collect_are_a_note() -> None:
    source = reached()
    source.steps = [workflow(1, collects=True) | {"name": None}]

    (note,) = lines(source)[1:]

    assert (note.ok, note.note, note.code) == (True, True, "moneybird.collects")
    assert note.facts == {"workflows": "1"}


def test_what_stops_the_look_is_told_after_what_was_seen() -> None:
    source = reached()
    source.faults[2] = UnavailableError("wire_away", endpoint="workflows")

    assert lines(source) == [
        CONNECTED,
        Diagnosis(ok=False, code="wire_away", facts={"endpoint": "workflows"}),
    ]


def test_missing_connection_is_told() -> None:
    def client() -> FakeSource:
        raise AuthorisationError("connect_first", connection="default")

    found = Doctor("123", leave=False).lines(client, list)

    assert [(one.ok, one.code) for one in found] == [(False, "connect_first")]


def test_missing_secret_is_told() -> None:
    def client() -> FakeSource:
        raise SettingsError("secret_missing", reference="env:TOKEN")

    found = Doctor("123", leave=False).lines(client, list)

    assert [(one.ok, one.code) for one in found] == [(False, "secret_missing")]
