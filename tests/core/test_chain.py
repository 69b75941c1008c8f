"""The hash chain of the journal."""

from dataclasses import replace

import pytest

from connector.core.chain import (
    GENESIS,
    BrokenEntry,
    ChainEntry,
    ChainFault,
    Header,
    canonical,
    entry_hash,
    payload_hash,
    verify_chain,
)


def chain(length: int = 3) -> list[ChainEntry]:
    entries: list[ChainEntry] = []
    for number in range(1, length + 1):
        payload = {"amount": f"{number}.00", "note": "één"}
        header = Header(
            sequence=number,
            at=f"2026-11-0{number}T09:00:00+00:00",
            kind="delivered",
            subject="a1",
            actor="cli:petra",
            payload_hash=payload_hash(payload, "5a17"),
            previous_hash=entries[-1].hash if entries else GENESIS,
        )
        entries.append(
            ChainEntry(header=header, hash=entry_hash(header), payload=payload, salt="5a17")
        )
    return entries


def broken(sequence: int, fault: ChainFault) -> BrokenEntry:
    return BrokenEntry(sequence=sequence, fault=fault)


def test_a_sound_chain_has_no_faults() -> None:
    assert verify_chain(chain()) == ()


def test_an_empty_range_has_no_faults() -> None:
    assert verify_chain([]) == ()


def test_a_range_may_start_in_the_middle() -> None:
    assert verify_chain(chain()[1:]) == ()


def test_the_hash_is_the_published_one() -> None:
    """Worked with sha256sum on the canonical text."""
    header = Header(
        sequence=1, at="2026-11-01T09:00:00+00:00", kind="pulled", subject="s", actor="scheduler",
        payload_hash=payload_hash({"b": 1, "a": "x"}, "00"), previous_hash=GENESIS,
    )  # fmt: skip

    assert canonical({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()
    assert header.payload_hash == "46d3f728cdcac52da7efdec8c19f8318996a30af7570a2736004cf8b3fa8dfc6"
    assert entry_hash(header) == "34a5a606d7705e6ccbd92e2fb107a806bbc5a2b93c6f13dc5da286f8c730c7ff"


def test_the_first_entry_must_start_from_nothing() -> None:
    first = chain(1)[0]
    header = replace(first.header, previous_hash="1" * 64)
    forged = replace(first, header=header, hash=entry_hash(header))

    assert verify_chain([forged]) == (broken(1, ChainFault.BROKEN_LINK),)


def test_a_removed_entry_is_found() -> None:
    first, _, third = chain()

    assert verify_chain([first, third]) == (broken(3, ChainFault.GAP),)


def test_a_replaced_entry_is_found_at_the_next_link() -> None:
    first, second, third = chain()
    header = replace(second.header, kind="failed")
    forged = replace(second, header=header, hash=entry_hash(header))

    assert verify_chain([first, forged, third]) == (broken(3, ChainFault.BROKEN_LINK),)


@pytest.mark.parametrize(
    "changed",
    [
        {"at": "2026-11-09T09:00:00+00:00"}, {"kind": "failed"}, {"subject": "a2"},
        {"actor": "scheduler"},
    ],
)  # fmt: skip
def test_a_changed_header_is_found(changed: dict[str, str]) -> None:
    first, second, third = chain()
    forged = replace(second, header=replace(second.header, **changed))  # type: ignore[arg-type]  # all are text

    assert verify_chain([first, forged, third]) == (broken(2, ChainFault.HEADER_CHANGED),)


def test_a_changed_payload_is_found() -> None:
    entry = replace(chain(1)[0], payload={"amount": "9.00"})

    assert verify_chain([entry]) == (broken(1, ChainFault.PAYLOAD_CHANGED),)


def test_a_changed_salt_is_found() -> None:
    assert verify_chain([replace(chain(1)[0], salt="5a18")]) == (
        broken(1, ChainFault.PAYLOAD_CHANGED),
    )


def test_a_forgotten_payload_leaves_the_chain_whole() -> None:
    first, second, third = chain()

    assert verify_chain([first, replace(second, payload=None, salt=None), third]) == ()


@pytest.mark.parametrize("gone", ["payload", "salt"])
def test_payload_and_salt_belong_together(gone: str) -> None:
    entry = replace(chain(1)[0], **{gone: None})  # type: ignore[arg-type]  # either may be None

    assert verify_chain([entry]) == (broken(1, ChainFault.SALT_MISSING),)


def test_what_has_no_canonical_form_is_a_fault_and_not_a_crash() -> None:
    entry = chain(1)[0]
    payload = replace(entry, payload={"n": 2**60})
    header = replace(entry, header=replace(entry.header, kind="\ud800"))

    assert verify_chain([payload]) == (broken(1, ChainFault.PAYLOAD_CHANGED),)
    assert verify_chain([header]) == (broken(1, ChainFault.HEADER_CHANGED),)
