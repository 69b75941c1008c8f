"""What `maan doctor` says of an administration in Exact Online."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any, Final

from adapters.exact import odata
from adapters.exact.client import Client
from adapters.exact.connecting import NEEDED
from adapters.exact.endpoints import (
    ACCOUNTS,
    CONDITION_FIELDS,
    CONDITIONS,
    CONTACTS,
    DELETED,
    DIVISIONS,
    OVERVIEW,
    RECEIVABLES,
    TERMS,
)
from adapters.exact.handing import RELATIONS
from adapters.exact.limits import Limits
from adapters.exact.recording import (
    ATTACHMENTS,
    DOCUMENT_TYPES,
    DOCUMENTS,
    NOTES,
    TASKS,
    creatable_types,
    listed,
)
from adapters.exact.settings import ExactSettings
from connector.port.adapter import Diagnosis
from connector.port.errors import AdapterError, AuthorisationError, RateLimitError, SettingsError
from connector.port.tools import Tools

_ASKED: Final = (
    TERMS, ACCOUNTS, CONTACTS, DELETED, DIVISIONS, CONDITIONS, OVERVIEW, RECEIVABLES,
    DOCUMENT_TYPES, DOCUMENTS, ATTACHMENTS, NOTES, TASKS, RELATIONS,
)  # fmt: skip
_FEW_DAYS: Final = 7
_STOPPED: Final = "exact.stopped_asking"
_SCOPE: Final = "exact.scope_missing"
_OF_DIVISIONS: Final = "Organization administration"
_OF_DOCUMENTS: Final = "Organization documents"
_OF_TASKS: Final = "Organization workflow"
_OF_CONDITIONS: Final = "Financial cashflow"

Lines = Iterator[Diagnosis]


@dataclass(frozen=True, slots=True)
class Doctor:
    """Looks at one administration; nothing is changed."""

    settings: ExactSettings
    tools: Tools

    def lines(
        self, client: Callable[[], Client], missing_scopes: Callable[[], Sequence[str]]
    ) -> list[Diagnosis]:
        """Return what was found, as far as Exact lets us look; each line once."""
        looks: Sequence[Callable[[], Lines]] = (
            lambda: self._looked(client(), missing_scopes),
            lambda: _lapsing(client()),  # after requests that renew it, if it can be renewed
        )
        found: list[Diagnosis] = []
        for line in chain.from_iterable(map(_as_far_as_it_goes, looks)):
            if line not in found:
                found.append(line)
        return found

    def _looked(self, client: Client, missing_scopes: Callable[[], Sequence[str]]) -> Lines:
        scopes = cache(missing_scopes)  # each look is one refusal more, where they are missing
        yield from self._stopped(client)
        reached = self._reached(client, scopes)
        yield reached
        if not reached.ok and reached.code not in (_STOPPED, _SCOPE):
            return
        yield from map(_missing, scopes())
        yield from _allowed(_OF_DOCUMENTS, lambda: self._document_type(client))
        if self.settings.task:
            yield from _allowed(_OF_TASKS, lambda: _tasks(client))
        yield from _allowed(_OF_CONDITIONS, lambda: _own_dunning(client))

    def _stopped(self, client: Client) -> Lines:
        """Name the lists that we stopped asking for: without this it looks as if nothing is new."""
        limits = Limits(
            self.tools.budgets,
            host=client.tokens.host,
            client=client.tokens.client,
            division=self.settings.division,
        )
        for endpoint in _ASKED:
            try:
                limits.refusals.check(endpoint)
            except RateLimitError as error:
                yield _told(error)

    def _reached(self, client: Client, missing_scopes: Callable[[], Sequence[str]]) -> Diagnosis:
        missing = Diagnosis(
            ok=False,
            code="exact.division_missing",
            facts={"division": str(self.settings.division)},
        )
        try:
            rows = client.divisions()
        except AuthorisationError as error:
            if error.code != "wire_forbidden":
                raise
            # Either the consent leaves the administration out, or the app may not read the list.
            if {scope for scope, _ in NEEDED} <= set(missing_scopes()):
                return missing
            return _missing(_OF_DIVISIONS)
        except RateLimitError as error:
            if error.code != _STOPPED:
                raise
            return _told(error)
        row = next((one for one in rows if self._is_ours(one)), None)
        return missing if row is None else self._state_of(row)

    def _is_ours(self, row: Mapping[str, Any]) -> bool:
        return odata.text_of(row.get("Code")) == str(self.settings.division)

    def _state_of(self, row: Mapping[str, Any]) -> Diagnosis:
        names = (odata.text_of(row.get(field)) for field in ("Description", "CustomerName"))
        name = next(filter(None, names), None) or str(self.settings.division)
        facts = {"administration": name}
        status = odata.text_of(row.get("BlockingStatus")) or "0"
        if status != "0":
            facts["status"] = status
            return Diagnosis(ok=False, code="exact.blocked_division", facts=facts)
        return Diagnosis(ok=True, code="exact.connected", facts=facts)

    def _document_type(self, client: Client) -> Lines:
        types, ours = creatable_types(client), self.settings.document_type
        if ours not in types:
            facts = {"type": str(ours), "types": listed(types)}
            yield Diagnosis(ok=False, code="exact.document_type", facts=facts)


def _as_far_as_it_goes(look: Callable[[], Lines]) -> Lines:
    try:
        yield from look()
    except (AdapterError, SettingsError) as error:
        yield _told(error)


def _lapsing(client: Client) -> Lines:
    days = client.tokens.days_left()
    if days is not None and days <= _FEW_DAYS:
        yield Diagnosis(ok=True, code="exact.token_days", facts={"days": str(days)}, note=True)


def _tasks(client: Client) -> Lines:
    """Nothing to say when tasks can be read."""
    for _ in client.rows(TASKS, select=("ID",), top=1):
        pass
    return iter(())


def _own_dunning(client: Client) -> Lines:
    """Name the conditions that let Exact write to debtors by itself."""
    rows = [row for page in client.rows(CONDITIONS, select=CONDITION_FIELDS) for row in page.rows]
    names = sorted(_name(row) for row in rows if row.get("CreditManagementScenarioCode"))
    if names:
        facts = {"conditions": ", ".join(names)}
        yield Diagnosis(ok=True, code="exact.own_dunning", facts=facts, note=True)


def _name(condition: Mapping[str, Any]) -> str:
    code, name = (odata.text_of(condition.get(field)) for field in ("Code", "Description"))
    return f"{code} ({name})" if code and name else code or name or "?"


def _allowed(scope: str, look: Callable[[], Lines]) -> Lines:
    """Yield what a look gives; what the app may not, or what we stopped asking, is a line too."""
    try:
        yield from look()
    except AuthorisationError as error:
        if error.code != "wire_forbidden":
            raise
        yield _missing(scope)
    except RateLimitError as error:
        if error.code != _STOPPED:
            raise
        yield _told(error)


def _missing(scope: str) -> Diagnosis:
    return Diagnosis(ok=False, code=_SCOPE, facts={"scope": scope})


def _told(error: AdapterError | SettingsError) -> Diagnosis:
    facts = {name: str(value) for name, value in error.facts.items()}
    return Diagnosis(ok=False, code=error.code, facts=facts)
