"""Pull open invoices over HTTP into an empty store, and once more when nothing changed."""

import sys
import tempfile
from pathlib import Path

import adapters.moneybird.client
import adapters.moneybird.pull  # noqa: F401  # both are loaded before the clock runs
from adapters.moneybird import plugin
from benchmarks.measure import report, resident_mb
from benchmarks.remote_books import desk, pulled, write
from connector.port.records import Kind


def main(url: str, administration: str, token: str) -> None:
    source = {
        "adapter": "moneybird",
        "administration": f'"{administration}"',
        "token": "file:secret",
        "base_url": url,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "office"
        write(folder, source, token)
        with desk(folder, plugin) as one:
            base = resident_mb()
            first = pulled(one)
        with desk(folder, plugin) as one:
            again = pulled(one)
    report(
        first=first.seconds, first_cpu=first.processor, peak_mb=first.peak_mb, base_mb=base,
        again=again.seconds, again_cpu=again.processor, peak_again_mb=again.peak_mb,
        requests=first.report.requests, requests_again=again.report.requests,
        added=first.report.counts[Kind.RECEIVABLES].new,
        changed=again.report.counts[Kind.RECEIVABLES].changed,
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:4])
