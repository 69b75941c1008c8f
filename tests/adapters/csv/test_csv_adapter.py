"""What the folder as a whole means: kinds, ends, ages, cursors, refresh and documents."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.csv.documents import file_stem
from adapters.csv.settings import CsvSettings
from connector.port.adapter import Diagnoses, HasDocuments, Inspects
from connector.port.errors import UnavailableError
from connector.port.plugin import GROUP, Plugin
from connector.port.records import Document, ItemId, Kind
from tests.adapters.csv.folders import (
    MAAN,
    NOW,
    FakeTools,
    Pulled,
    maan,
    make_adapter,
    pull_files,
    pull_rows,
    run,
)


def ids(*keys: str) -> list[ItemId]:
    return [ItemId(key) for key in keys]


def write(folder: Path, *rows: str, name: str = "receivables.csv", header: str = MAAN) -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_the_entry_point_yields_the_plugin() -> None:
    (entry,) = [e for e in entry_points(group=GROUP) if e.name == "csv"]

    plugin = entry.load()

    assert isinstance(plugin, Plugin)
    assert (plugin.name, plugin.settings) == ("csv", CsvSettings)


def test_the_adapter_offers_what_it_can(tmp_path: Path) -> None:
    adapter = make_adapter(tmp_path)

    assert isinstance(adapter, Inspects)
    assert isinstance(adapter, Diagnoses)
    assert isinstance(adapter, HasDocuments)


@pytest.mark.parametrize(
    "wrong",
    [
        {"layuot": "maan"},
        {"layout": "onbekend"},
        {"columns": {"opem": "Open"}},
        {"receivables": {"folder": "x"}},
        {"date_format": "morgen"},
        {"encoding": "cp9999"},
        {"max_file_age": "soon"},
        {"delivery": "partial"},
        {"default_currency": "euro"},
    ],
)
def test_a_wrong_setting_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CsvSettings.model_validate({"folder": "books", **wrong})


def test_settings_of_a_kind_win_over_those_for_all() -> None:
    settings = CsvSettings.model_validate(
        {
            "folder": "books",
            "decimal": "comma",
            "columns": {"number": "Nummer"},
            "payables": {"decimal": "point", "columns": {"invoice_date": ["Dag"]}},
        }
    )

    assert settings.mapping(Kind.RECEIVABLES).decimal == "comma"
    assert settings.mapping(Kind.PAYABLES).decimal == "point"
    assert settings.mapping(Kind.PAYABLES).columns == {"number": ("Nummer",), "issued": ("Dag",)}


def test_a_full_delivery_is_a_snapshot_of_the_kinds_that_are_there(tmp_path: Path) -> None:
    pulled = pull_rows(tmp_path, MAAN, [maan()])

    ends = {kind: (e.delivered, e.complete, e.snapshot) for kind, e in pulled.ends.items()}
    assert ends == {
        Kind.RECEIVABLES: (True, True, True),
        Kind.PAYABLES: (False, True, False),
        Kind.PARTIES: (False, True, False),
    }


def test_a_delta_closes_nothing(tmp_path: Path) -> None:
    pulled = pull_rows(tmp_path, MAAN, [maan()], delivery="delta")

    assert not pulled.receivables.snapshot


def test_an_empty_folder_delivers_nothing(tmp_path: Path) -> None:
    pulled = run(make_adapter(tmp_path))

    assert not any(end.delivered for end in pulled.ends.values())


def test_a_missing_folder_is_told_as_such(tmp_path: Path) -> None:
    adapter = make_adapter(tmp_path, folder="elders")

    with pytest.raises(UnavailableError) as caught:
        run(adapter)

    assert caught.value.code == "csv.folder_missing"


def test_several_files_of_a_kind_are_read_together_whatever_their_case(tmp_path: Path) -> None:
    write(tmp_path, maan("F1"), name="Receivables-2025.CSV")
    write(tmp_path, maan("F2"), name="receivables-2026.csv")
    (tmp_path / "receivables.txt").write_text("aantekening")

    pulled = run(make_adapter(tmp_path))

    assert [item.number for item in pulled.items] == ["F1", "F2"]
    assert pulled.doubts == ["file.not_ours"]


def test_one_refused_file_keeps_its_kind_from_closing(tmp_path: Path) -> None:
    write(tmp_path, maan("F1"), name="receivables-1.csv")
    write(tmp_path, name="receivables-2.csv")

    pulled = run(make_adapter(tmp_path))

    assert pulled.faults == [("receivables-2.csv:0", "file.no_rows")]
    assert (pulled.receivables.delivered, pulled.receivables.complete) == (True, False)


def test_nothing_open_needs_a_word(tmp_path: Path) -> None:
    write(tmp_path)

    plain = run(make_adapter(tmp_path)).receivables
    by_setting = run(make_adapter(tmp_path, allow_empty=True)).receivables
    by_word = run(make_adapter(tmp_path), accept=True).receivables

    assert (plain.delivered, plain.complete) == (True, False)
    for end in (by_setting, by_word):
        assert (end.complete, end.snapshot, end.closes) == (True, True, True)


def test_a_row_whose_invoice_is_unknown_closes_nothing(tmp_path: Path) -> None:
    known = pull_rows(tmp_path, MAAN, [maan("F1"), maan("F2", open_="x")])
    unknown = pull_rows(tmp_path, MAAN, [maan("F1"), maan("", open_="5,00")])

    assert (known.held, known.receivables.closes) == (["R/F2"], True)
    assert (unknown.held, unknown.receivables.closes) == ([], False)


def test_nothing_open_any_more_is_settled(tmp_path: Path) -> None:
    header = MAAN + ";total;paid_on"

    pulled = pull_rows(tmp_path, header, [maan(open_="0,00") + ";121,00;2026-11-20"])

    assert (pulled.item.open.amount, str(pulled.item.paid_on)) == (Decimal("0.00"), "2026-11-20")


@pytest.mark.parametrize(
    ("document", "open_", "expected"),
    [
        ("credit", "50,00", (Document.CREDIT, "-50.00")),
        ("credit", "-50,00", (Document.CREDIT, "-50.00")),
        ("payment", "50,00", (Document.PAYMENT, "-50.00")),
        ("invoice", "50,00", (Document.INVOICE, "50.00")),
        ("", "-50,00", (Document.CREDIT, "-50.00")),
    ],
)
def test_credits_and_payments_are_below_zero(
    document: str, open_: str, expected: tuple[Document, str], tmp_path: Path
) -> None:
    pulled = pull_rows(tmp_path, MAAN + ";document", [f"{maan(open_=open_)};{document}"])

    assert (pulled.item.document, str(pulled.item.open)) == expected


def test_a_negative_invoice_is_held(tmp_path: Path) -> None:
    pulled = pull_rows(tmp_path, MAAN + ";document", [maan(open_="-5,00") + ";invoice"])

    assert [code for _, code in pulled.faults] == ["row.sign_conflict"]


def test_all_columns_of_layout_maan_arrive(tmp_path: Path) -> None:
    header = (
        MAAN + ";total;vat;document;party_kind;language;email;phone;street;postcode;city;country"
        ";kvk;vat_id;iban;reference;description;names_invoice;paid_on;sent_on;sent_via;contract"
        ";basis;disputed;direct_debit;factored;tags"
    )
    row = (
        maan() + ";242,00;42,00;factuur;company;nl;info@dewit.example;030-1234567;Dorpsstraat 1"
        ";1234ab;Utrecht;Nederland;12345678;NL000099998B57;NL91 ABNA 0417 1643 00;RF1;Advies;F0"
        ";2026-11-01;2026-09-01;email;C-9;services;ja;x;nee;vip, horeca"
    )

    pulled = pull_rows(tmp_path, header, [row])

    item, party = pulled.item, pulled.parties["10001"]
    assert (str(item.total), str(item.vat), item.reference) == ("242.00", "42.00", "RF1")
    assert (item.disputed, item.direct_debit, item.factored) == (True, True, False)
    assert (item.basis, item.tags, item.sent_via) == ("services", ("vip", "horeca"), "email")
    assert (party.kind, party.postcode, party.country) == ("company", "1234 AB", "NL")
    assert (party.iban, party.vat_id) == ("NL91ABNA0417164300", "NL000099998B57")
    assert item.raw["_line"] == 2
    assert item.raw["email"] == "info@dewit.example"


def test_a_bad_contact_detail_is_left_out_and_the_item_stays(tmp_path: Path) -> None:
    header = MAAN + ";email;iban;kvk;postcode;country;vat_id;phone;language;party_kind"
    row = maan() + ";a@b@c;NL00ABNA;123;99;NL;NL1;bel me;klingon;alien"

    pulled = pull_rows(tmp_path, header, [row])

    party = pulled.parties["10001"]
    assert pulled.item.number == "F1"
    assert (party.email, party.iban, party.kvk, party.postcode) == (None, None, None, None)
    assert sorted(pulled.doubts) == sorted(
        f"row.{name}_invalid"
        for name in [
            "email",
            "iban",
            "kvk",
            "postcode",
            "vat_id",
            "phone",
            "language",
            "party_kind",
        ]
    )


def test_an_address_can_not_carry_a_mail_header(tmp_path: Path) -> None:
    row = maan() + ';"a@b.example\nBcc: c@d.example"'

    pulled = pull_rows(tmp_path, MAAN + ";email", [row])

    assert pulled.parties["10001"].email is None


def test_the_parties_file_wins_and_the_receivables_fill_its_gaps(tmp_path: Path) -> None:
    pulled = pull_files(
        tmp_path,
        {
            "receivables.csv": f"{MAAN};email;city\n{maan()};oud@dewit.example;Utrecht\n",
            "parties.csv": "party_ref;party_name;email\n10001;De Wit B.V.;nieuw@dewit.example\n",
        },
    )

    party = pulled.parties["10001"]
    assert (party.name, party.email, party.city) == (
        "De Wit B.V.",
        "nieuw@dewit.example",
        "Utrecht",
    )
    assert pulled.doubts == ["debtor.name_conflict"]


def test_one_number_with_two_names_is_doubtful(tmp_path: Path) -> None:
    pulled = pull_rows(tmp_path, MAAN, [maan("F1"), maan("F2", name="Slager Bos")])

    assert pulled.doubts == ["debtor.name_conflict"]
    assert pulled.parties["10001"].name == "Bakkerij De Wit"


def test_a_refused_file_says_nothing_of_parties(tmp_path: Path) -> None:
    pulled = pull_rows(tmp_path, MAAN, [maan(open_="1.234")])

    assert pulled.parties == {}


def test_terms_of_one_invoice_keep_their_numbers(tmp_path: Path) -> None:
    both = [maan(due="2026-10-01"), maan(due="2026-11-01")]
    first = pull_rows(tmp_path, MAAN, both, duplicates="terms")
    assert first.end is not None

    write(tmp_path, both[1])
    later = run(make_adapter(tmp_path, duplicates="terms"), first.end.cursor)

    assert [item.id for item in first.items] == ["R/F1", "R/F1#2"]
    assert [item.id for item in later.items] == ["R/F1#2"]


def test_terms_that_are_not_configured_are_held_together(tmp_path: Path) -> None:
    pulled = pull_rows(tmp_path, MAAN, [maan(due="2026-10-01"), maan(due="2026-11-01")])

    assert [code for _, code in pulled.faults] == ["row.duplicate_invoice"] * 2
    assert pulled.held == ["R/F1", "R/F1#2"]


def test_one_unreadable_row_holds_the_whole_invoice(tmp_path: Path) -> None:
    rows = [maan(due="2026-10-01"), maan(due="2026-11-01", open_="x")]

    pulled = pull_rows(tmp_path, MAAN, rows, duplicates="terms")

    assert (pulled.items, pulled.held) == ([], ["R/F1", "R/F1#2"])


def test_rows_of_one_amount_are_added_up(tmp_path: Path) -> None:
    rows = [maan(open_="100,00") + ";300,00", maan(open_="21,00") + ";300,00"]

    pulled = pull_rows(tmp_path, MAAN + ";total", rows, duplicates="sum")

    assert (str(pulled.item.open), str(pulled.item.total)) == ("121.00", "300.00")


def test_a_supplier_may_use_the_number_of_another(tmp_path: Path) -> None:
    write(tmp_path, maan(ref="1"), maan(ref="2"), name="payables.csv")

    pulled = run(make_adapter(tmp_path))

    assert [item.id for item in pulled.items] == ["P/1/F1", "P/2/F1"]


def test_a_rare_currency_keeps_its_decimals(tmp_path: Path) -> None:
    rows = [maan("F1", currency="BHD", open_="1,250"), maan("F2", currency="JPY", open_="1,50")]

    pulled = pull_rows(tmp_path, MAAN, rows, decimal="comma")

    assert str(pulled.item.open) == "1.250"
    assert [code for _, code in pulled.faults] == ["row.amount_precision"]


def test_an_unchanged_folder_pulls_the_same_again(tmp_path: Path) -> None:
    first = pull_rows(tmp_path, MAAN, [maan()])
    assert first.end is not None

    again = run(make_adapter(tmp_path), first.end.cursor)

    assert (again.items, again.ends, again.end) == (first.items, first.ends, first.end)


def export_of(day: str) -> str:
    return f"Openstaande posten\nPeildatum: {day}\n{MAAN}\n{maan()}\n"


def test_the_age_is_the_export_s_own_date(tmp_path: Path) -> None:
    pulled = pull_files(tmp_path, {"receivables.csv": export_of("20-11-2026")})

    assert pulled.receivables.as_of == datetime(2026, 11, 20, 23, 0, tzinfo=UTC)


def test_an_export_of_today_is_as_new_as_the_pull(tmp_path: Path) -> None:
    pulled = pull_files(tmp_path, {"receivables.csv": export_of("22-11-2026")})

    assert pulled.receivables.as_of == NOW


def test_an_older_export_than_the_last_is_refused(tmp_path: Path) -> None:
    newer = pull_files(tmp_path, {"receivables.csv": export_of("20-11-2026")})
    assert newer.end is not None

    older = pull_files(
        tmp_path, {"receivables.csv": export_of("13-11-2026")}, cursor=newer.end.cursor
    )

    assert [code for _, code in older.faults] == ["file.older_than_last"]
    assert (older.items, older.parties, older.receivables.complete) == ([], {}, False)


@pytest.mark.parametrize(("rehearsal", "is_stale"), [(True, False), (False, True)])
def test_a_file_of_last_week_is_stale_outside_a_rehearsal(
    rehearsal: bool, is_stale: bool, tmp_path: Path
) -> None:
    path = write(tmp_path, maan())
    written = NOW - timedelta(days=7)
    os.utime(path, (written.timestamp(), written.timestamp()))

    pulled = run(make_adapter(tmp_path, tools=FakeTools(tmp_path, rehearsal=rehearsal)))

    assert pulled.receivables.as_of == (written if is_stale else NOW)
    assert pulled.doubts == (["file.stale"] if is_stale else [])


def test_refresh_tells_present_gone_and_unreadable_apart(tmp_path: Path) -> None:
    write(tmp_path, maan("F1"), maan("F2", open_="x"))
    adapter = make_adapter(tmp_path)

    found = adapter.refresh(ids("R/F1", "R/F2", "R/F9", "P/1/F1"))

    assert [item.id for item in found.items] == ["R/F1"]
    assert (found.gone, found.unreadable) == (("R/F9",), ("R/F2", "P/1/F1"))
    assert found.as_of == NOW


def test_refresh_sees_a_file_that_changed_since_the_last_look(tmp_path: Path) -> None:
    write(tmp_path, maan("F1"))
    adapter = make_adapter(tmp_path)
    before = adapter.refresh(ids("R/F1"))
    write(tmp_path, maan("F1", open_="0,00"))

    after = adapter.refresh(ids("R/F1"))

    assert [str(item.open) for item in (*before.items, *after.items)] == ["121.00", "0.00"]


def test_refresh_from_a_refused_file_knows_nothing(tmp_path: Path) -> None:
    write(tmp_path)

    found = make_adapter(tmp_path).refresh(ids("R/F1"))

    assert (found.gone, found.unreadable) == ((), ("R/F1",))


def test_refresh_of_changes_only_never_calls_an_item_gone(tmp_path: Path) -> None:
    write(tmp_path, maan("F1"))

    found = make_adapter(tmp_path, delivery="delta").refresh(ids("R/F9"))

    assert (found.items, found.gone, found.unreadable) == ((), (), ())


def test_refresh_calls_nothing_gone_when_a_key_is_unknown(tmp_path: Path) -> None:
    write(tmp_path, maan("F1"), maan(""))

    found = make_adapter(tmp_path).refresh(ids("R/F9"))

    assert (found.gone, found.unreadable) == ((), ("R/F9",))


def test_inspect_shows_what_would_be_read(tmp_path: Path) -> None:
    write(tmp_path, maan("F1") + ";x", maan("F2", open_="x") + ";x", header=MAAN + ";Iets")

    (file,) = make_adapter(tmp_path).inspect()

    assert (file.name, file.kind, file.rows) == ("receivables.csv", "receivables", 2)
    assert [str(total) for total in file.totals] == ["121.00"]
    assert file.columns["open"] == "open"
    assert file.ignored_columns == ("Iets",)
    assert file.dialect["decimal"] == "comma"
    assert file.dialect["date_format.due"] == "yyyy-mm-dd"
    assert [fault.reason for fault in file.rejected] == ["row.amount_invalid"]


def test_diagnose_names_what_is_wrong(tmp_path: Path) -> None:
    write(tmp_path, name="payables.csv")

    found = [(line.ok, line.code) for line in make_adapter(tmp_path).diagnose()]

    assert found == [(False, "csv.no_receivables"), (True, "csv.files"), (False, "file.no_rows")]
    lost = make_adapter(tmp_path, folder="elders").diagnose()
    assert [(line.ok, line.code) for line in lost] == [(False, "csv.folder_missing")]


def test_an_invoice_is_found_by_its_number(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "2026-1187.pdf").write_bytes(b"%PDF-1.7 ...")
    (folder / "F2.pdf").write_bytes(b"<html>")
    (tmp_path / "geheim.pdf").write_bytes(b"%PDF-1.7 secret")
    (folder / "F3.pdf").symlink_to(tmp_path / "geheim.pdf")
    adapter = make_adapter(tmp_path)

    def pdf(number: str, key: str = "R/x") -> bytes | None:
        return adapter.invoice_pdf(ItemId(key), number)

    assert pdf("2026/1187") == b"%PDF-1.7 ..."
    assert [pdf("F2"), pdf("F3"), pdf("F9"), pdf("../geheim"), pdf("2026/1187", "P/x")] == [
        None
    ] * 5


@pytest.mark.parametrize("number", ["", "..", "/", "con", "x" * 200])
def test_a_number_that_is_no_file_name_finds_nothing(number: str) -> None:
    assert file_stem(number) is None


def test_a_total_of_two_currencies_is_not_compared(tmp_path: Path) -> None:
    rows = [maan("F1"), maan("F2", currency="USD"), ";;Totaal;;;;242,00"]

    pulled = pull_rows(tmp_path, MAAN, rows)

    assert (len(pulled.items), pulled.doubts) == (2, ["file.total_unchecked"])


def test_nothing_of_these_tests_needs_a_folder_outside(tmp_path: Path) -> None:
    here = Path(__file__).parent

    texts = [
        path.read_text("utf-8") for path in here.glob("*.py") if path.name != Path(__file__).name
    ]

    assert not any("shared/" in text for text in texts)


def test_equal_pulls_are_equal_to_the_last_field(tmp_path: Path) -> None:
    one, other = (pull_rows(tmp_path, MAAN, [maan()]) for _ in range(2))

    assert isinstance(one, Pulled)
    assert one.item == replace(other.item)
