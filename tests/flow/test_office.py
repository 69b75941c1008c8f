"""What is wrong in the configuration of a source is said with its place."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connector.bootstrap import open_office
from connector.flow.pull import pull
from connector.port.errors import RequestError, SettingsError
from tests.flow.kit import CONFIG, MORNING, POLICY, Quiet

_APP = "division: 120, client_id: env:ID, client_secret: env:SECRET"


def office_file(folder: Path, source: str, *, rehearsal: bool = True) -> Path:
    config = folder / "config"
    config.mkdir()
    text = CONFIG.replace("{adapter: memory}", source)
    text = text.replace("rehearsal: true", f"rehearsal: {str(rehearsal).lower()}")
    (config / "maan.yaml").write_text(text, encoding="utf-8")
    (config / "policy.yaml").write_text(POLICY, encoding="utf-8")
    return config / "maan.yaml"


def test_every_fault_of_a_source_has_its_line_and_column(tmp_path: Path) -> None:
    file = office_file(tmp_path, "{adapter: csv, folder: books, layuot: maan, delivery: daily}")

    with open_office(file, MORNING, Quiet()) as office, pytest.raises(SettingsError) as refused:
        _ = office.administration("jansen").adapter

    faults = refused.value.facts["faults"]
    assert isinstance(faults, tuple)
    assert [(fault.code, fault.line, fault.column) for fault in faults] == [
        ("unknown_key_near", 9, 43),
        ("choice", 9, 67),
    ]


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ("base_url: start.exactonline.nl", ["url_form"]),
        ('base_url: "https://[x"', ["url_form"]),
        ("base_url: https://start.exactonline.nl/api", ["url_form"]),
        ("base_url: http://exact.example", ["url_open"]),
        ("connection: mijn kantoor", ["connection_form"]),
        ("at_handover: {classification: 1, value: A}", ["guid_form"]),
        ("at_handover: blok", ["choice_near"]),
        ("redirect: http://kantoor.example/callback", ["redirect_address"]),
        ("redirect: kantoor.example", ["redirect_address"]),
    ],
)
def test_what_is_wrong_with_a_setting_of_a_package_is_said_once(
    tmp_path: Path, source: str, codes: list[str]
) -> None:
    file = office_file(tmp_path, f"{{adapter: exact, {_APP}, {source}}}")

    with open_office(file, MORNING, Quiet()) as office, pytest.raises(SettingsError) as refused:
        _ = office.administration("jansen").adapter

    faults = refused.value.facts["faults"]
    assert isinstance(faults, tuple)
    assert [fault.code for fault in faults] == codes


def test_an_adapter_that_is_not_installed_is_named_with_those_that_are(tmp_path: Path) -> None:
    file = office_file(tmp_path, "{adapter: exactt}")

    with open_office(file, MORNING, Quiet()) as office, pytest.raises(SettingsError) as refused:
        _ = office.administration("jansen").adapter

    assert refused.value.code == "adapter_unknown"
    assert "csv" in str(refused.value.facts["known"])


def test_an_unknown_administration_is_named_with_those_that_are(tmp_path: Path) -> None:
    file = office_file(tmp_path, "{adapter: csv, folder: books}")

    with open_office(file, MORNING, Quiet()) as office, pytest.raises(RequestError) as refused:
        office.administration("pietersen")

    assert refused.value.facts == {"name": "pietersen", "known": "jansen"}


def test_the_clock_is_set_in_a_rehearsal_only(tmp_path: Path) -> None:
    file = office_file(tmp_path, "{adapter: csv, folder: books}", rehearsal=False)

    with (
        pytest.raises(RequestError) as refused,
        open_office(file, datetime(2026, 1, 1, tzinfo=UTC), Quiet()),
    ):
        pass

    assert refused.value.code == "now_needs_rehearsal"


@pytest.mark.parametrize(
    ("born", "now", "code"),
    [(True, False, "store_of_rehearsal"), (False, True, "store_no_rehearsal")],
)
def test_books_of_a_rehearsal_and_real_ones_never_meet(
    tmp_path: Path, *, born: bool, now: bool, code: str
) -> None:
    file = office_file(tmp_path, "{adapter: csv, folder: books}", rehearsal=born)
    books = tmp_path / "books"
    books.mkdir()
    (books / "receivables.csv").write_text(
        "party_ref;party_name;number;issued;due;currency;open\n1;A;F1;2026-10-01;2026-10-31;EUR;5.00\n",
        encoding="utf-8",
    )
    with open_office(file, None, Quiet()) as office:
        pull(office.administration("jansen"))
    text = file.read_text(encoding="utf-8")
    old, new = f"rehearsal: {str(born).lower()}", f"rehearsal: {str(now).lower()}"
    file.write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(SettingsError) as refused, open_office(file, None, Quiet()):
        pass

    assert refused.value.code == code
