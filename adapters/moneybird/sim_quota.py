"""The rate limit of the simulated package, with its misnamed headers."""

from collections.abc import Mapping
from dataclasses import dataclass

WINDOW = 300


@dataclass(slots=True)
class Quota:
    """A fixed window that begins with its first request."""

    limit: int
    started: float | None = None
    used: int = 0

    def take(self, now: float) -> bool:
        """Count a request and return whether it is allowed."""
        if self.started is None or now >= self.started + WINDOW:
            self.started, self.used = now, 0
        if self.used >= self.limit:
            return False
        self.used += 1
        return True

    def headers(self, now: float) -> Mapping[str, str]:
        """Return what an answer says about the window.

        `RateLimit-Remaining` holds the seconds left, `RateLimit-Reset` an epoch second, and
        `RateLimit-RequestsRemaining` what the first one is named for.
        """
        reset = int(now if self.started is None else self.started) + WINDOW
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(reset - int(now), 0)),
            "RateLimit-Reset": str(reset),
            "RateLimit-RequestsRemaining": str(max(self.limit - self.used, 0)),
        }

    def refusal(self, now: float) -> Mapping[str, str]:
        """Return the headers of a 429: `Retry-After` is an epoch second."""
        headers = self.headers(now)
        return {**headers, "Retry-After": headers["RateLimit-Reset"]}
