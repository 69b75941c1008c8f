"""The whole cycle on one page: pull -> propose -> (a person approves) -> act -> export.

The sidecar calls these; the commands call the steps themselves. One administration that fails
does not keep the others: the first failure is raised when all have had their turn.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar

from connector.flow.act import Acted, act
from connector.flow.office import Administration, Office
from connector.flow.propose import Proposal, propose
from connector.flow.pull import PullReport, pull
from connector.port.adapter import KeepsAlive
from connector.port.errors import MaanError, StoreError

T = TypeVar("T")

_FEW_DAYS: Final = 7
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def run_pull(office: Office) -> list[PullReport]:
    """Pull every administration, those with the oldest books first.

    Where several share the requests that a remote allows, and these are too few for all, each
    has its turn that way, whatever its place in the configuration.

    Raises:
        MaanError: The first failure, after the others were pulled; `after` holds the seconds to
            wait where it, or a later one, knows them.
    """
    return _each(office, "pull_failed", _pull, desks=sorted(office.administrations(), key=_age))


def leave_out_fresh(office: Office, since: datetime) -> None:
    """Let the office be of those administrations only whose books are older than this."""
    left = [desk.settings for desk in office.administrations() if _age(desk) < since]
    office.settings = office.settings.model_copy(update={"administrations": tuple(left)})


def run_evaluate(office: Office) -> list[Proposal]:
    """Evaluate every administration in which something may have changed.

    Raises:
        MaanError: The first failure, after the others were evaluated.
    """
    made = _each(office, "evaluate_failed", lambda desk: propose(desk, only_due=True))
    return [proposal for proposal in made if proposal is not None]


def run_act(office: Office) -> list[Acted]:
    """Perform in every administration what is approved and allowed now.

    Raises:
        MaanError: The first failure, after the others had their turn.
    """
    done = _each(office, "act_failed", act)
    for acted in done:
        counts = {"failed": len(acted.failed), "uncertain": len(acted.uncertain)}
        if any(counts.values()):
            office.log.warning("deliveries_failed", administration=acted.administration, **counts)
    return done


def keep_alive(office: Office) -> None:
    """Use every consent that was idle, and log those that lapse within a week; raises nothing.

    A pull uses it too, but not while it is held up by something else.
    """
    for desk in office.administrations():
        try:
            days = desk.adapter.keep_alive() if isinstance(desk.adapter, KeepsAlive) else None
        except MaanError as error:
            office.log.warning("keep_alive_failed", administration=desk.id, code=error.code)
            continue
        if days is not None and days <= _FEW_DAYS:
            office.log.warning("consent_lapses", administration=desk.id, days=days)


def _pull(desk: Administration) -> PullReport:
    report = pull(desk)
    if report.fault is not None:
        raise report.fault
    return report


def _age(desk: Administration) -> datetime:
    """Return from when the books are, long ago when they were never read to their end."""
    try:
        with desk.office.store.unit(desk.id, reading=True) as unit:
            return unit.books.state().data_from or _NEVER
    except StoreError:
        return _NEVER  # its pull tells what is wrong


def _each(
    office: Office,
    event: str,
    step: Callable[[Administration], T],
    *,
    desks: Sequence[Administration] | None = None,
) -> list[T]:
    done: list[T] = []
    failed: list[MaanError] = []
    for desk in office.administrations() if desks is None else desks:
        try:
            done.append(step(desk))
        except MaanError as error:
            office.log.warning(event, administration=desk.id, code=error.code)
            failed.append(error)
    if failed:
        raise _first(failed)
    return done


def _first(failed: Sequence[MaanError]) -> MaanError:
    """Return the first failure, with the shortest wait that any of the others asks for."""
    first = failed[0]
    told = (error.facts.get("after") for error in failed)
    waits = [after for after in told if isinstance(after, int)]
    if waits:
        first.facts.setdefault("after", min(waits))
    return first
