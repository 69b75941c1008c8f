"""A pipeline of dlt into an SQLite file: run, and run again. Runs in dlt's virtualenv.

Records are kept whole, with what is nested in them as JSON: the form that is quickest for dlt.
"""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.measure import report, timed

Rows = list[dict[str, Any]]


def measure(lists: Callable[[], Mapping[str, Iterator[Rows]]], *, key: str) -> None:
    """Load lists page by page into an empty database, then once more, and report both.

    Args:
        lists: Pages by table; `receivables` is the one that is counted.
        key: The field by which records are merged.
    """
    with tempfile.TemporaryDirectory() as name:
        os.environ.update(  # noqa: TID251  # dlt reads them while it is imported
            RUNTIME__DLTHUB_TELEMETRY="false", RUNTIME__LOG_LEVEL="ERROR", DLT_DATA_DIR=name
        )
        import dlt  # type: ignore[import-not-found]  # noqa: PLC0415  # its own room

        folder = Path(name)
        pipeline = dlt.pipeline(
            "bench",
            pipelines_dir=str(folder / "pipelines"),
            destination=dlt.destinations.sqlalchemy(f"sqlite:///{folder / 'loaded.db'}"),
            dataset_name="bench",
        )

        def run() -> None:
            pipeline.run(
                [
                    dlt.resource(
                        pages,
                        name=table,
                        primary_key=key,
                        write_disposition="merge",
                        max_table_nesting=0,
                    )
                    for table, pages in lists().items()
                ]
            )

        before = process_time()
        seconds, peak = timed(run)
        processor = process_time() - before
        again, peak_again = timed(run)
        rows = max(map(_rows, folder.glob("*.db")))  # a dataset and its staging: a file each
    report(seconds=seconds, cpu=processor, again=again, peak_mb=max(peak, peak_again), rows=rows)


def _rows(path: Path) -> int:
    """Return the loaded records in a database, 0 when it has none."""
    database = sqlite3.connect(path)
    try:
        (found,) = database.execute("SELECT count(*) FROM receivables").fetchone()
    except sqlite3.OperationalError:
        return 0
    finally:
        database.close()
    return int(found)
