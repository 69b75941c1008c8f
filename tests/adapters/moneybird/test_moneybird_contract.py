"""The contract of adapters, for Moneybird and its simulator."""

from typing import Final

import pytest

from adapters.moneybird.simulator import Fault as SimFault
from connector.testkit.contract import Ability, AdapterContract, Case, Fault, Mount
from connector.testkit.contract_books import BooksContract
from connector.testkit.contract_refresh import RefreshContract
from tests.adapters.moneybird.mount import ExternalMount, MoneybirdMount, TokenMount

FORM: Final = "test_other_form_of_known_rows_closes_nothing"
LASTS: Final = "test_fault_that_lasts_ends_in_the_right_error"
LOOKED_UP: Final = "test_write_without_an_answer_is_resolved_by_a_look_up"
OTHER_FORMS: Final = (
    (SimFault.RATE_HTML, Fault.RATE_LIMITED, LASTS),
    (SimFault.ERROR_BEFORE, Fault.AWAY_503, LASTS),
    (SimFault.RESET, Fault.WRITE_TIMEOUT_AFTER, LOOKED_UP),
    (SimFault.ERROR_BEFORE, Fault.WRITE_TIMEOUT_BEFORE, LOOKED_UP),
    (SimFault.ERROR_AFTER, Fault.WRITE_TIMEOUT_AFTER, LOOKED_UP),
    (SimFault.BAD_JSON, Fault.WRITE_TIMEOUT_AFTER, LOOKED_UP),
    (SimFault.HTML, Fault.WRITE_TIMEOUT_AFTER, LOOKED_UP),
    (SimFault.NUMBERS, Fault.TYPE_CHANGE, FORM),
)
BY_TOKEN: Final = (
    "test_bad_credentials_ask_for_a_person_and_nothing_loops",
    "test_bad_credentials_stop_a_refresh",
    "test_log_holds_nothing_confidential",
    "test_first_pull_gives_everything_that_is_open",
)


class TestMoneybirdContract(AdapterContract):
    def mount(self) -> Mount:
        return MoneybirdMount()


class TestExternalInvoicesAndReceipts(BooksContract, RefreshContract):
    left_out = {  # noqa: RUF012  # never changed
        Ability.CREDIT_NOTES: "an external invoice is credited in the package that made it",
        Ability.PUSHES: "reminders are sent about own invoices alone",
    }

    def mount(self) -> Mount:
        return ExternalMount()


@pytest.mark.parametrize(("shown", "fault", "name"), OTHER_FORMS)
def test_contract_holds_for_other_forms_of_a_fault(
    shown: SimFault, fault: Fault, name: str
) -> None:
    class Contract(AdapterContract):
        def mount(self) -> Mount:
            return MoneybirdMount({fault: shown})

    Contract().run(Case(name, fault))


@pytest.mark.parametrize("name", BY_TOKEN)
def test_contract_holds_with_a_personal_token(name: str) -> None:
    class Contract(AdapterContract):
        def mount(self) -> Mount:
            return TokenMount()

    Contract().run(Case(name))
