"""Global options may stand anywhere on the line, up to `--`."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.app.cli.arguments import choose_language, hoist, parse_moment

_PLAIN = st.sampled_from(["pull", "items", "--overdue", "--debtor", "10023", "x y", ""])
_GLOBAL = st.sampled_from(
    [
        (["--json"], {"--json"}, {}),
        (["--version"], {"--version"}, {}),
        (["--config", "a.yaml"], set(), {"--config": "a.yaml"}),
        (["--config=a.yaml"], set(), {"--config": "a.yaml"}),
        (["--language", "en"], set(), {"--language": "en"}),
        (["--now=2026-11-23"], set(), {"--now": "2026-11-23"}),
    ]
)


@given(
    st.lists(
        st.one_of(_PLAIN.map(lambda word: ([word], set(), dict[str, str]())), _GLOBAL), max_size=12
    ),
    st.lists(st.sampled_from(["--json", "x", "--config", "--"]), max_size=4),
)
def test_whatever_the_place_globals_are_taken_out_and_the_rest_keeps_its_order(
    parts: list[tuple[list[str], set[str], dict[str, str]]], after: list[str]
) -> None:
    line = [word for words, _, _ in parts for word in words] + ["--", *after]

    found = hoist(line)

    assert found.flags == set().union(*(flags for _, flags, _ in parts))
    expected: dict[str, str] = {}
    for _, _, values in parts:
        expected |= values
    assert found.values == expected
    left = [word for words, flags, values in parts if not flags and not values for word in words]
    assert list(found.words) == [*left, "--", *after]
    assert found.lacking is None


def test_a_global_option_at_the_end_lacks_its_value() -> None:
    assert hoist(["pull", "--config"]).lacking == "--config"


def test_the_language_of_a_party_is_not_ours() -> None:
    found = hoist(["--language", "nl", "party", "set", "10023", "--language", "en", "--json"])

    assert found.values == {"--language": "nl"}
    assert found.words == ("party", "set", "10023", "--language", "en")
    assert found.flags == {"--json"}


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-23T10:00:00", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("2026-07-01T10:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-11-23T10:00:00+00:00", datetime(2026, 11, 23, 10, tzinfo=UTC)),
        ("morgen", None),
        ("2026-13-01", None),
        ("0001-01-01", None),
    ],
)
def test_now_is_local_time(text: str, instant: datetime | None) -> None:
    assert parse_moment(text) == instant


def test_language_option_then_variable_then_file_then_dutch(tmp_path: Path) -> None:
    file = tmp_path / "maan.yaml"
    absent = tmp_path / "absent.yaml"
    file.write_text("store: x\nlanguage: en  # English\n  bad yaml: [", encoding="utf-8")

    assert choose_language("nl", "en", file) == "nl"
    assert choose_language(None, "nl", file) == "nl"
    assert choose_language(None, None, file) == "en"
    assert choose_language(None, "fr", absent) == "nl"
