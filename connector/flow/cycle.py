"""The whole cycle on one page: pull -> propose -> (a person approves) -> act -> export.

The sidecar calls these; the commands call the steps themselves. One administration that fails
does not keep the others: the first failure is raised when all have had their turn.
"""

from collections.abc import Callable
from typing import TypeVar

from connector.flow.act import Acted, act
from connector.flow.office import Administration, Office
from connector.flow.propose import Proposal, propose
from connector.flow.pull import PullReport, pull
from connector.port.errors import MaanError

T = TypeVar("T")


def run_pull(office: Office) -> list[PullReport]:
    """Pull every administration.

    Raises:
        MaanError: The first failure, after the others were pulled.
    """
    return _each(office, "pull_failed", _pull)


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


def _pull(desk: Administration) -> PullReport:
    report = pull(desk)
    if report.fault is not None:
        raise report.fault
    return report


def _each(office: Office, event: str, step: Callable[[Administration], T]) -> list[T]:
    done: list[T] = []
    failed: list[MaanError] = []
    for desk in office.administrations():
        try:
            done.append(step(desk))
        except MaanError as error:
            office.log.warning(event, administration=desk.id, code=error.code)
            failed.append(error)
    if failed:
        raise failed[0]
    return done
