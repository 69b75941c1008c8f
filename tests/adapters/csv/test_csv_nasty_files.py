"""Files as they come: read rightly, or refused with a reason; never a traceback, never a guess."""

import gzip
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.csv.folders import MAAN, maan, pull_files

HEAD = "Debiteurnummer;Debiteurnaam;Factuurnummer;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand"
ROW = "10001;Bakkerij De Wit;F1;01-09-2026;01-10-2026;1.210,00;1.210,00"
OTHER = "10002;Café Ons;F2;25-09-2026;25-10-2026;605,00;500,00"


@dataclass(frozen=True)
class Case:
    name: str
    content: bytes
    opens: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    file: str = "receivables.csv"


def text(*lines: str, end: str = "\r\n") -> str:
    return end.join(lines) + end


def plain(*lines: str) -> bytes:
    return text(HEAD, *lines).encode()


def dates(one: str, other: str) -> bytes:
    return plain(f"1;A;F1;{one};;10,00;10,00", f"1;A;F2;{other};;10,00;10,00")


def amount(value: str, *more: str) -> bytes:
    rows = [f"1;A;F{i};01-09-2026;01-10-2026;;{v}" for i, v in enumerate((value, *more), 1)]
    return plain(*rows)


TWO = ("1210.00", "500.00")
READ = [
    Case("utf8_bom", text(HEAD, ROW, OTHER).encode("utf-8-sig"), TWO),
    Case("cp1252", text(HEAD, ROW, OTHER).encode("cp1252"), TWO, (), ("file.encoding_uncertain",)),
    Case("utf16", text(HEAD, ROW, OTHER).encode("utf-16"), TWO),
    Case(
        "utf16_without_bom",
        text(HEAD, ROW, OTHER).encode("utf-16-le"),
        TWO,
        (),
        ("file.encoding_uncertain",),
    ),
    Case("cp850_by_setting", text(HEAD, ROW, OTHER).encode("cp850"), TWO, settings={"encoding": "cp850"}),
    Case("tabs", text(HEAD, ROW, OTHER).replace(";", "\t").encode(), TWO),
    Case("bars", text(HEAD, ROW, OTHER).replace(";", "|").encode(), TWO),
    Case("lone_returns", text(HEAD, ROW, OTHER, end="\r").encode(), TWO),
    Case("sep_line", text("sep=;", HEAD, ROW, OTHER).encode(), TWO),
    Case("preamble", text("Openstaande posten", "", "Jansen B.V.;;", HEAD, ROW, OTHER).encode(), TWO),
    Case("header_again", plain(ROW, HEAD, OTHER), TWO),
    Case("footer", plain(ROW, OTHER, "Pagina 1 van 1"), TWO),
    Case("blank_rows", plain(ROW, "", ";;;;;;", OTHER, "\x1a"), TWO),
    Case("trailing_delimiter", text(HEAD + ";", ROW + ";", OTHER + ";").encode(), TWO),
    Case("total_that_fits", plain(ROW, OTHER, "Totaal;;;;;1.815,00;1.710,00"), TWO),
    Case("subtotals_that_fit", plain(ROW, "Subtotaal;;;;;;1.210,00", OTHER, "Totaal;;;;;;1.710,00"), TWO),
    Case("total_ignored", plain(ROW, "Totaal;;;;;;1,00"), ("1210.00",), settings={"total_row": "ignore"}),
    Case(
        "quoted_newline",
        plain('10001;"Bakkerij\nDe Wit";F1;01-09-2026;01-10-2026;1,00;1,00', ROW.replace("F1", "F3")),
        ("1.00", "1210.00"),
    ),
    Case("debit_credit", text("Debiteur;Factuurnr.;Datum;Vervaldatum;Debet;Credit;Saldo",
        "1;F1;01-09-26;01-10-26;1210.00;;1210.00", "1;F2;15-09-26;15-09-26;;121.00;1089.00").encode(), ("1210.00", "-121.00")),
    Case("dc_column", text("Debiteurnummer;Factuurnr;Bedrag;D/C", "1;F1;10,00;D", "1;F2;4,00;Credit").encode(),
        ("10.00", "-4.00"), (), ("file.due_date_absent",)),
    Case("negative_forms", amount("50,00", "-/- 1,00", "2,00-", "(3,00)", "€ -4,00", "5,00 CR", "1,25", "2,50", "3,00", "7,00", "9,00"),
        ("50.00", "-1.00", "-2.00", "-3.00", "-4.00", "-5.00", "1.25", "2.50", "3.00", "7.00", "9.00")),
    Case("money_marks", amount("€ 1.234,50", "1 234,50", "1\u00a0234,50", "EUR 12,00", "1.234,-", "12,--"),
        ("1234.50", "1234.50", "1234.50", "12.00", "1234.00", "12.00")),
    Case("point_decimals", amount("1,234.50", "99.95"), ("1234.50", "99.95")),
    Case("whole_numbers", amount("1210", "5"), ("1210.00", "5.00")),
    Case("one_decimal", amount("1210.0", "5.5"), ("1210.00", "5.50")),
    Case("ambiguous_with_setting", amount("1.234"), ("1234.00",), settings={"decimal": "comma"}),
    Case("excel_serials", dates("46327", "46266"), ("10.00", "10.00"), settings={"payment_term_days": 30}),
    Case("month_names", dates("1 okt 2026", "15-mei-26"), ("10.00", "10.00"), settings={"payment_term_days": 30}),
    Case("compact_dates", dates("20261001", "20260915"), ("10.00", "10.00"), settings={"payment_term_days": 30}),
    Case("dates_with_time", dates("2026-10-01T00:00:00Z", "2026-09-15 12:30"), ("10.00", "10.00"), settings={"payment_term_days": 30}),
    Case("month_first_by_setting", dates("10/25/2026", "09/01/2026"), ("10.00", "10.00"),
        settings={"payment_term_days": 30, "day_first": False}),
    Case("open_from_total_and_paid", text("Debiteurnummer;Factuurnr;Factuurbedrag;Betaald", "1;F1;10,00;4,00").encode(),
        ("6.00",), (), ("file.due_date_absent",)),
    Case("no_final_newline", text(HEAD, ROW).rstrip().encode(), ("1210.00",), (), ("file.no_final_newline",)),
    Case("unknown_columns", text("Iets;" + HEAD, "x;" + ROW).encode(), ("1210.00",)),
    Case("debtor_called_total", plain(ROW.replace("Bakkerij De Wit", "Total")), ("1210.00",)),
    Case("forbidden_column", text(HEAD + ";BSN", ROW + ";123456782").encode(), ("1210.00",), (), ("file.forbidden_column",)),
    Case("text_named_xlsx", plain(ROW), ("1210.00",), (), ("file.extension_mismatch",), file="receivables.xlsx"),
    Case("same_row_twice", plain(ROW, ROW, OTHER), ("500.00", "1210.00"), (), ("row.duplicate_collapsed",)),
]  # fmt: skip
HELD = [
    Case("thirty_first_of_february", plain(ROW.replace("01-09", "31-02"), OTHER), ("500.00",), ("row.date_invalid",)),
    Case("no_date", plain(ROW.replace("01-10-2026", "nvt"), OTHER), ("500.00",), ("row.date_invalid",)),
    Case("far_future", plain(ROW.replace("01-10-2026", "01-10-2126"), OTHER), ("500.00",), ("row.date_implausible",)),
    Case("due_before_invoice", plain(ROW.replace("01-10-2026", "01-08-2026"), OTHER), ("500.00",), ("row.due_before_invoice",)),
    Case("due_missing", plain(ROW.replace("01-10-2026", ""), OTHER), ("500.00",), ("row.due_date_missing",)),
    Case("issued_missing", plain(ROW.replace("01-09-2026", ""), OTHER), ("500.00",), ("row.invoice_date_missing",)),
    Case("number_missing", plain(ROW.replace("F1", ""), OTHER), ("500.00",), ("row.invoice_number_missing",)),
    Case("number_damaged", plain(ROW.replace("F1", "2,03E+09"), OTHER), ("500.00",), ("row.invoice_number_damaged",)),
    Case("debtor_missing", plain(ROW.replace("10001", ""), OTHER), ("500.00",), ("row.debtor_missing",)),
    Case("wide_row", plain(ROW + ";iets", OTHER), ("500.00",), ("row.column_count",)),
    Case("short_row", plain("10001;A;F1", OTHER), ("500.00",), ("row.column_count",)),
    Case("not_a_number", amount("NaN", "5,00"), ("5.00",), ("row.amount_invalid",)),
    Case("infinity", amount("Infinity", "5,00"), ("5.00",), ("row.amount_invalid",)),
    Case("exponent", amount("1E3", "5,00"), ("5.00",), ("row.amount_invalid",)),
    Case("underscore", amount("1_000", "5,00"), ("5.00",), ("row.amount_invalid",)),
    Case("other_digits", amount("١٢٣", "5,00"), ("5.00",), ("row.amount_invalid",)),
    Case("three_decimals", amount("12,345", "5,00"), ("5.00",), ("row.amount_precision",)),
    Case("broken_groups", amount("1.23.456,00", "5,00"), ("5.00",), ("row.amount_invalid",)),
    Case("too_much", amount("9999999999,00", "5,00"), ("5.00",), ("row.amount_out_of_range",)),
    Case("nothing_open_said", amount("", "5,00"), ("5.00",), ("row.amount_missing",)),
    Case("more_open_than_total", plain(ROW.replace("1.210,00;", "121,00;"), OTHER), ("500.00",), ("row.open_exceeds_total",)),
    Case("signs_differ", plain(ROW.replace(";1.210,00;", ";-1.210,00;"), OTHER), ("500.00",), ("row.sign_conflict",)),
    Case("control_characters", plain(ROW.replace("F1", "F\x071"), OTHER), ("500.00",), ("row.control_characters",)),
    Case("long_cell", plain(ROW.replace("De Wit", "x" * 11_000), OTHER), ("500.00",), ("row.field_too_large",)),
    Case("paid_does_not_fit", text("Debiteurnummer;Factuurnr;Factuurbedrag;Betaald;Openstaand", "1;F1;10,00;4,00;5,00", "1;F2;9,00;0,00;9,00").encode(),
        ("9.00",), ("row.balance_mismatch",), ("file.due_date_absent",)),
    Case("dc_unclear", text("Debiteurnummer;Factuurnr;Bedrag;D/C", "1;F1;10,00;?", "1;F2;4,00;D").encode(),
        ("4.00",), ("row.dc_invalid",), ("file.due_date_absent",)),
    Case("dc_and_minus", text("Debiteurnummer;Factuurnr;Bedrag;D/C", "1;F1;-10,00;D", "1;F2;4,00;D").encode(),
        ("4.00",), ("row.sign_conflict",), ("file.due_date_absent",)),
    Case("currency_unknown", text(HEAD + ";Valuta", ROW + ";XXQ", OTHER + ";EUR").encode(), ("500.00",), ("row.currency_invalid",)),
    Case("currency_empty", text(HEAD + ";Valuta", ROW + ";", OTHER + ";EUR").encode(), ("500.00",), ("row.currency_invalid",)),
    Case("flag_unclear", text(HEAD + ";Betwist", ROW + ";misschien", OTHER + ";nee").encode(), ("500.00",), ("row.flag_invalid",)),
    Case("same_number_two_debtors", plain(ROW, ROW.replace("10001", "10009"), OTHER), ("500.00",), ("row.duplicate_invoice",) * 2),
]  # fmt: skip
REFUSED = [
    Case("empty", b"", faults=("file.empty",)),
    Case("only_bom", b"\xef\xbb\xbf\r\n", faults=("file.empty",)),
    Case("header_only", plain(), faults=("file.no_rows",)),
    Case("total_only", plain("Totaal;;;;;;0,00"), faults=("file.no_rows",)),
    Case("no_header", text(ROW, OTHER).encode(), faults=("file.header_missing",)),
    Case("prose", b"Geachte heer,\nHierbij de lijst\n", faults=("file.header_missing",)),
    Case("one_word_a_line", b"een\ntwee\n", faults=("file.not_csv",)),
    Case("html", b"<!DOCTYPE html><html><body>login</body></html>", faults=("file.is_html",)),
    Case("html_table_named_xls", b"\xef\xbb\xbf <table><tr><td>Factuurnummer</td></tr></table>", faults=("file.is_html",)),
    Case("xml", b"<?xml version='1.0'?><auditfile/>", faults=("file.is_xml",)),
    Case("pdf", b"%PDF-1.7\n%\xe2\xe3", faults=("file.is_pdf",)),
    Case("old_xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, faults=("file.is_old_xls",)),
    Case("gzip", gzip.compress(plain(ROW)), faults=("file.is_archive",)),
    Case("broken_zip", b"PK\x03\x04" + b"abc" * 50, faults=("file.truncated",), file="receivables.xlsx"),
    Case("nul_bytes", plain(ROW, OTHER.replace("F2", "F\x002")), faults=("file.nul_bytes",)),
    Case("binary", HEAD.encode() + b"\n" + bytes(range(1, 9)) * 200, faults=("file.not_text",)),
    Case("undefined_bytes", plain(ROW) + b"\x81\xff\xe9", faults=("file.encoding",)),
    Case("unclosed_quote", plain(ROW, '10002;"Café;F2;25-09-2026;25-10-2026;605,00;500,00'), faults=("file.unclosed_quote",)),
    Case("stray_quote", plain('1;"A"b;F1;01-09-2026;01-10-2026;1,00;1,00'), faults=("file.stray_quote",)),
    Case("endless_line", (HEAD + "\n" + "x" * 10_000_000).encode(), faults=("file.field_too_large",)),
    Case("truncated", (text(HEAD, ROW) + OTHER[:-20]).encode(), faults=("file.truncated",)),
    Case("mixed_line_ends", (HEAD + "\n" + ROW + "\r" + OTHER + "\n").encode(), faults=("file.line_endings",)),
    Case("header_twice", text(HEAD + ";Openstaand", ROW + ";1,00").encode(), faults=("file.header_duplicate",)),
    Case("two_open_columns", text(HEAD + ";Nog te betalen", ROW + ";1,00").encode(), faults=("file.header_ambiguous",)),
    Case("no_open_column", text("Debiteurnummer;Factuurnummer;Vervaldatum", "1;F1;01-10-2026").encode(), faults=("file.column_missing",)),
    Case("too_many_columns", text(HEAD + ";x" * 600, ROW).encode(), faults=("file.too_wide",)),
    Case("total_does_not_fit", plain(ROW, OTHER, "Totaal;;;;;;1.700,00"), faults=("file.total_mismatch",)),
    Case("month_first", dates("10/25/2026", "09/01/2026"), faults=("file.date_format_conflict",)),
    Case("only_month_first", dates("10/25/2026", "09/30/2026"), faults=("file.date_format_conflict",)),
    Case("two_date_formats", dates("2026-10-01", "15-09-2026"), faults=("file.date_format_conflict",)),
    Case("comma_and_point", amount("1.234,50", "1,234.50"), faults=("file.number_format_conflict",)),
    Case("one_thousand_or_one", amount("1.234"), faults=("file.number_format_ambiguous",)),
    Case("all_negative", amount("-10,00", "-20,00"), faults=("file.sign_suspect",)),
    Case("report_by_group", plain("10001 Bakkerij De Wit;;;;;;", ";;F1;01-09-2026;01-10-2026;10,00;10,00"), faults=("file.report_layout",)),
    Case("text_where_workbook_must_be", plain(ROW), faults=("file.not_xlsx",), settings={"format": "xlsx"}),
]  # fmt: skip


@pytest.mark.parametrize("case", [*READ, *HELD, *REFUSED], ids=lambda case: case.name)
def test_a_file_is_read_held_or_refused_with_its_reason(case: Case, tmp_path: Path) -> None:
    pulled = pull_files(tmp_path, {case.file: case.content}, **{"layout": "auto", **case.settings})

    assert [str(item.open) for item in pulled.items] == list(case.opens)
    assert [reason for _, reason in pulled.faults] == list(case.faults)
    assert pulled.doubts == list(case.doubts)
    is_refused = any(code.startswith("file.") for code in case.faults)
    assert pulled.receivables.complete is not is_refused
    assert pulled.end is not None


@pytest.mark.parametrize("case", HELD, ids=lambda case: case.name)
def test_a_held_row_stays_known_or_nothing_may_close(case: Case, tmp_path: Path) -> None:
    pulled = pull_files(tmp_path, {case.file: case.content}, **{"layout": "auto", **case.settings})

    assert bool(pulled.held) is pulled.receivables.closes
    assert not {item.id for item in pulled.items} & set(pulled.held)


def test_an_ambiguous_amount_shows_both_readings(tmp_path: Path) -> None:
    pulled = pull_files(tmp_path, {"receivables.csv": amount("1.234")}, layout="auto")

    (fault,) = pulled.rejected
    assert fault.where == "receivables.csv:2:open"
    assert (fault.facts["as_comma"], fault.facts["as_point"]) == ("1234", "1.234")


def test_a_citizen_number_is_kept_nowhere(tmp_path: Path) -> None:
    content = text(HEAD + ";BSN-nummer;Geboortedatum", ROW + ";123456782;01-01-1980")

    pulled = pull_files(tmp_path, {"receivables.csv": content}, layout="auto")

    assert "123456782" not in repr(pulled)
    assert "1980" not in repr(pulled)


def test_a_place_is_the_physical_line(tmp_path: Path) -> None:
    rows = text(
        MAAN, maan().replace("Bakkerij De Wit", '"Bakkerij\nDe Wit"'), maan("F2", open_="x")
    )

    pulled = pull_files(tmp_path, {"receivables.csv": rows})

    assert pulled.faults == [("receivables.csv:4:open", "row.amount_invalid")]
