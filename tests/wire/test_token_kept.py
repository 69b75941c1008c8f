"""A token survives a busy store and an impatient token endpoint."""

import json

import pytest

from connector.port.errors import ConflictError, UnavailableError
from connector.wire.oauth import OUT_OF_BAND
from tests.wire.fakes import FakeTools, MemoryVault
from tests.wire.grants import NAME, NOW, bearer, gives, in_vault, keeper, kept, refuses
from tests.wire.remote import remote, status


def test_new_token_is_kept_as_soon_as_the_store_is_free() -> None:
    vault, tools = kept(), FakeTools()
    with remote(gives(refresh_token="r2"), refuses("invalid_grant")) as it:
        one = keeper(it, vault, tools)
        vault.busy = 3
        renewed = one.renew(bearer("old"))

    assert (renewed, in_vault(vault)["refresh_token"], tools.clock.slept) == (True, "r2", [1, 2, 5])


def test_new_token_is_held_on_to_for_minutes_under_the_lock() -> None:
    class Locked(MemoryVault):
        held = 0

        def write(self, name: str, value: str) -> None:
            self.held += self._lock.locked()
            super().write(name, value)

    vault, tools = Locked(kept().kept), FakeTools()
    with remote(gives(refresh_token="r2")) as it:
        one = keeper(it, vault, tools)
        vault.busy = 1000
        with pytest.raises(UnavailableError, match="store_busy"):
            one.renew(bearer("old"))

    assert (sum(tools.clock.slept) >= 120, vault.held, one.headers()) == (True, 9, bearer("old"))


def test_token_that_could_not_be_kept_is_kept_later_and_not_renewed_twice() -> None:
    vault = kept()
    with remote(gives(refresh_token="r2"), refuses("invalid_grant")) as it:
        one = keeper(it, vault)
        vault.busy = 9
        with pytest.raises(UnavailableError):
            one.renew(bearer("old"))
        renewed = one.renew(bearer("old"))

    assert (renewed, one.headers(), in_vault(vault)["refresh_token"], len(it.asked)) == (
        True,
        bearer("new"),
        "r2",
        1,
    )


def test_token_that_was_never_kept_gives_way_to_that_of_another_process() -> None:
    vault = kept()
    with remote(gives(refresh_token="r2"), gives(access_token="newer")) as it:
        one = keeper(it, vault)
        vault.busy = 9
        with pytest.raises(UnavailableError):
            one.renew(bearer("old"))
        vault.kept[NAME] = json.dumps({"access_token": "other", "refresh_token": "r3"})
        one.renew(bearer("other"))

    assert one.headers() == bearer("newer")


def test_code_is_not_lost_to_a_busy_store() -> None:
    vault = MemoryVault()
    vault.busy = 2
    with remote(gives(refresh_token="r2")) as it:
        one = keeper(it, vault)
        one.accept(one.consent(OUT_OF_BAND), "code", OUT_OF_BAND)

    assert in_vault(vault)["refresh_token"] == "r2"


def test_store_too_busy_to_read_a_token_is_unavailable() -> None:
    class Busy(MemoryVault):
        def read(self, name: str) -> str | None:
            raise ConflictError("store_busy")

    with remote(gives()) as it:
        one = keeper(it, Busy())
        with pytest.raises(UnavailableError, match="store_busy"):
            one.scopes()


def test_too_many_requests_for_a_token_do_not_fail_a_call_whose_token_is_good() -> None:
    with remote(status(429, Retry_After="40"), gives()) as it:
        headers = keeper(it, kept(expires_at=NOW + 30)).headers()

    assert headers == bearer("old")


def test_token_is_not_renewed_ahead_again_before_the_remote_allows_it() -> None:
    tools = FakeTools()
    with remote(status(429, Retry_After="20"), gives()) as it:
        one = keeper(it, kept(expires_at=NOW + 30), tools)
        early = [one.headers(), one.headers()]
        tools.clock.sleep(20)
        late = one.headers()

    assert (early, late, len(it.asked)) == ([bearer("old")] * 2, bearer("new"), 2)


def test_lock_that_somebody_keeps_does_not_fail_a_call_whose_token_is_good() -> None:
    class Busy(MemoryVault):
        def lock(self, name: str) -> None:  # type: ignore[override]  # it never gets that far
            raise ConflictError("vault_busy")

    with remote(gives()) as it:
        headers = keeper(it, Busy(kept(expires_at=NOW + 30).kept)).headers()

    assert headers == bearer("old")
