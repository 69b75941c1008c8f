"""Adapters that go over the source wrongly, or draw wrong conclusions from trouble."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from connector.port.adapter import PushOrder, PushVerb, Refreshed
from connector.port.errors import (
    AdapterError,
    AuthorisationError,
    OutcomeUnknownError,
    RateLimitError,
    UnavailableError,
)
from connector.port.records import Batch, ItemId, Kind, KindEnd, PullEnd, PullEvent
from tests.testkit.shop_adapter import Cursor, ShopAdapter, number_of


class ReadsAllAgain(ShopAdapter):
    def read_cursor(self, text: str | None) -> Cursor:
        return Cursor()


class TrustsCursors(ShopAdapter):
    def read_cursor(self, text: str | None) -> Cursor:
        return Cursor(**json.loads(text)) if text else Cursor()


class TakesForeignCursors(ShopAdapter):
    def read_cursor(self, text: str | None) -> Cursor:
        try:
            return Cursor(**json.loads(text)) if text else Cursor()
        except (ValueError, TypeError):
            return Cursor()


class NeverReadsAll(ShopAdapter):
    def pull(
        self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
    ) -> Iterator[PullEvent]:
        return super().pull(cursor, full=False, accept_empty=accept_empty)


class AsksTwice(ShopAdapter):
    def pages(self, at: Cursor) -> Iterator[dict[str, Any]]:
        self.ask(lambda: self.server.get(self.token["access"], 0, 0, "key"))
        return super().pages(at)


class CountsNothing(ShopAdapter):
    def pull(
        self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
    ) -> Iterator[PullEvent]:
        for event in super().pull(cursor, full=full, accept_empty=accept_empty):
            yield replace(event, requests=0) if isinstance(event, PullEnd) else event


class EndsFirst(ShopAdapter):
    def pull(
        self, cursor: str | None, *, full: bool = False, accept_empty: bool = False
    ) -> Iterator[PullEvent]:
        events = list(super().pull(cursor, full=full, accept_empty=accept_empty))
        yield from (one for one in events if isinstance(one, KindEnd))
        yield from (one for one in events if not isinstance(one, KindEnd))


class PagesByPlace(ShopAdapter):
    paging = "place"

    def next_start(self, start: int, rows: list[dict[str, Any]]) -> int:
        return start + len(rows)


class MarksTooEarly(ShopAdapter):
    """Says that a page may be kept before it was handed over."""

    def told(self, batch: Batch, at: Cursor) -> Iterator[Batch]:
        yield Batch(checkpoint=at.write())
        yield batch


class NeverMarks(ShopAdapter):
    def told(self, batch: Batch, at: Cursor) -> Iterator[Batch]:
        yield batch


class MarksFromTheStart(ShopAdapter):
    """Offers a checkpoint from which everything comes again."""

    def told(self, batch: Batch, at: Cursor) -> Iterator[Batch]:
        yield replace(batch, checkpoint=Cursor().write())


class ClosesAfterResuming(ShopAdapter):
    def end(self, kind: Kind, *, complete: bool, snapshot: bool, as_of: Any) -> KindEnd:
        return super().end(kind, complete=complete, snapshot=True, as_of=as_of)


class GoesOnFromTheEnd(ShopAdapter):
    """Takes the version at the end of the pass: what changed meanwhile is lost."""

    def pages(self, at: Cursor) -> Iterator[dict[str, Any]]:
        for page in super().pages(at):
            at.until = page["version"]
            yield page


class BelievesShortLists(ShopAdapter):
    def check(self, page: dict[str, Any], *, promised: bool) -> None:
        pass


class ComparesShortLists(BelievesShortLists):
    """Closes in every pass what it does not see."""

    def read_cursor(self, text: str | None) -> Cursor:
        return Cursor()


class BelievesEmptyLists(ShopAdapter):
    def check(self, page: dict[str, Any], *, promised: bool) -> None:
        super().check(page, promised=False)

    def knew_rows(self, cursor: str | None) -> bool:
        return False


class EndsWellInTrouble(ShopAdapter):
    def pages(self, at: Cursor) -> Iterator[dict[str, Any]]:
        try:
            yield from super().pages(at)
        except AdapterError:
            self.tools.log.warning("shop_trouble")


class RaisesForeignErrors(ShopAdapter):
    def parse(self, text: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(text)
        return answer


class CallsTroubleARefusal(ShopAdapter):
    def ask(self, send: Any, *, is_write: bool = False) -> dict[str, Any]:
        try:
            return super().ask(send, is_write=is_write)
        except UnavailableError as error:
            raise AuthorisationError("shop_connect_again") from error


class AsksWithoutEnd(ShopAdapter):
    def ask(self, send: Any, *, is_write: bool = False) -> dict[str, Any]:
        for _ in range(50):
            try:
                return super().ask(send, is_write=is_write)
            except AdapterError:
                continue
        raise UnavailableError("shop_away")


class SpendsUnasked(ShopAdapter):
    def spend(self) -> None:
        pass


class AsksFirst(ShopAdapter):
    """Counts only what was answered."""

    def send(self, send: Any) -> tuple[int, str]:
        answer: tuple[int, str] = send()
        self.spend()
        return answer


class SpendsTheReserve(ShopAdapter):
    def spend(self) -> None:
        self.is_urgent = True
        super().spend()


class NeverUrgent(ShopAdapter):
    def spend(self) -> None:
        self.is_urgent = False
        super().spend()


class RefreshesAlwaysUrgently(ShopAdapter):
    def refresh(self, ids: Sequence[ItemId], *, urgent: bool = True) -> Refreshed:
        return super().refresh(ids)


class PullsNowAsEver(ShopAdapter):
    def pull_now(self, cursor: str | None) -> Iterator[PullEvent]:
        return self.pull(cursor)


class SaysNotHowLong(ShopAdapter):
    def ask(self, send: Any, *, is_write: bool = False) -> dict[str, Any]:
        try:
            return super().ask(send, is_write=is_write)
        except RateLimitError as error:
            raise RateLimitError("shop_busy") from error


class TellsGoneInTrouble(ShopAdapter):
    def send(self, send: Any) -> tuple[int, str]:
        try:
            return super().send(send)
        except UnavailableError:
            return 200, '{"rows": [], "more": false, "count": 0, "version": 0, "notes": []}'


class NeverRenews(ShopAdapter):
    def renew(self) -> None:
        raise AuthorisationError("shop_connect_again")


class RenewsBlindly(ShopAdapter):
    """Does not look whether another process renewed already."""

    def renew(self) -> None:
        renewed = self.server.renew(self.token["refresh"])
        if renewed is None:
            raise AuthorisationError("shop_connect_again")
        self.tools.vault.write("shop:token", json.dumps(renewed))
        self.token = renewed


class ForgetsRenewed(ShopAdapter):
    def renew(self) -> None:
        renewed = self.server.renew(self.token["refresh"])
        if renewed is None:
            raise AuthorisationError("shop_connect_again")
        self.token = renewed


class LogsTokens(ShopAdapter):
    def send(self, send: Any) -> tuple[int, str]:
        self.tools.log.info("request", headers=self.token)
        return super().send(send)


class TellsTokensInErrors(ShopAdapter):
    def ask(self, send: Any, *, is_write: bool = False) -> dict[str, Any]:
        try:
            return super().ask(send, is_write=is_write)
        except UnavailableError as error:
            raise UnavailableError(error.code, token=self.token["access"]) from error


class DiesWhenClosed(ShopAdapter):
    def close(self) -> None:
        del self.token


class PushesAgain(ShopAdapter):
    def push(self, order: PushOrder) -> str:
        return self.write(order)


class PushesAgainAfterSilence(ShopAdapter):
    def write(self, order: PushOrder) -> str:
        try:
            return super().write(order)
        except OutcomeUnknownError:
            return super().write(order)


class CallsSilenceNothingDone(ShopAdapter):
    def write(self, order: PushOrder) -> str:
        try:
            return super().write(order)
        except OutcomeUnknownError as error:
            raise UnavailableError("shop_away") from error


class BelievesSilence(ShopAdapter):
    def write(self, order: PushOrder) -> str:
        try:
            return super().write(order)
        except OutcomeUnknownError:
            return f"note-{number_of(order.items[0])}-1"


class FindsNothing(ShopAdapter):
    def find_push(self, order: PushOrder) -> str | None:
        return None


class FindsOthers(ShopAdapter):
    """Takes any trace of the item for ours."""

    def find_push(self, order: PushOrder) -> str | None:
        return f"note-{number_of(order.items[0])}-1"


class FindsOtherReferences(ShopAdapter):
    def push(self, order: PushOrder) -> str:
        return super().find_push(order) or f"!{self.write(order)}"


class OffersNoVerbs(ShopAdapter):
    verbs = frozenset()


class OffersUntriedVerbs(ShopAdapter):
    verbs = frozenset({PushVerb.REMIND, PushVerb.PAUSE})


class PullsOnce(ShopAdapter):
    """Keeps a place of its own, which a second pull goes on from."""

    at: Cursor | None = None

    def read_cursor(self, text: str | None) -> Cursor:
        self.at = self.at or super().read_cursor(text)
        return self.at
