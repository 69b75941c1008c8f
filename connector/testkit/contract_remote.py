"""The contract about trouble: what an adapter does when the source is not well."""

import threading
from collections.abc import Sequence
from typing import Final

from connector.port.adapter import Adapter
from connector.port.errors import (
    AdapterError,
    AuthorisationError,
    ContractChangedError,
    RateLimitError,
    RecordError,
    RefusedError,
    UnavailableError,
)
from connector.port.records import ItemId
from connector.testkit.contract_cases import Contract, each, needs
from connector.testkit.mirror import Mirror, Pulled
from connector.testkit.mounts import Ability, Fault

_PATIENCE_SECONDS: Final = 60
_MOST_TRIES: Final = 12  # requests of one operation that can't succeed
_FORM: Final = (UnavailableError, ContractChangedError, RefusedError)
_ALLOWED: Final[dict[Fault, tuple[type[AdapterError], ...]]] = {
    Fault.BAD_CREDENTIALS: (AuthorisationError,),
    Fault.RATE_LIMITED: (RateLimitError,),
    Fault.AWAY_503: (UnavailableError,),
    Fault.RESET_MIDBODY: (UnavailableError,),
    Fault.TIMEOUT: (UnavailableError,),
    Fault.HTML_200: _FORM,
    Fault.INVALID_JSON: _FORM,
    Fault.TRUNCATED: _FORM,
    Fault.SHORT_LIST: _FORM,
    Fault.EMPTY_AFTER_ROWS: _FORM,
    Fault.UNKNOWN_FIELD: (),
    Fault.MISSING_FIELD: (ContractChangedError, RefusedError, RecordError),
    Fault.TYPE_CHANGE: (ContractChangedError, RefusedError, RecordError),
}
_PASSING: Final = (
    Fault.RATE_LIMITED, Fault.AWAY_503, Fault.RESET_MIDBODY, Fault.TIMEOUT, Fault.HTML_200,
    Fault.INVALID_JSON, Fault.TRUNCATED,
)  # fmt: skip
_UNSAID: Final = (Fault.SHORT_LIST, Fault.EMPTY_AFTER_ROWS)
_FORMS: Final = (Fault.MISSING_FIELD, Fault.TYPE_CHANGE)


class RemoteContract(Contract):
    """What may come of faults: the right error or success, and never a wrong conclusion."""

    @needs(Fault.BAD_CREDENTIALS)
    def test_bad_credentials_ask_for_a_person_and_nothing_loops(self) -> None:
        """Refused credentials raise AuthorisationError, after a few requests at most."""
        self.invoice()
        self.world.fault(Fault.BAD_CREDENTIALS, times=None)
        before = self.world.requests()

        pulled = self.pull()

        assert isinstance(pulled.error, AuthorisationError), f"raised {pulled.error!r}"
        assert self.world.requests() - before <= _MOST_TRIES, "it goes on asking"

    @needs(Fault.BAD_CREDENTIALS)
    def test_bad_credentials_stop_a_refresh(self) -> None:
        """A refresh with refused credentials raises AuthorisationError."""
        item = self.invoice()
        self.world.fault(Fault.BAD_CREDENTIALS, times=None)

        assert isinstance(self._refusal([item]), AuthorisationError)

    @needs(Fault.BAD_CREDENTIALS)
    def test_bad_credentials_in_mid_pass_close_nothing(self) -> None:
        """Credentials that are withdrawn during a pull end it; what is known stays."""
        self._is_tried_at_every_request(Fault.BAD_CREDENTIALS, times=None)

    @each(*_PASSING)
    def test_fault_that_passes_is_survived_or_ends_in_the_right_error(self, fault: Fault) -> None:
        """One bad answer, at every request in turn: retried, or the right error."""
        self._is_tried_at_every_request(fault, times=1)

    @each(*_PASSING)
    def test_fault_that_lasts_ends_in_the_right_error(self, fault: Fault) -> None:
        """A source that stays bad from some request on: the right error, and nothing closed."""
        self._is_tried_at_every_request(fault, times=None)

    @each(*_PASSING)
    def test_fault_that_lasts_is_not_asked_without_end(self, fault: Fault) -> None:
        """A source that stays bad is left alone after some tries, and nobody calls it complete."""
        self.invoices(pages=1)
        self.world.fault(fault, times=None)
        before = self.world.requests()

        pulled = self.pull()

        assert self.world.requests() - before <= _MOST_TRIES, "it goes on asking"
        assert not pulled.is_complete(), f"complete in spite of {fault}"

    @each(*_PASSING)
    def test_fault_in_a_refresh_is_said(self, fault: Fault) -> None:
        """A refresh that can't read raises the right error, or says that items are unreadable."""
        items = self.invoices(pages=1)[:2]
        self.pull_whole()
        self.world.fault(fault, times=None)

        adapter = self.adapter()
        try:
            told = adapter.refresh(items)
        except AdapterError as error:
            self._is_right(error, fault)
        else:
            assert not told.gone, f"{fault}, and open items are told as gone"
        finally:
            adapter.close()

    @needs(Fault.RATE_LIMITED)
    def test_rate_limit_says_how_long_to_wait(self) -> None:
        """A source that asks for patience ends in RateLimitError with the seconds."""
        self.invoices(pages=1)
        self.world.fault(Fault.RATE_LIMITED, times=None)

        error = self.pull().error

        assert isinstance(error, RateLimitError), f"raised {error!r}"
        after = error.facts.get("after")
        assert isinstance(after, int | float), f"`after` holds {after!r}"
        assert after > 0, "the seconds to wait must be more than none"

    @needs(Fault.RATE_LIMITED, Ability.RESUMES)
    def test_pull_that_was_cut_off_by_the_rate_limit_goes_on_later(self) -> None:
        """What was read before the limit is kept by a checkpoint, and not read again."""
        self.invoices(pages=1)
        last = self._requests_of_a_pull() - 1
        self.mirror = Mirror(tools=self.world.tools)
        self.world.fault(Fault.RATE_LIMITED, after=last, times=None)
        first = self.pull()
        self.world.heal()

        second = self.pull_whole()

        again = set(first.ids) & set(second.ids)
        assert len(again) <= self.world.rows_again, f"read again: {sorted(again)[:5]}"
        self.holds_truth()

    @each(*_UNSAID)
    def test_missing_rows_close_nothing(self, fault: Fault) -> None:
        """Rows that are missing from a bad answer are not ended, in a pull or in a full one."""
        self._is_tried_at_every_request(fault, times=None)

    @each(*_UNSAID, Fault.TRUNCATED)
    def test_missing_rows_in_a_full_pass_close_nothing(self, fault: Fault) -> None:
        """The same where everything is read again."""
        self._is_tried_at_every_request(fault, times=None, full=True)

    @needs(Fault.UNKNOWN_FIELD)
    def test_unknown_field_is_left_alone(self) -> None:
        """A field that nobody has heard of changes nothing."""
        self.invoices(pages=1)
        self.world.fault(Fault.UNKNOWN_FIELD, times=None)

        self.pull_whole()

        self.holds_truth()

    @each(*_FORMS)
    def test_other_form_of_rows_is_no_crash_and_no_guess(self, fault: Fault) -> None:
        """Rows in a form that can't be read are rejected or refused; none gets another amount."""
        self.invoices(pages=1)
        self.world.fault(fault, times=None)

        pulled = self.pull()

        self._is_right(pulled.error, fault)
        self.holds_nothing_closed()
        is_said = pulled.error is not None or pulled.rejected or not self._missing(pulled)
        assert is_said, "rows are missing, and nothing says so"

    @each(*_FORMS)
    def test_other_form_of_known_rows_closes_nothing(self, fault: Fault) -> None:
        """Items that were known are not ended because their rows took another form."""
        self.invoices(pages=1)
        self.pull_whole()
        self.world.fault(fault, times=None)

        pulled = self.pull(full=True)

        self._is_right(pulled.error, fault)
        self.holds_nothing_closed()
        self.world.heal()
        self.pull_whole(full=True)
        self.holds_truth()

    @needs(Ability.TOKENS, Fault.TOKEN_EXPIRY)
    def test_token_that_expires_in_mid_pass_is_renewed(self) -> None:
        """Whenever the token ends, it is renewed once and the pull gives everything."""
        self.invoices(pages=1)
        for after in range(self._requests_of_a_pull()):
            self.mirror, before = Mirror(tools=self.world.tools), self.world.renewals()
            self.world.fault(Fault.TOKEN_EXPIRY, after=after)

            self.pull_whole()

            self.holds_truth()
            assert self.world.renewals() - before == 1, "a token that ends is renewed once"

    @needs(Ability.TOKENS, Fault.TOKEN_EXPIRY)
    def test_renewed_token_is_kept(self) -> None:
        """What was renewed is in the vault: another process does not renew again."""
        self.invoices(pages=1)
        self.world.fault(Fault.TOKEN_EXPIRY)
        self.pull_whole()
        before = self.world.renewals()

        self.world.adapter(self.world.tools.beside()).refresh(list(self.true)[:1])

        assert self.world.renewals() == before, "the renewed token was not kept"

    @needs(Ability.TOKENS, Fault.TOKEN_EXPIRY)
    def test_two_processes_renew_once(self) -> None:
        """Two that meet the end of a token at once both succeed, and one of them renews."""
        some, *_ = self.invoices(pages=1)
        self.pull_whole()
        tools, before = self.world.tools, self.world.renewals()
        both = [self.world.adapter(tools), self.world.adapter(tools.beside())]
        for adapter in both:
            adapter.refresh([some])  # from here on both hold the token that will end
        tools.memos.clear()  # both pull from nothing
        self.world.fault(Fault.TOKEN_EXPIRY)

        pulls = _at_once(both)

        errors = [one.error for one in pulls if one.error is not None]
        assert len(pulls) == len(both), "a pull did not end, or it crashed"
        assert not errors, f"one of two processes failed: {errors[0]!r}"
        assert all(set(self.true) <= set(one.ids) for one in pulls), "a pull is not whole"
        assert self.world.renewals() - before == 1, "two processes must renew once"

    def test_log_holds_nothing_confidential(self) -> None:
        """No secret, name or bank account is in the log of a pull and a refresh."""
        items = self.invoices(pages=1)
        self.pull_whole()
        self.refresh(items[:2])

        text = self.world.tools.log.text()

        told = [number for number, one in enumerate(self.world.confidential) if one in text]
        assert not told, f"the log holds what is confidential, number {told} of the mount's list"

    @each(*_ALLOWED)
    def test_errors_hold_nothing_confidential(self, fault: Fault) -> None:
        """No secret, name or bank account is in an error, a rejection, or the log of a fault."""
        self.invoices(pages=1)
        self.world.fault(fault, times=None)

        pulled = self.pull()

        text = f"{pulled.error!r} {pulled.rejected!r} {self.world.tools.log.text()}"
        told = [number for number, one in enumerate(self.world.confidential) if one in text]
        assert not told, f"confidential, number {told} of the mount's list"

    def _is_tried_at_every_request(
        self, fault: Fault, *, times: int | None, full: bool = False
    ) -> None:
        """Let the fault come at each request of a pull in turn, of known items and of new ones."""
        self.invoices(pages=1)
        for start in (Mirror(tools=self.world.tools), self._mirror_of_all()):
            for after in range(self._requests_of_a_pull(start, full=full)):
                self.mirror = start.copy()
                self.world.fault(fault, after=after, times=times)

                pulled = self.pull(full=full)

                self._is_right(pulled.error, fault)
                self.holds_nothing_closed()
                self.world.heal()
                self.pull_whole(full=fault in _UNSAID)
                self.holds_truth()

    def _mirror_of_all(self) -> Mirror:
        self.mirror = Mirror(tools=self.world.tools)
        self.pull_whole()
        return self.mirror.copy()

    def _requests_of_a_pull(self, start: Mirror | None = None, *, full: bool = False) -> int:
        """Return how many requests a pull takes; one where it takes none."""
        self.mirror = Mirror(tools=self.world.tools) if start is None else start.copy()
        before = self.world.requests()
        self.pull_whole(full=full)
        return max(self.world.requests() - before, 1)

    def _is_right(self, error: AdapterError | None, fault: Fault) -> None:
        if error is not None:
            assert isinstance(error, _ALLOWED[fault]), f"{fault} ended in {error!r}"
            assert error.code, "an error must have a code"

    def _refusal(self, ids: list[ItemId]) -> AdapterError | None:
        try:
            self.refresh(ids)
        except AdapterError as error:
            return error
        return None

    def _missing(self, pulled: Pulled) -> set[ItemId]:
        return self.true.keys() - set(pulled.ids)


def _at_once(adapters: Sequence[Adapter]) -> list[Pulled]:
    """Pull with all adapters at the same time, each from nothing; what crashed is missing."""
    gate = threading.Barrier(len(adapters), timeout=_PATIENCE_SECONDS)
    pulls: list[Pulled] = []

    def pull(adapter: Adapter) -> None:
        gate.wait()
        pulls.append(Mirror().pull(adapter))

    threads = [threading.Thread(target=pull, args=(one,), daemon=True) for one in adapters]
    for thread in threads:
        thread.start()
    for thread, adapter in zip(threads, adapters, strict=True):
        thread.join(_PATIENCE_SECONDS)
        adapter.close()
    return pulls
