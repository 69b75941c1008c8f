"""Where a request to the simulated API goes: rights, resources, and the few odd endpoints."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field, replace
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote

from adapters.exact import sim_catalogue, sim_odata, sim_writes
from adapters.exact.sim_call import Call, RefusalError, Resource, found, refusal
from adapters.exact.sim_columns import Head, writer
from adapters.exact.sim_faults import Answer, unauthorized
from adapters.exact.sim_hooks import Hooks
from adapters.exact.sim_oauth import Tokens
from adapters.exact.sim_relations import Relations
from adapters.exact.sim_server import Request
from adapters.exact.sim_tables import ME
from adapters.exact.sim_world import Division, World

ROOT = "/api/v1/"

_KEYED = re.compile(r"(?P<path>[^()]+)\((?P<key>[^()]*)\)")
_ATOM = b'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"></feed>'


@dataclass(slots=True, kw_only=True)
class Api:
    """The API without its limits.

    Attributes:
        keeps_pages: Whether what was rendered is kept while nothing changes.
    """

    world: World
    tokens: Tokens
    package: Relations
    hooks: Hooks
    url: str = ""
    keeps_pages: bool = False
    _pages: dict[tuple[str, str], Answer] = field(default_factory=dict)
    _state: tuple[object, ...] = ()
    _resources: Mapping[str, Resource] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._resources = sim_catalogue.catalogue(self.world, lambda: self.package.current)

    def answer(self, request: Request, callback: int | None) -> Answer:
        """Answer a request; callback: with what status a new webhook's answered."""
        problem = self.tokens.problem(bearer(request))
        if problem is not None:
            return unauthorized(problem)
        try:
            return self._api(request, callback)
        except RefusalError as refused:
            return refused.answer

    def rows(self, path: str, rows: Iterable[Any]) -> list[dict[str, Any]]:
        """Return rows as a resource would show them, with all their columns."""
        resource = self._resources[path]
        head = Head(url=path, type_name=resource.type_name, key=resource.key)
        write = writer(resource.columns, list(resource.columns), head)
        return [json.loads(write(row), parse_float=Decimal) for row in rows]

    def _api(self, request: Request, callback: int | None) -> Answer:
        accepted = request.headers.get("accept", "")
        if "application/xml" in accepted:
            return Answer(status=406, content_type="text/plain")
        if request.method == "GET" and "json" not in accepted:
            return Answer(status=200, body=_ATOM, content_type="application/atom+xml")
        first, _, rest = request.path.removeprefix(ROOT).partition("/")
        if (first, rest, request.method) == ("current", "Me", "GET"):
            return self._me(request)
        if not first.isdecimal():
            raise refusal(404, "Resource not found for the segment.")
        division = self.world.divisions.get(int(first))
        granted = self.package.granted
        if division is None or (granted is not None and division.code not in granted):
            raise refusal(403, "Forbidden")
        return self._below(request, division, unquote(rest), callback)

    def _below(
        self,
        request: Request,
        division: Division,
        rest: str,
        callback: int | None,
    ) -> Answer:
        keyed = _KEYED.fullmatch(rest.removesuffix("/$count"))
        path = keyed["path"] if keyed else rest.removesuffix("/$count")
        if (division.code, path) in self.package.forbidden:
            raise refusal(403, "Forbidden")
        if path == "users/UserHasRights":
            return self._rights(request, division)
        resource = self._resources.get(path)
        if resource is None:
            raise refusal(404, f"Resource not found for the segment '{path.rpartition('/')[2]}'.")
        call = self._call(request, division, resource, keyed and keyed["key"])
        if request.method != "GET":
            return sim_writes.write(replace(call, callback=callback), self.hooks)
        return self._read(call, request)

    def _call(
        self,
        request: Request,
        division: Division,
        resource: Resource,
        key: str | None,
    ) -> Call:
        return Call(
            world=self.world,
            division=division,
            resource=resource,
            method=request.method,
            key=key,
            query=query_of(request),
            headers=request.headers,
            body=request.body,
            url=f"{self.url}{ROOT}{division.code}",
            link=f"{self.url}{request.path}",
        )

    def _read(self, call: Call, request: Request) -> Answer:
        if not self.keeps_pages:
            return sim_odata.read(call)
        changes = tuple(one.changes for one in self.world.divisions.values())
        state = (*changes, self.world.today(), astuple(self.world.ways))
        if state != self._state:
            self._pages.clear()
            self._state = state
        key = (request.path, request.query)
        if key not in self._pages:
            self._pages[key] = sim_odata.read(call)
        return self._pages[key]

    def _me(self, request: Request) -> Answer:
        division = self.world.divisions[self.package.current]
        resource = Resource(
            path="current/Me",
            type_name="System.Me",
            columns=ME,
            rows=lambda _: [sim_catalogue.me(self.world, division)],
            key="UserID",
        )
        return sim_odata.read(self._call(request, division, resource, None))

    def _rights(self, request: Request, division: Division) -> Answer:
        endpoint = query_of(request).get("endpoint", "").strip("'")
        told = str((division.code, endpoint) not in self.package.forbidden).lower()
        as_object = self.world.ways.rights_as_object
        return found(f'{{"UserHasRights":{told}}}' if as_object else told)


def bearer(request: Request) -> str:
    """Return the access token of a request."""
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def query_of(request: Request) -> dict[str, str]:
    """Return the options of a request."""
    return dict(parse_qsl(request.query, keep_blank_values=True))
