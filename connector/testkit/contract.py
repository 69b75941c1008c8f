"""What every adapter must do, as tests that its author inherits.

    class TestMyContract(AdapterContract):
        left_out = {Ability.PUSHES: "the package has no way to be told"}

        def mount(self) -> Mount:
            return MyMount()

pytest runs the tests of the class; `mount` starts a source that the tests can change. What a
source can't show stands in `left_out` with the reason: those tests are not run, and a test holds
that exactly the rest can be shown, so that nothing is missing in silence.
"""

from connector.testkit.contract_books import BooksContract
from connector.testkit.contract_budget import BudgetContract
from connector.testkit.contract_cases import Case
from connector.testkit.contract_passes import PassContract
from connector.testkit.contract_push import PushContract
from connector.testkit.contract_refresh import RefreshContract
from connector.testkit.contract_remote import RemoteContract
from connector.testkit.mounts import Ability, Fault, Mount

__all__ = ["Ability", "AdapterContract", "Case", "Fault", "Mount"]


class AdapterContract(
    BooksContract, RefreshContract, PassContract, RemoteContract, BudgetContract, PushContract
):
    """All that the house relies on."""

    def test_says_what_it_leaves_out(self) -> None:
        """What the mount can show and what is left out are together everything, with reasons."""
        shown = {*self.world.abilities, *self.world.faults}
        everything: set[Ability | Fault] = {*Ability, *Fault}

        silent = sorted(everything - shown - self.left_out.keys())
        assert not silent, f"neither shown nor left out: {silent}"
        both = sorted(shown & self.left_out.keys())
        assert not both, f"left out, although the mount can show it: {both}"
        blank = sorted(one for one, reason in self.left_out.items() if not reason.strip())
        assert not blank, f"left out without a reason: {blank}"
