"""dlt on the same pages into SQLite, merged on the id. Runs in dlt's virtualenv."""

import sys
from collections.abc import Iterator, Mapping

import requests

from benchmarks.peers.dlt_pipeline import Rows, measure
from benchmarks.peers.exact_pages import authorise, pages


def main(terms: str, accounts: str, client: str, secret: str) -> None:
    def lists() -> Mapping[str, Iterator[Rows]]:
        session = _session(terms, client, secret)
        return {"parties": pages(session, accounts), "receivables": pages(session, terms)}

    measure(lists, key="ID")


def _session(listing: str, client: str, secret: str) -> requests.Session:
    from dlt.sources.helpers.requests import (  # type: ignore[import-not-found]  # noqa: PLC0415
        Client,
    )

    session: requests.Session = Client().session
    authorise(session, listing, client, secret)
    return session


if __name__ == "__main__":
    main(*sys.argv[1:5])
