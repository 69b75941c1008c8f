"""Evaluate, plan and store: every item of the books is due; then a run with nothing due."""

import sys
import tempfile
from pathlib import Path

from benchmarks.books import ADMINISTRATION, office
from benchmarks.measure import fresh, report, resident_mb, timed
from connector.flow.propose import propose


def main(items: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        warm, folder = Path(name) / "warm", Path(name) / "office"
        for path, size in ((warm, 10), (folder, items)):
            fresh("benchmarks.books", path, size, "--pulled")
        with office(warm) as opened:  # Tryton too has loaded all it needs before it is timed
            propose(opened.administration(ADMINISTRATION))
        with office(folder) as opened:
            desk = opened.administration(ADMINISTRATION)
            base = resident_mb()
            seconds, peak = timed(lambda: propose(desk))
            with opened.store.unit(ADMINISTRATION, reading=True) as unit:
                stored = sum(len(row.action.items) for row in unit.ledger.find())
        if stored != items:
            raise SystemExit(f"{stored} of {items} items are in the ledger")
        with office(folder) as opened:
            desk = opened.administration(ADMINISTRATION)
            idle, _ = timed(lambda: propose(desk, only_due=True))
            again, _ = timed(lambda: propose(desk, only_due=True))
    report(seconds=seconds, idle=min(idle, again), first_idle=idle, peak_mb=peak, base_mb=base)


if __name__ == "__main__":
    main(int(sys.argv[1]))
