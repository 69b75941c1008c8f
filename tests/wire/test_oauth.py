import json
import threading
from datetime import timedelta

import pytest

from connector.port.errors import (
    AdapterError,
    AuthorisationError,
    ConflictError,
    ContractChangedError,
    RateLimitError,
    RefusedError,
    SettingsError,
    UnavailableError,
)
from connector.wire.oauth import FixedToken, TokenKeeper
from tests.wire.fakes import DiskFullError, FakeTools, KeptLog, MemoryVault, http
from tests.wire.grants import NAME, NOW, app, bearer, form, gives, in_vault, keeper, kept, refuses
from tests.wire.remote import Behaviour, Caller, fine, nobody, remote, resets, status


def test_token_of_the_vault_is_used() -> None:
    with remote(gives()) as it:
        headers = keeper(it, kept()).headers()

    assert (headers, it.asked) == (bearer("old"), [])


def test_without_a_token_a_person_connects_first() -> None:
    with remote(gives()) as it, pytest.raises(AuthorisationError, match="connect_first"):
        keeper(it, MemoryVault()).headers()


@pytest.mark.parametrize("text", ["nonsense", "[]", "{}", '{"access_token": ""}'])
def test_broken_token_asks_to_connect_again(text: str) -> None:
    with remote(gives()) as it, pytest.raises(AuthorisationError, match="connect_again"):
        keeper(it, MemoryVault({NAME: text})).headers()


def test_refresh_sends_our_credentials_in_the_body() -> None:
    with remote(gives()) as it:
        keeper(it, kept()).renew(bearer("old"))

    assert (form(it), "authorization" in it.asked[0].headers) == (
        {
            "grant_type": ["refresh_token"],
            "refresh_token": ["r1"],
            "client_id": ["our-id"],
            "client_secret": ["our-secret"],
        },
        False,
    )


def test_new_token_is_used_after_a_refresh() -> None:
    with remote(gives()) as it:
        one = keeper(it, kept())
        renewed = one.renew(one.headers())

    assert (renewed, one.headers()) == (True, bearer("new"))


def test_answer_without_a_refresh_token_keeps_the_old_one() -> None:
    vault = kept()
    with remote(gives()) as it:
        keeper(it, vault).renew(bearer("old"))

    assert in_vault(vault) == {
        "access_token": "new",
        "refresh_token": "r1",
        "scope": "sales_invoices",
        "token_type": "bearer",
    }


def test_new_refresh_token_replaces_the_old_one() -> None:
    vault = kept()
    with remote(gives(refresh_token="r2")) as it:
        keeper(it, vault).renew(bearer("old"))

    assert in_vault(vault)["refresh_token"] == "r2"


def test_end_of_the_old_token_is_not_the_end_of_the_new_one() -> None:
    vault = kept(expires_in=7200, expires_at=NOW)
    with remote(gives()) as it:
        one = keeper(it, vault)
        one.headers()
        one.headers()

    assert (len(it.asked), "expires_at" in in_vault(vault)) == (1, False)


def test_end_is_counted_by_our_own_clock() -> None:
    vault = kept()
    with remote(gives(expires_in=7200, expires_at=1)) as it:
        keeper(it, vault).renew(bearer("old"))

    assert in_vault(vault)["expires_at"] == NOW + 7200


@pytest.mark.parametrize(("left", "requests"), [(61, 0), (60, 1), (-5, 1)])
def test_token_is_renewed_a_minute_before_its_end(left: int, requests: int) -> None:
    with remote(gives()) as it:
        keeper(it, kept(expires_at=NOW + left)).headers()

    assert len(it.asked) == requests


def test_token_without_an_end_is_not_renewed_by_itself() -> None:
    tools = FakeTools()
    with remote(gives()) as it:
        one = keeper(it, kept(), tools)
        one.headers()
        tools.clock.sleep(timedelta(days=400).total_seconds())
        one.headers()

    assert it.asked == []


def test_token_that_still_works_is_used_when_the_remote_cant_renew_it() -> None:
    with remote(status(503)) as it:
        headers = keeper(it, kept(expires_at=NOW + 30)).headers()

    assert headers == bearer("old")


def test_token_that_ended_is_not_used() -> None:
    with remote(status(503)) as it, pytest.raises(UnavailableError):
        keeper(it, kept(expires_at=NOW)).headers()


def test_token_that_another_process_renewed_is_taken_over() -> None:
    vault = kept()
    with remote(gives()) as it:
        one = keeper(it, vault)
        refused = one.headers()
        vault.kept[NAME] = json.dumps({"access_token": "of-another", "refresh_token": "r2"})
        renewed = one.renew(refused)

    assert (renewed, one.headers(), it.asked) == (True, bearer("of-another"), [])


def test_two_that_renew_at_once_do_it_once() -> None:
    vault = kept()
    both = threading.Barrier(2)
    got = []

    def slowly(caller: Caller) -> None:
        caller.remote.released.wait(0.1)  # long enough for the other to come to the lock
        gives(refresh_token="r2")(caller)

    with remote(slowly, refuses("invalid_grant")) as it:

        def work() -> None:
            one = keeper(it, vault)
            refused = one.headers()
            both.wait()
            one.renew(refused)
            got.append(one.headers())

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert (got, len(it.asked)) == ([bearer("new"), bearer("new")], 1)


def test_two_that_see_the_end_coming_renew_once() -> None:
    vault = kept(expires_at=NOW + 5)
    both = threading.Barrier(2)
    got = []

    with remote(gives(refresh_token="r2", expires_in=7200), refuses("invalid_grant")) as it:

        def work() -> None:
            one = keeper(it, vault)
            both.wait()
            got.append(one.headers())

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert (got, len(it.asked)) == ([bearer("new"), bearer("new")], 1)


def test_new_token_is_in_the_vault_before_a_request_uses_it() -> None:
    vault = kept()
    seen = []

    def look(caller: Caller) -> None:
        used = caller.headers["Authorization"].removeprefix("Bearer ")
        seen.append((used, in_vault(vault)["access_token"]))
        caller.answer(401 if used == "old" else 200, b"[]")

    with remote(gives()) as tokens, remote(look) as it:
        http(it.origin, auth=keeper(tokens, vault)).read("GET", "/x")

    assert seen == [("old", "old"), ("new", "new")]


def test_token_that_could_not_be_kept_is_not_used() -> None:
    vault = kept()
    with remote(gives()) as tokens, remote(status(401)) as it:
        one = keeper(tokens, vault)
        one.headers()
        vault.broken = True
        with pytest.raises(DiskFullError):
            http(it.origin, auth=one).read("GET", "/x")

    assert ([asked.headers["authorization"] for asked in it.asked], one.headers()) == (
        ["Bearer old"],
        bearer("old"),
    )


def test_after_a_crash_the_kept_token_is_used() -> None:
    vault = kept()
    with remote(gives(refresh_token="r2"), refuses("invalid_grant")) as it:
        keeper(it, vault).renew(bearer("old"))
        headers = keeper(it, vault).headers()

    assert headers == bearer("new")


def test_token_that_cant_be_renewed_offers_nothing_new() -> None:
    with remote(gives()) as it:
        renewed = keeper(it, kept(refresh_token=None)).renew(bearer("old"))

    assert (renewed, it.asked) == (False, [])


@pytest.mark.parametrize(
    ("trouble", "error", "code"),
    [
        (refuses("invalid_grant"), AuthorisationError, "connect_again"),
        (refuses("invalid_grant", 401), AuthorisationError, "connect_again"),
        (refuses("invalid_client", 401), AuthorisationError, "oauth_client"),
        (refuses("invalid_scope"), RefusedError, "wire_refused"),
        (refuses("Jansen <NL00>"), RefusedError, "wire_refused"),
        (status(500), UnavailableError, "wire_unavailable"),
        (status(403, b"<html>"), UnavailableError, "wire_unavailable"),
        (resets, UnavailableError, "wire_unavailable"),
        (status(429, Retry_After="30"), RateLimitError, "wire_rate_limited"),
        (status(307, Location="/elsewhere"), ContractChangedError, "wire_redirected"),
        (fine(b"<html>"), ContractChangedError, "wire_no_token"),
        (fine(b"[]"), ContractChangedError, "wire_no_token"),
        (fine(b"{}"), ContractChangedError, "wire_no_token"),
        (fine(b'{"access_token":"a\\nb"}'), AuthorisationError, "token_unusable"),
    ],
)
def test_trouble_at_the_token_endpoint_keeps_the_token(
    trouble: Behaviour, error: type[AdapterError], code: str
) -> None:
    vault = kept()
    before = dict(vault.kept)
    with remote(trouble) as it, pytest.raises(error) as raised:
        keeper(it, vault).renew(bearer("old"))
    assert (raised.value.code, vault.kept, "Jansen <" in str(raised.value), len(it.asked)) == (
        code,
        before,
        False,
        1,
    )


def test_token_endpoint_that_is_away_is_unavailable() -> None:
    one = TokenKeeper(app(nobody()), name=NAME, tools=FakeTools(vault=kept()))

    with pytest.raises(UnavailableError, match="wire_unavailable"):
        one.renew(bearer("old"))


def test_vault_that_somebody_else_keeps_is_busy() -> None:
    class Busy(MemoryVault):
        def lock(self, name: str) -> None:  # type: ignore[override]  # it never gets that far
            raise ConflictError("vault_busy")

    with remote(gives()) as it, pytest.raises(UnavailableError, match="token_busy"):
        keeper(it, Busy(kept().kept)).renew(bearer("old"))


def test_secrets_stay_out_of_the_log() -> None:
    tools = FakeTools(log=KeptLog())
    with remote(status(503)) as it:
        keeper(it, kept(expires_at=NOW + 30), tools).headers()

    assert tools.log.lines == [("token_not_renewed", {"connection": NAME})]


def test_tokens_are_never_asked_for_in_the_clear() -> None:
    with pytest.raises(SettingsError, match="wire_plain_http"):
        TokenKeeper(app("http://remote.example"), name=NAME, tools=FakeTools())


def test_fixed_token_is_asked_for_at_each_request() -> None:
    tokens = iter(["one\n", "two"])
    fixed = FixedToken(lambda: next(tokens))

    assert (fixed.headers(), fixed.headers(), fixed.renew({})) == (
        bearer("one"),
        bearer("two"),
        False,
    )


@pytest.mark.parametrize("token", ["", "  ", "a b", "a\nb", "é", "a\x00"])
def test_what_cant_be_a_token_is_not_sent(token: str) -> None:
    with pytest.raises(AuthorisationError, match="token_unusable"):
        FixedToken(lambda: token).headers()
