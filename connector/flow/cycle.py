"""The whole cycle on one page: pull -> propose -> (a person approves) -> act -> export.

The sidecar calls these; the commands call the steps themselves.
"""

from connector.flow.act import Acted, act
from connector.flow.office import Office
from connector.flow.propose import Proposal, propose
from connector.flow.pull import PullReport, pull
from connector.port.errors import MaanError


def run_pull(office: Office) -> list[PullReport]:
    """Pull every administration; one that can't be read does not keep the others."""
    reports = []
    for desk in office.administrations():
        try:
            reports.append(pull(desk))
        except MaanError as error:
            office.log.warning("pull_failed", administration=desk.id, code=error.code)
    return reports


def run_evaluate(office: Office) -> list[Proposal]:
    """Evaluate every administration in which something may have changed."""
    proposals = []
    for desk in office.administrations():
        try:
            made = propose(desk, only_due=True)
        except MaanError as error:
            office.log.warning("evaluate_failed", administration=desk.id, code=error.code)
            continue
        if made is not None:
            proposals.append(made)
    return proposals


def run_act(office: Office) -> list[Acted]:
    """Perform in every administration what is approved and allowed now."""
    done = []
    for desk in office.administrations():
        try:
            done.append(act(desk))
        except MaanError as error:
            office.log.warning("act_failed", administration=desk.id, code=error.code)
    return done
