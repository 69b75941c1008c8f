"""The contract of adapters, for a folder of exports."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from adapters.csv.adapter import CsvAdapter
from adapters.csv.settings import CsvSettings
from connector.port.adapter import Adapter, PushOrder, PushVerb
from connector.port.records import ItemId
from connector.port.tools import Tools
from connector.testkit.contract import Ability, AdapterContract, Fault, Mount
from connector.testkit.tools import FakeTools

NAME = "Bakkerij De Wit"
IBAN = "NL91ABNA0417164300"
COLUMNS = (
    "party_ref", "party_name", "iban", "number", "issued", "due", "currency", "open", "total",
    "document",
)  # fmt: skip


@dataclass
class Row:
    number: str
    total: Decimal
    currency: str = "EUR"
    document: str = "invoice"
    payments: list[Decimal] = field(default_factory=list)
    is_broken: bool = False

    def cells(self, fault: Fault | None) -> list[str]:
        rest = f"{self.total - sum(self.payments, Decimal(0)):.2f}".replace(".", ",")
        open_ = "zeven" if self.is_broken or fault is Fault.TYPE_CHANGE else rest
        total = f"{self.total:.2f}".replace(".", ",")
        return [
            "10001", NAME, IBAN, self.number, "2026-09-01", "2026-10-01", self.currency,
            open_, total, self.document,
        ]  # fmt: skip


class CsvMount:
    """A folder with an export of receivables and one of payables, written anew at each change."""

    abilities = frozenset({
        Ability.DELETES, Ability.PAYABLES, Ability.CURRENCIES, Ability.PARTIAL_PAYMENTS,
        Ability.OVERPAYMENTS, Ability.CREDIT_NOTES, Ability.REVERSALS, Ability.BROKEN_ROWS,
    })  # fmt: skip
    faults = frozenset({
        Fault.AWAY_503, Fault.HTML_200, Fault.TRUNCATED, Fault.EMPTY_AFTER_ROWS,
        Fault.UNKNOWN_FIELD, Fault.MISSING_FIELD, Fault.TYPE_CHANGE,
    })  # fmt: skip
    page_rows = 12
    rows_again = 0
    idle_requests = 0
    verbs: tuple[PushVerb, ...] = ()
    confidential = (NAME, IBAN)

    def __init__(self) -> None:
        self._root = Path(tempfile.mkdtemp(prefix="maan-contract-"))
        self.tools = FakeTools(root=self._root)
        self._rows: dict[ItemId, Row] = {}
        self._fault: Fault | None = None
        self._write()

    def adapter(self, tools: Tools) -> Adapter:
        settings = CsvSettings.model_validate({"folder": "books", "layout": "maan"})
        return CsvAdapter(settings=settings, tools=tools)

    def add_invoice(self, amount: Decimal, *, currency: str = "EUR") -> ItemId:
        return self._add("R/", total=amount, currency=currency)

    def add_payable(self, amount: Decimal) -> ItemId:
        return self._add("P/10001/", total=amount)

    def pay(self, item: ItemId, amount: Decimal) -> None:
        self._rows[item].payments.append(amount)
        self._write()

    def reverse(self, item: ItemId) -> None:
        self._rows[item].payments.pop()
        self._write()

    def credit(self, item: ItemId, amount: Decimal) -> ItemId:
        return self._add("R/", total=-amount, document="credit")

    def delete(self, item: ItemId) -> None:
        del self._rows[item]
        self._write()

    def move(self, item: ItemId) -> None:
        raise NotImplementedError

    def break_row(self, item: ItemId) -> None:
        self._rows[item].is_broken = True
        self._write()

    def odd_cursors(self, cursor: str) -> Sequence[str]:
        foreign = '{"files": {"receivables.csv": "00"}, "terms": {"R/F1": {"2026-10-01": 2}}}'
        return [foreign, '{"files": [], "as_of": {"receivables": "2199-01-01"}, "terms": 3}']

    def fault(self, kind: Fault, *, after: int = 0, times: int | None = 1) -> None:
        self._fault = kind
        self._write()

    def heal(self) -> None:
        self._fault = None
        self._write()

    def requests(self) -> int:
        return 0

    def renewals(self) -> int:
        raise NotImplementedError

    def order(self, verb: PushVerb, item: ItemId, key: str) -> PushOrder:
        raise NotImplementedError

    def effects(self, verb: PushVerb, item: ItemId) -> int:
        raise NotImplementedError

    def close(self) -> None:
        shutil.rmtree(self._root)

    def _add(
        self, before: str, *, total: Decimal, currency: str = "EUR", document: str = "invoice"
    ) -> ItemId:
        number = f"F{len(self._rows) + 101}"
        item = ItemId(before + number)
        self._rows[item] = Row(number, total, currency, document)
        self._write()
        return item

    def _write(self) -> None:
        folder = self._root / "books"
        if self._fault is Fault.AWAY_503:
            shutil.rmtree(folder)
            return
        folder.mkdir(exist_ok=True)
        for name, side in (("receivables.csv", "R/"), ("payables.csv", "P/")):
            rows = [row for key, row in self._rows.items() if key.startswith(side)]
            if rows or side == "R/":
                (folder / name).write_text(self._text(rows), encoding="utf-8")

    def _text(self, rows: Sequence[Row]) -> str:
        columns, fault = list(COLUMNS), self._fault
        if fault is Fault.HTML_200:
            return "<!DOCTYPE html><html><body>Log in</body></html>\n"
        lines = [row.cells(fault) for row in rows]
        if fault is Fault.EMPTY_AFTER_ROWS:
            lines = []
        if fault is Fault.UNKNOWN_FIELD:
            columns, lines = [*columns, "brand_new"], [[*line, "x"] for line in lines]
        if fault is Fault.MISSING_FIELD:
            at = columns.index("open")
            columns, lines = _without(columns, at), [_without(line, at) for line in lines]
        text = "".join(";".join(line) + "\n" for line in [columns, *lines])
        return text[: len(text) // 2] if fault is Fault.TRUNCATED else text


class TestCsvContract(AdapterContract):
    left_out = {  # noqa: RUF012  # never changed
        Ability.DELTA: "a folder is read whole at each pull",
        Ability.PAGES: "a file is read in one go; when it changes meanwhile it is refused",
        Ability.RESUMES: "reading again costs nothing",
        Ability.TOKENS: "files need no credentials",
        Ability.BUDGETS: "reading a file is not counted",
        Ability.PUSHES: "nothing can be written back to an export",
        Fault.BAD_CREDENTIALS: "files need no credentials",
        Fault.RATE_LIMITED: "nobody counts how often a file is read",
        Fault.RESET_MIDBODY: "there is no connection",
        Fault.TIMEOUT: "there is no connection",
        Fault.INVALID_JSON: "the files are not JSON",
        Fault.SHORT_LIST: "half an export looks whole; the store waits when much vanishes",
        Fault.TOKEN_EXPIRY: "files need no credentials",
        Fault.WRITE_TIMEOUT_BEFORE: "nothing can be written",
        Fault.WRITE_TIMEOUT_AFTER: "nothing can be written",
    }

    def mount(self) -> Mount:
        return CsvMount()


def _without(cells: Sequence[str], at: int) -> list[str]:
    return [cell for index, cell in enumerate(cells) if index != at]
