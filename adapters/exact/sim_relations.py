"""Divisions and relations of the simulated package, and what people do with them."""

import threading
from typing import Any

from adapters.exact import sim_catalogue, sim_seed
from adapters.exact.sim_hooks import Hooks
from adapters.exact.sim_world import (
    DELETED_ACCOUNT,
    DELETED_CONTACT,
    SORTS,
    Account,
    Contact,
    Division,
    Plain,
    World,
    guid,
    number_of,
)


class Relations:
    """Divisions, relations, persons and payment conditions.

    Attributes:
        division: The one that is there from the start, and meant where none is named.
        current: The user's own, in which `current/Me` is asked.
        granted: What the consent covers; None: every division.
        forbidden: Divisions with endpoints for which there is no right.
    """

    def __init__(self, world: World, hooks: Hooks, lock: threading.RLock) -> None:
        self._lock = lock
        self._world = world
        self._hooks = hooks
        self.forbidden: set[tuple[int, str]] = set()
        self.division = sim_seed.add_division(world, {}).code
        self.current = self.division
        self.granted: set[int] | None = None

    def add_division(self, description: str = "Bakkerij De Wit", **fields: object) -> int:
        """Add a division; fields are those of system/Divisions, and `currency`."""
        with self._lock:
            if "currency" in fields:
                fields["Currency"] = fields.pop("currency")
            return sim_seed.add_division(
                self._world, {"Description": description, "IsMainDivision": False, **fields}
            ).code

    def add_account(
        self,
        name: str | None = None,
        *,
        division: int | None = None,
        **fields: Any,  # noqa: ANN401  # of any type
    ) -> str:
        """Add a relation.

        Args:
            name: None: a dull one.
            division: None: the first.
            fields: code, email, kvk, vat, country, language; others are those of the wire.
        """
        with self._lock:
            where = self._division(division)
            account = sim_seed.add_account(self._world, where, {"name": name, **fields})
            return self._told(where, "Accounts", "Create", account)

    def add_contact(self, account: str, **fields: Any) -> str:  # noqa: ANN401  # of any type
        """Add a person: name, email, business_email, main, language, and fields of the wire."""
        with self._lock:
            contact = sim_seed.add_contact(self._world, self._account(account), fields)
            return self._told(contact.account.division, "Contacts", "Create", contact)

    def add_condition(
        self,
        code: str,
        *,
        days: int = 30,
        method: str = "B",
        scenario: str | None = None,
        division: int | None = None,
    ) -> str:
        """Add a payment condition; a scenario of credit management is given by its code."""
        with self._lock:
            number = self._world.new_id()
            values = {
                "Code": code,
                "Description": f"{days} dagen",
                "PaymentDays": days,
                "PaymentMethod": method,
                "CreditManagementScenario": scenario and guid(SORTS["plain"], number),
                "CreditManagementScenarioCode": scenario,
                "CreditManagementScenarioDescription": scenario,
            }
            return sim_seed.add_condition(self._world, self._division(division), values)

    def change_account(self, account: str, **fields: Any) -> None:  # noqa: ANN401  # of any type
        """Change a relation: fields as in `add_account`."""
        with self._lock:
            kept = self._account(account)
            sim_seed.change(kept, fields)
            self._world.stamp(kept.division, "accounts", kept)
            self._told(kept.division, "Accounts", "Update", kept)

    def change_contact(self, contact: str, **fields: Any) -> None:  # noqa: ANN401  # of any type
        """Change a person: fields as in `add_contact`."""
        with self._lock:
            kept = self._contact(contact)
            sim_seed.change(kept, fields)
            self._world.stamp(kept.account.division, "contacts", kept)
            self._told(kept.account.division, "Contacts", "Update", kept)

    def delete_account(self, account: str) -> None:
        """Delete a relation."""
        with self._lock:
            kept = self._account(account)
            del kept.division.accounts[kept.id]
            self._world.forget(kept.division, "accounts", kept, DELETED_ACCOUNT)
            self._told(kept.division, "Accounts", "Delete", kept)

    def delete_contact(self, contact: str) -> None:
        """Delete a person."""
        with self._lock:
            kept = self._contact(contact)
            where = kept.account.division
            del where.contacts[kept.id]
            self._world.forget(where, "contacts", kept, DELETED_CONTACT)
            self._told(where, "Contacts", "Delete", kept)

    def move_division(self, division: int | None = None, *, first: int | None = None) -> None:
        """Move a division: timestamps begin anew and lower, or there; deletions are forgotten."""
        self._restart(division, "DivisionMoveDate", first)

    def link_hr(self, division: int | None = None) -> None:
        """Link a division with HR, with the same outcome as a move."""
        self._restart(division, "DivisionHRLinkUnlinkDate")

    def _restart(self, division: int | None, field: str, first: int | None = None) -> None:
        with self._lock:
            where = self._division(division)
            where.fields[field] = self._world.wall()
            self._world.restart(where, first)

    def archive(self, division: int | None = None) -> None:
        """Archive a division."""
        with self._lock:
            self._division(division).is_archived = True

    def block_division(self, division: int | None = None, *, status: int = 1) -> None:
        """Set BlockingStatus: 0 is none, others mean that work is being done on it."""
        with self._lock:
            self._division(division).fields["BlockingStatus"] = status

    def forbid(self, endpoint: str, *, division: int | None = None, allowed: bool = False) -> None:
        """Take away the right to an endpoint, such as `documents/Documents`, or give it back."""
        with self._lock:
            key = (self._division(division).code, endpoint)
            (self.forbidden.discard if allowed else self.forbidden.add)(key)

    def subscribe(self, url: str, topic: str, *, division: int | None = None) -> str:
        """Subscribe to a topic without asking the callback first."""
        with self._lock:
            number, where = self._world.new_id(), self._division(division)
            key = guid(SORTS["plain"], number)
            values = {"ID": key, "CallbackURL": url, "Topic": topic, "Division": where.code}
            where.table(sim_catalogue.SUBSCRIPTIONS)[number] = Plain(number, values)
            return key

    def timestamp(self, division: int | None = None) -> int:
        """Return the highest timestamp that was given out."""
        with self._lock:
            return max(self._division(division).stamps.values(), default=0)

    @property
    def documents(self) -> list[dict[str, Any]]:
        """What was posted, in every division."""
        return self._posted(sim_catalogue.DOCUMENTS)

    @property
    def attachments(self) -> list[dict[str, Any]]:
        """What was posted, with its bytes as `content`."""
        return self._posted(sim_catalogue.ATTACHMENTS)

    @property
    def tasks(self) -> list[dict[str, Any]]:
        """What was posted."""
        return self._posted(sim_catalogue.TASKS)

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What was posted."""
        return self._posted(sim_catalogue.NOTES)

    def _posted(self, path: str) -> list[dict[str, Any]]:
        with self._lock:
            return [
                dict(row.values)
                for division in self._world.divisions.values()
                for row in division.table(path).values()
            ]

    def _told(
        self,
        division: Division,
        topic: str,
        action: str,
        record: Account | Contact,
    ) -> str:
        key = guid(SORTS[topic.lower()], record.id)
        self._hooks.tell(division, topic, action, key)
        return key

    def _division(self, code: int | None) -> Division:
        return self._world.divisions[self.division if code is None else code]

    def _account(self, account: str) -> Account:
        number = number_of(account)
        for division in self._world.divisions.values():
            if number in division.accounts:
                return division.accounts[number]
        raise KeyError(account)

    def _contact(self, contact: str) -> Contact:
        number = number_of(contact)
        for division in self._world.divisions.values():
            if number in division.contacts:
                return division.contacts[number]
        raise KeyError(contact)
