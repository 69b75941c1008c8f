"""The front of the simulated package: quota, faults, tokens, then the API; all is recorded."""

import hashlib
import threading
from dataclasses import replace
from urllib.parse import parse_qsl

from adapters.moneybird import sim_api, sim_faults, sim_render
from adapters.moneybird.sim_call import Call, RefusalError, refusal, reply
from adapters.moneybird.sim_faults import Answer, Fault, Faults
from adapters.moneybird.sim_oauth import Grant, Tokens
from adapters.moneybird.sim_quota import Quota
from adapters.moneybird.sim_server import Outcome, Recorded, Request
from adapters.moneybird.sim_world import Bill, World

_ROOT = "/api/v2/"
_LINK_SECONDS = 30
_PDF = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
4 0 obj<</Title(%s)>>endobj
trailer<</Root 1 0 R/Info 4 0 R/Size 5>>
%%%%EOF
"""


class Front:
    """Answers requests one at a time."""

    def __init__(self, world: World, tokens: Tokens, lock: threading.RLock) -> None:
        self.world = world
        self.tokens = tokens
        self.faults = Faults()
        self.has_quota = True
        self.keeps_answers = True
        self.url = self.files_url = ""
        self.requests: list[Recorded] = []
        self.file_requests: list[Recorded] = []
        self.refused = 0
        self._lock = lock
        self._quotas = {"all": Quota(150), "reports": Quota(50)}
        self._links: dict[str, tuple[float, str]] = {}

    def serve(self, request: Request) -> Outcome:
        """Answer the API and the OAuth pages."""
        with self._lock:
            outcome = self._outcome(request)
            self.requests.append(self._recorded(request, outcome))
        return outcome

    def serve_file(self, request: Request) -> Outcome:
        """Answer the other origin, where the files lie for half a minute."""
        with self._lock:
            ends, number = self._links.get(request.path, (0.0, ""))
            outcome = Outcome(answer=Answer(status=403, body=b"expired", content_type="text/plain"))
            if self._now() < ends:
                body = _PDF % number.encode("latin-1", "replace")
                outcome = Outcome(
                    answer=Answer(status=200, body=body, content_type="application/pdf"),
                )
            self.file_requests.append(self._recorded(request, outcome))
        return outcome

    def _now(self) -> float:
        return self.world.clock.now().timestamp()

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
            fault=outcome.fault,
        )

    def _outcome(self, request: Request) -> Outcome:
        if not request.path.startswith(_ROOT):
            return self._with_fault(request)
        quota = self._quotas["reports" if "/reports/" in request.path else "all"]
        if self.has_quota and not quota.take(self._now()):
            self.refused += 1
            return Outcome(answer=self._throttled(quota))
        outcome = self._with_fault(request)
        if not self.has_quota or outcome.fault is Fault.RATE_HTML:
            return outcome
        headers = tuple(quota.headers(self._now()).items())
        answer = replace(outcome.answer, headers=outcome.answer.headers + headers)
        return replace(outcome, answer=answer)

    def _throttled(self, quota: Quota) -> Answer:
        return replace(reply("Retry later", 429), headers=tuple(quota.refusal(self._now()).items()))

    def _with_fault(self, request: Request) -> Outcome:
        due = self.faults.due(request.line)
        if due is None:
            return Outcome(answer=self._answer(request))
        kind, fields = due
        if kind is Fault.RATE_JSON:
            quota = self._quotas["all"]
            retry = str(
                int(self._now()) + 60 if quota.started is None else int(quota.started) + 300
            )
            return Outcome(
                answer=reply("Retry later", 429).header("Retry-After", retry), fault=kind
            )
        if kind is Fault.EXPIRE:
            self.tokens.revoke(_token(request))
        instead = sim_faults.instead(kind)
        if instead is not None:
            return Outcome(answer=instead, fault=kind)
        spoilt = sim_faults.spoil(kind, self._answer(request), fields, self.files_url)
        return Outcome(answer=spoilt, fault=kind)

    def _answer(self, request: Request) -> Answer:
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        if request.path == "/oauth/authorize":
            return self.tokens.authorize(query)
        if request.path == "/oauth/token" and request.method == "POST":
            return self.tokens.exchange(dict(parse_qsl(request.body.decode())))
        try:
            return self._api(request, query)
        except RefusalError as error:
            return error.answer

    def _api(self, request: Request, query: dict[str, str]) -> Answer:
        grant = self.tokens.grant(_token(request))
        if grant is None:
            raise refusal(401, "unauthorized", token="invalid")  # noqa: S106  # a code, no secret
        if not request.path.startswith(_ROOT):
            raise refusal(404, "Not found")
        first, *parts = request.path.removeprefix(_ROOT).removesuffix(".json").split("/")
        if first == "administrations" and not parts:
            books = (one for one in self.world.books.values() if _reaches(grant, one.id))
            return reply([sim_render.administration(one) for one in books])
        book = self.world.books.get(int(first)) if first.isdecimal() else None
        if book is None or not _reaches(grant, book.id):
            raise refusal(404, "record not found", administration_id="not_found")
        call = Call(
            world=self.world,
            book=book,
            grant=grant,
            method=request.method,
            query=query,
            body=request.body,
            url=f"{self.url}{request.path}",
            files=self._link,
        )
        return sim_api.answer(call, parts)

    def _link(self, bill: Bill) -> str:
        """Make a temporary address at the other origin."""
        code = hashlib.sha256(f"file {self.world.new_id()}".encode()).hexdigest()
        path = f"/files/{code}"
        self._links[path] = (self._now() + _LINK_SECONDS, str(bill.number))
        return f"{self.files_url}{path}"


def _token(request: Request) -> str:
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def _reaches(grant: Grant, administration: int) -> bool:
    return grant.administrations is None or administration in grant.administrations
