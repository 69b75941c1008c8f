"""The front of the simulated package: limits, faults, tokens, then the API; all is recorded."""

import contextlib
import json
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import parse_qsl, unquote

from adapters.exact import sim_acts, sim_catalogue, sim_faults, sim_hooks
from adapters.exact.sim_api import ROOT, Api, bearer, query_of
from adapters.exact.sim_faults import Answer, Fault, Faults, error
from adapters.exact.sim_limits import COUNTED, ErrorBlock, Headers, Windows
from adapters.exact.sim_server import Outcome, Recorded, Request
from adapters.exact.sim_world import MATCHED, number_of

_TOKEN, _CONSENT = "/api/oauth2/token", "/api/oauth2/auth"  # paths, no secret


class Front:
    """Answers requests one at a time."""

    def __init__(self, api: Api, lock: threading.RLock) -> None:
        self.api = api
        self.faults = Faults()
        self.has_limits = True
        self.keeps_answers = True
        self.requests: list[Recorded] = []
        self.over_limit = 0
        self.blocked_calls = 0
        self.errors = ErrorBlock(api.world.ways)
        self._windows: dict[int, Windows] = {}
        self._lock = lock

    def windows(self, division: int) -> Windows:
        """Return the windows of a division."""
        return self._windows.setdefault(division, Windows(self.api.world.ways))

    def serve(self, request: Request) -> Outcome:
        """Answer the API and the OAuth pages."""
        # A callback is asked before the lock is taken: who answers may want to look in here.
        callback = self._callback(request)
        with self._lock:
            outcome = self._outcome(request, callback)
            date = format_datetime(self._now().astimezone(UTC), usegmt=True)
            outcome = replace(outcome, answer=outcome.answer.header("Date", date))
            self.requests.append(self._recorded(request, outcome))
        return outcome

    def _now(self) -> datetime:
        return self.api.world.clock.now()

    def _callback(self, request: Request) -> int | None:
        if request.method != "POST" or not request.path.endswith(sim_catalogue.SUBSCRIPTIONS):
            return None
        with contextlib.suppress(ValueError, TypeError, KeyError):
            return sim_hooks.post(_json(request)["CallbackURL"])
        return None

    def _recorded(self, request: Request, outcome: Outcome) -> Recorded:
        answer = outcome.answer
        kept = self.keeps_answers and outcome.fault is not Fault.HUGE
        headers = {"content-type": answer.content_type}
        return Recorded(
            method=request.method,
            path=request.path,
            query=request.query,
            headers=request.headers,
            body=request.body,
            status=answer.status,
            answer=answer.body if kept else b"",
            answer_headers=headers | {name.lower(): value for name, value in answer.headers},
            at=self._now(),
            fault=outcome.fault,
        )

    def _outcome(self, request: Request, callback: int | None) -> Outcome:
        kind, fields = self.faults.due(request.line) or (None, ())
        if request.path == _CONSENT:
            return Outcome(answer=self.api.tokens.authorize(query_of(request)))
        if request.path == _TOKEN:
            return self._token(request, kind)
        if not request.path.startswith(ROOT):
            return Outcome(answer=error(404, "Not found"))
        return self._limited(request, kind, fields, callback)

    def _token(self, request: Request, kind: Fault | None) -> Outcome:
        if request.method != "POST":
            return Outcome(answer=error(405, "Method not allowed"))
        instead = None if kind is None else sim_faults.instead(kind)
        if instead is not None:
            return Outcome(answer=instead, fault=kind)
        form = dict(parse_qsl(request.body.decode()))
        answer = self.api.tokens.exchange(form, kind)
        if kind is not None:
            answer = sim_faults.spoil(kind, answer, (), self.api.url)
        return Outcome(answer=answer, fault=kind)

    def _limited(
        self,
        request: Request,
        kind: Fault | None,
        fields: tuple[str, ...],
        callback: int | None,
    ) -> Outcome:
        if not self.has_limits:
            return self._faulted(request, kind, fields, callback)
        now = self._now()
        code, endpoint = self._place(request)
        windows = self.windows(code)
        full = windows.take(now)
        if full is not None:
            self.over_limit += 1
            return Outcome(answer=_too_many(windows.headers(now, full)))
        if self.errors.holds(code, endpoint, now.timestamp()):
            self.blocked_calls += 1
            blocked = Answer(status=self.api.world.ways.block_status, content_type="text/plain")
            return Outcome(answer=replace(blocked, headers=windows.headers(now)))
        outcome = self._faulted(request, kind, fields, callback)
        if outcome.answer.status in COUNTED:
            self.errors.count(code, endpoint, now.timestamp())
        said: Headers = ()
        match kind:
            case Fault.NO_HEADERS_429:
                pass
            case Fault.RATE:
                said = windows.headers(now, "minute", spent=True)
            case Fault.RATE_DAY:
                said = windows.headers(now, "day", spent=True)
            case _:
                said = windows.headers(now)
        answer = replace(outcome.answer, headers=outcome.answer.headers + said)
        return replace(outcome, answer=answer)

    def _place(self, request: Request) -> tuple[int, str]:
        """Return the division that a request counts for, and its endpoint."""
        first, _, rest = request.path.removeprefix(ROOT).partition("/")
        code = int(first) if first.isdecimal() else self.api.package.current
        return code, unquote(rest).partition("(")[0].removesuffix("/$count")

    def _faulted(
        self,
        request: Request,
        kind: Fault | None,
        fields: tuple[str, ...],
        callback: int | None,
    ) -> Outcome:
        if kind is Fault.EXPIRE:
            self.api.tokens.expire(bearer(request))
        instead = None if kind is None else sim_faults.instead(kind)
        if instead is not None:
            return Outcome(answer=instead, fault=kind)
        answer = self.api.answer(request, callback)
        if kind is Fault.TERMS_REPLACED_MID_PASS:
            self._replace_a_term(request, answer)
        elif kind is not None:
            url = f"{self.api.url}{request.path}?{request.query}"
            answer = sim_faults.spoil(kind, answer, fields, url)
        return Outcome(answer=answer, fault=kind)

    def _replace_a_term(self, request: Request, answer: Answer) -> None:
        """Edit the entry of the first open term on the page that was just rendered."""
        division = self.api.world.divisions[self._place(request)[0]]
        for number in re.findall(rb'"ID":"[0-9a-f-]{24}([0-9a-f]{12})"', answer.body):
            term = division.terms.get(number_of(number.decode()))
            if term is not None and term.status != MATCHED:
                sim_acts.regenerate(self.api.world, term.entry)
                return


def _too_many(headers: tuple[tuple[str, str], ...]) -> Answer:
    return Answer(status=429, content_type="text/plain", headers=headers)


def _json(request: Request) -> dict[str, str]:
    value: dict[str, str] = json.loads(request.body)
    return value
