"""Pull open terms and accounts over HTTP into an empty store, and then rounds without a change."""

import sys
import tempfile
from pathlib import Path
from statistics import median
from urllib.parse import parse_qs, urlsplit

import requests

import adapters.exact.client
import adapters.exact.pull  # noqa: F401  # both are loaded before the clock runs
from adapters.exact import plugin
from benchmarks.measure import report, resident_mb
from benchmarks.remote_books import desk, pulled, write
from connector.flow.office import Administration
from connector.port.adapter import Connects
from connector.port.records import Kind

_REDIRECT = "http://127.0.0.1:8600/consent"
_ROUNDS = 20


def main(url: str, division: str, secret: str, client: str) -> None:
    source = {
        "adapter": "exact",
        "division": division,
        "client_id": client,
        "client_secret": "file:secret",
        "base_url": url,
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "office"
        write(folder, source, secret)
        with desk(folder, plugin) as one:
            _connect(one)
            base = resident_mb()
            first = pulled(one)
        with desk(folder, plugin) as one:
            again = pulled(one)
            rounds = [pulled(one) for _ in range(_ROUNDS)]
    report(
        first=first.seconds, first_cpu=first.processor, peak_mb=first.peak_mb, base_mb=base,
        again=again.seconds, again_cpu=again.processor, peak_again_mb=again.peak_mb,
        idle_cpu=median(one.processor for one in rounds),
        requests=first.report.requests, requests_again=max(one.report.requests for one in rounds),
        added=first.report.counts[Kind.RECEIVABLES].new,
        parties=first.report.counts[Kind.PARTIES].new,
        changed=again.report.counts[Kind.RECEIVABLES].changed,
    )  # fmt: skip


def _connect(one: Administration) -> None:
    """Consent, as a person does in a browser."""
    adapter = one.adapter
    assert isinstance(adapter, Connects)
    consent = adapter.ask_consent(_REDIRECT)
    answer = requests.get(consent.url, allow_redirects=False, timeout=60)
    (code,) = parse_qs(urlsplit(answer.headers["Location"]).query)["code"]
    adapter.accept_consent(consent, code, _REDIRECT)


if __name__ == "__main__":
    main(*sys.argv[1:5])
