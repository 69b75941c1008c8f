"""dlt on the same requests into SQLite, merged on the id. Runs in dlt's virtualenv."""

import sys
from collections.abc import Iterator

from benchmarks.peers.dlt_pipeline import Rows, measure

_IDS = 100


def main(listing: str, token: str) -> None:
    measure(lambda: {"receivables": _pages(listing, token)}, key="id")


def _pages(listing: str, token: str) -> Iterator[Rows]:
    from dlt.sources.helpers.requests import (  # type: ignore[import-not-found]  # noqa: PLC0415
        Client,
    )

    session = Client().session
    session.headers["Authorization"] = f"Bearer {token}"
    ids = [row["id"] for row in session.get(listing).json()]
    address = listing.partition("?")[0]
    for start in range(0, len(ids), _IDS):
        yield session.post(address, json={"ids": ids[start : start + _IDS]}).json()


if __name__ == "__main__":
    main(*sys.argv[1:3])
