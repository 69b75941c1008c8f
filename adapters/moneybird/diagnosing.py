"""What `maan doctor` says of a Moneybird administration."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.moneybird.mapping import to_workflows
from adapters.moneybird.settings import UNCHOSEN
from adapters.moneybird.source import Source
from adapters.moneybird.values import text_of
from connector.port.adapter import Diagnosis
from connector.port.errors import AdapterError, SettingsError


@dataclass(frozen=True, slots=True)
class Doctor:
    """Looks at one administration.

    Attributes:
        leave: Workflows that remind by themselves are left to do so.
    """

    administration: str
    leave: bool

    def lines(
        self, client: Callable[[], Source], missing_scopes: Callable[[], Sequence[str]]
    ) -> list[Diagnosis]:
        """Return what was found, as far as Moneybird lets us look."""
        if self.administration == UNCHOSEN:
            return [Diagnosis(ok=False, code="moneybird.administration_unchosen")]
        found: list[Diagnosis] = []
        try:
            found.append(self._reached(client().administrations()))
            if not found[0].ok:
                return found
            found += [
                Diagnosis(ok=False, code="moneybird.scope_missing", facts={"scope": scope})
                for scope in missing_scopes()
            ]
            found += self._workflows(client().workflows())
        except (AdapterError, SettingsError) as error:
            facts = {name: str(value) for name, value in error.facts.items()}
            found.append(Diagnosis(ok=False, code=error.code, facts=facts))
        return found

    def _reached(self, rows: Sequence[Mapping[str, Any]]) -> Diagnosis:
        row = next((one for one in rows if str(one.get("id")) == self.administration), None)
        facts = {"administration": self.administration}
        if row is None:
            return Diagnosis(ok=False, code="moneybird.administration_missing", facts=facts)
        facts = {"administration": text_of(row.get("name")) or self.administration}
        if row.get("suspended") is True:
            return Diagnosis(ok=False, code="moneybird.suspended", facts=facts)
        return Diagnosis(ok=True, code="moneybird.connected", facts=facts)

    def _workflows(self, rows: Sequence[Mapping[str, Any]]) -> list[Diagnosis]:
        """Name the workflows that write to debtors, or collect from them, by themselves."""
        known = to_workflows(rows)
        names = {str(row.get("id")): text_of(row.get("name")) for row in rows}
        reminding = [names[id_] or id_ for id_, one in known.items() if one.reminds]
        collecting = [names[id_] or id_ for id_, one in known.items() if one.collects]
        lines = []
        if reminding:
            facts = {"workflows": ", ".join(sorted(reminding))}
            lines.append(
                Diagnosis(
                    ok=not self.leave,
                    code="moneybird.auto_reminders",
                    facts=facts,
                    note=not self.leave,
                )
            )
        if collecting:
            facts = {"workflows": ", ".join(sorted(collecting))}
            lines.append(Diagnosis(ok=True, code="moneybird.collects", facts=facts, note=True))
        return lines
