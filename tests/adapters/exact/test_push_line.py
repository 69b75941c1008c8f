"""What is kept over the line, and with how many requests."""

from collections.abc import Iterator
from typing import Any

import pytest

from adapters.exact.adapter import ExactAdapter
from adapters.exact.simulator import Fault
from connector.port.errors import (
    RefusedError,
    UnavailableError,
)
from connector.port.records import Batch
from tests.adapters.exact.push_desk import (
    ATTACHMENTS,
    DOCUMENTS,
    NOTES,
    TASKS,
    handover,
    letter,
    message,
    settings,
    task,
)
from tests.adapters.exact.push_line import AFTER, BEFORE, Line, push_line

CLASSIFICATION = "0000c1a5-0000-4000-8000-000000000003"


@pytest.fixture
def line() -> Iterator[Line]:
    with push_line() as one:
        yield one


# --- how much is asked


def test_a_letter_is_kept_in_three_requests(line: Line) -> None:
    item = line.invoice()

    line.pusher().push(letter(item))

    assert line.seen() == [f"GET {DOCUMENTS}", f"POST {DOCUMENTS}", f"POST {ATTACHMENTS}"]


def test_a_letter_that_is_there_is_found_in_two_requests(line: Line) -> None:
    item = line.invoice()
    line.pusher().push(letter(item))
    line.package.reset_count()

    line.pusher().find_push(letter(item))

    assert line.seen() == [f"GET {DOCUMENTS}", f"GET {ATTACHMENTS}"]


def test_a_handover_that_blocks_takes_two_requests_more(line: Line) -> None:
    line.choose(at_handover="block")
    item = line.invoice()

    line.pusher().push(handover(item))

    assert [part.partition("(")[0] for part in line.seen()] == [
        f"GET {DOCUMENTS}",
        f"POST {DOCUMENTS}",
        "GET crm/Accounts",
        "PUT crm/Accounts",
    ]


def test_a_note_takes_one_request_more(line: Line) -> None:
    line.choose(note=True)
    item = line.invoice()

    line.pusher().push(message(item))

    assert line.seen() == [f"GET {DOCUMENTS}", f"POST {DOCUMENTS}", f"POST {NOTES}"]


def test_a_task_takes_two_requests(line: Line) -> None:
    line.choose(task=True)

    line.pusher().push(task(line.invoice()))

    assert line.seen() == [f"GET {TASKS}", f"POST {TASKS}"]


# --- what is kept


def test_a_letter_is_kept_with_the_relation_and_the_entry(line: Line) -> None:
    item = line.invoice()

    line.pusher().push(letter(item))

    (document,), (attachment,) = line.package.documents, line.package.attachments
    assert (document["Subject"], document["Body"], document["Type"]) == (
        "Tekst [maan k1]",
        "Tekst",
        55,
    )
    assert document["FinancialTransactionEntryID"] == item.removeprefix("R/")
    assert document["Account"] == line.package.terms(item.removeprefix("R/"))[0]["Account"]
    assert (attachment["FileName"], attachment["content"]) == ("brief.pdf", b"%PDF-1")


def test_the_relation_of_a_settled_invoice_is_asked(line: Line) -> None:
    item = line.invoice()
    line.package.pay(item.removeprefix("R/"))
    line.tools.memos.clear()

    line.pusher().push(message(item))

    account = line.package.terms(item.removeprefix("R/"))[0]["Account"]
    assert (line.package.documents[0]["Account"], line.package.count("cashflow/Receiv")) == (
        account,
        1,
    )


def test_an_invoice_that_is_gone_is_refused(line: Line) -> None:
    item = line.invoice()
    line.package.delete_entry(item.removeprefix("R/"))
    line.tools.memos.clear()
    with pytest.raises(RefusedError) as raised:
        line.pusher().look(message(item))

    assert raised.value.code == "exact.items_gone"


def test_a_relation_with_many_documents_is_looked_through(line: Line) -> None:
    account = line.package.add_account("Bakkerij De Wit")
    item = line.invoice(account)
    pusher = line.pusher()
    made = line.house.client()
    for number in range(10, 80):
        made.create(
            DOCUMENTS,
            {
                "Subject": f"x [maan k{number}]",
                "Type": 55,
                "Account": account,
                "DocumentDate": "2026-11-26T00:00:00Z",
            },
        )
        line.tools.clock.advance(200 if number % 20 == 0 else 0)  # so much a minute, no more
    last = line.package.documents[-1]["ID"]

    assert pusher.find_push(message(item, key="k79")) == f"document:{last}"


@pytest.mark.parametrize(
    ("choice", "field_", "value"),
    [
        ("block", "Blocked", True),
        ({"classification": 3, "value": CLASSIFICATION}, "Classification3", CLASSIFICATION),
    ],
)
@pytest.mark.parametrize("fault", [None, *AFTER[:4]])
def test_a_relation_is_changed_at_a_handover(
    line: Line, choice: Any, field_: str, value: object, *, fault: Fault | None
) -> None:
    line.choose(at_handover=choice)
    account = line.package.add_account("Bakkerij De Wit")
    item = line.invoice(account)
    if fault is not None:
        line.package.fault(fault, match="PUT ")

    line.pusher().push(handover(item))
    line.pusher().push(handover(item))

    assert (line.package.account(account)[field_], line.package.count("PUT ")) == (value, 1)


@pytest.mark.parametrize("fault", BEFORE)
def test_a_relation_that_was_not_changed_is_changed_the_next_time(line: Line, fault: Fault) -> None:
    line.choose(at_handover="block")
    account = line.package.add_account("Bakkerij De Wit")
    item = line.invoice(account)
    line.package.fault(fault, match="PUT ")
    with pytest.raises(UnavailableError):
        line.pusher().push(handover(item))

    line.pusher().push(handover(item))

    assert (line.package.account(account)["Blocked"], len(line.package.documents)) == (True, 1)


def test_what_a_pull_remembers_is_enough_to_know_the_relation(line: Line) -> None:
    account = line.package.add_account("Bakkerij De Wit")
    entry = line.package.add_invoice(account, terms=[("2026-10-01", "60"), ("2026-11-01", "61")])
    chosen = settings(base_url=line.package.url).model_copy(
        update={"division": line.package.division, "client_id": line.package.client_id}
    )
    line.tools.secrets = {"env:SECRET": line.package.client_secret}
    adapter = ExactAdapter(settings=chosen, tools=line.tools)
    for event in adapter.pull(None):
        if isinstance(event, Batch):
            line.tools.keep(event.memos)
    line.package.reset_count()

    adapter.push(message(f"R/{entry}#2"))

    adapter.close()
    assert (line.package.documents[0]["Account"], line.package.count("Receivables")) == (account, 0)
