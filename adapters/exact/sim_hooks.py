"""Webhooks of the simulated package: queued with every event, signed, delivered on demand.

There is none of a payment or of what is matched: Exact has no topic for it.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, field

import requests

from adapters.exact.sim_catalogue import SUBSCRIPTIONS
from adapters.exact.sim_world import Division, World

TOPICS = {
    "Accounts": "crm/Accounts",
    "Contacts": "crm/Contacts",
    "Documents": "documents/Documents",
    "FinancialTransactions": "financialtransaction/Transactions",
}
"""What may be subscribed to, and the endpoint that a push names."""

_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Push:
    """What waits to be sent."""

    url: str
    content: bytes


@dataclass(slots=True, kw_only=True)
class Hooks:
    """The pushes of all divisions."""

    world: World
    client_id: str
    url: str = ""
    queue: list[Push] = field(default_factory=list)

    def tell(
        self,
        division: Division,
        topic: str,
        action: str,
        key: str,
        *,
        endpoint: str | None = None,
    ) -> None:
        """Queue a push for every subscription to the topic."""
        wanted = [
            row.values["CallbackURL"]
            for row in division.table(SUBSCRIPTIONS).values()
            if row.values["Topic"] == topic
        ]
        if not wanted:
            return
        root = f"{self.url}/api/v1/{division.code}"
        content = {
            "Topic": topic,
            "ClientId": self.client_id,
            "Division": division.code,
            "Action": action,
            "Key": key,
            "ExactOnlineEndpoint": f"{root}/{endpoint or TOPICS[topic]}(guid'{key}')",
            "EventCreatedOn": f"{self.world.clock.now():%Y-%m-%dT%H:%M:%S.%f}",
        }
        body = json.dumps(content, separators=(",", ":")).encode()
        self.queue.extend(Push(url, body) for url in wanted)


def signed(secret: str, content: bytes) -> bytes:
    """Return a push's body: the signature is over the bytes of the content as they are sent."""
    mark = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest().upper()
    return b'{"Content":' + content + b',"HashCode":"' + mark.encode() + b'"}'


def post(url: str, body: bytes = b"") -> int:
    """Send a push, or the empty request that validates a callback; 0: there was no answer."""
    try:
        headers = {"Content-Type": "application/json"} if body else {}
        return requests.post(url, data=body, headers=headers, timeout=_SECONDS).status_code
    except requests.RequestException:
        return 0
