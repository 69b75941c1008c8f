"""Why the books could not be read is told by every command that holds back for it."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from connector.app.cli import acting, books, build, help_pages, planning, status, tasks, wording
from connector.app.cli.shell import Line, Shell
from connector.app.messages import Messages
from connector.flow.approve import approve
from connector.flow.office import Office
from connector.flow.propose import propose
from connector.flow.pull import pull
from connector.port.errors import AdapterError, AuthorisationError, UnavailableError
from connector.port.money import Money
from connector.port.records import ControlTotal, Ledger, Rejected
from connector.store import Store
from connector.testkit.tools import FakeLog
from tests.flow.kit import Kit, late, open_kit
from tests.make import FixedClock


class _Shell(Shell):
    """A shell whose office is that of a kit."""

    made: Office

    @contextmanager
    def office(self) -> Iterator[Office]:
        yield self.made


@pytest.fixture
def kit(memory_store: Store, tmp_path: Path, clock: FixedClock) -> Iterator[Kit]:
    with open_kit(tmp_path, memory_store, clock) as kit:
        kit.source.add(late())
        pull(kit.desk)
        propose(kit.desk)
        approve(kit.desk, by="cli:test")
        yield kit


def _shell(kit: Kit) -> _Shell:
    line = Line(
        config=Path("config/maan.yaml"), now=None, json=False, environ={"COLUMNS": "400"},
        keyboard=io.StringIO(), out=io.StringIO(), err=io.StringIO(),
    )  # fmt: skip
    shell = _Shell(line, Messages("nl"), FakeLog)
    shell.made = kit.office
    return shell


def _said(kit: Kit, command: str) -> str:
    shell = _shell(kit)
    app = build(shell, [each.register for each in (acting, books, planning, status, tasks)])
    help_pages.tree(app).main([command], prog_name="maan", standalone_mode=False)
    assert isinstance(shell.line.out, io.StringIO)
    return shell.line.out.getvalue()


def _broken(kit: Kit, fault: AdapterError) -> None:
    kit.source.fault = fault
    pull(kit.desk)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("budget_spent", "maan heeft de verzoeken gebruikt die het pakket nu toestaat."),
        ("no.such", "no.such"),
    ],
)
def test_of_an_error_whose_facts_were_not_kept_the_rest_is_said(
    kit: Kit, code: str, said: str
) -> None:
    assert wording.reason_text(_shell(kit), code) == said


@pytest.mark.parametrize("command", ["status", "attention", "plan", "act"])
def test_a_withdrawn_consent_shows_in_every_command(kit: Kit, command: str) -> None:
    _broken(kit, AuthorisationError("connect_again"))

    said = _said(kit, command)

    assert "aanvaardt uw toestemming niet meer. Geef: maan connect jansen" in said


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            UnavailableError("wire_unavailable", endpoint="/sync", kind="html"),
            "Het boekhoudpakket antwoordt nu niet, of niet volledig. Er is niets",
        ),
        (
            AdapterError("exact.stopped_asking", endpoint="/sync", status=403, after=60),
            "Exact Online weigerde",
        ),
    ],
)
def test_of_other_causes_what_can_be_said_is_said(
    kit: Kit, fault: AdapterError, sentence: str
) -> None:
    _broken(kit, fault)

    said = _said(kit, "status")

    assert sentence in said
    assert fault.code not in said
    assert "?]" not in said


def test_acting_during_an_outage_says_what_is_the_matter(kit: Kit) -> None:
    kit.source.fault = UnavailableError("wire_unavailable", endpoint="/sync", kind="html")

    said = _said(kit, "act")

    assert "opnieuw heeft gelezen. Het boekhoudpakket antwoordt nu niet, of niet volledig" in said
    assert "wire_unavailable" not in said


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("sync/Cashflow/PaymentTerms:0", "- De"),
        ("cursor:0", "- De"),
        ("receivables.csv:0", "- receivables.csv: De"),
        ("receivables.csv:3", "- receivables.csv:3: De"),
    ],
)
def test_a_place_is_shown_where_a_person_can_look(kit: Kit, where: str, shown: str) -> None:
    kit.source.rejected = (Rejected(where=where, reason="exact.deleted_unreadable"),)

    assert shown in _said(kit, "pull")


def test_totals_that_differ_are_told_in_one_line_with_what_to_do(kit: Kit) -> None:
    theirs = Money(Decimal("99.00"), "EUR")
    kit.source.totals = (ControlTotal(ledger=Ledger.RECEIVABLE, amount=theirs),)
    kit.source.warnings = (Rejected(where="overview:0", reason="exact.totals_differ"),)

    said = _said(kit, "pull")

    assert said.count("Blijft het verschil") == 1
    assert "Openstaande posten debiteuren" in said
    assert "99,00. " in said


def test_books_that_are_no_export_are_not_sent_after_a_column(kit: Kit) -> None:
    who = kit.source.parties["10023"]
    kit.source.parties["10023"] = replace(who, name="P. de Boer", kind=None, kvk=None)
    pull(kit.desk)

    said = _said(kit, "status")

    assert "is de soort onbekend" in said
    assert "export" not in said


def test_the_cause_is_gone_with_the_next_pull(kit: Kit) -> None:
    _broken(kit, AuthorisationError("connect_again"))
    kit.source.fault = None
    pull(kit.desk)

    assert "toestemming" not in _said(kit, "status")
