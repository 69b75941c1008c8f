"""Pull a folder of CSV files into an empty store, and then the same files once more."""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.books import ADMINISTRATION, office
from benchmarks.measure import report, resident_mb, timed
from connector.flow.pull import PullReport, pull
from connector.port.records import Kind


def main(books: Path) -> None:
    reports: list[PullReport] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "office"
        shutil.copytree(books, folder)
        with office(folder) as opened:
            desk = opened.administration(ADMINISTRATION)
            base = resident_mb()
            first, peak = timed(lambda: pull(desk))
        with office(folder) as opened:
            desk = opened.administration(ADMINISTRATION)
            again, peak_again = timed(lambda: reports.append(pull(desk)))
    report(
        first=first, again=again, peak_mb=peak, peak_again_mb=peak_again, base_mb=base,
        unchanged=reports[0].counts[Kind.RECEIVABLES].unchanged,
    )  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
