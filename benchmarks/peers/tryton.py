"""Tryton's own dunning wizard on as many overdue lines as we get. Runs in Tryton's virtualenv.

One debtor, one move and one receivable are made the ordinary way and then copied in the database;
only the wizard is timed: the first run, in which every line gets a dunning, and after processing
a second run on the same day, in which nothing is due.
"""

import json
import os
import sys
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from time import perf_counter
from typing import Any

Row = dict[str, Any]


def main(lines: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(  # noqa: TID251  # Tryton reads them while it is imported
            TRYTOND_DATABASE_URI="sqlite://", TRYTOND_DATABASE_PATH=folder, DB_NAME="dunning"
        )
        start = _books(lines)
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        today = start + timedelta(days=18)
        first = _run(today)
        _process()
        idle = _run(today)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    print(json.dumps({"seconds": first, "idle": idle, "peak_mb": int(peak.split()[1]) / 1024}))
    sys.stdout.flush()
    os._exit(0)  # Tryton's threads would keep the process


def _books(lines: int) -> date:
    from proteus import Model  # type: ignore[import-not-found]  # noqa: PLC0415  # its own room
    from trytond import config  # type: ignore[import-not-found]  # noqa: PLC0415
    from trytond.modules.account.tests import tools  # type: ignore[import-not-found]  # noqa: PLC0415
    from trytond.modules.company.tests.tools import (  # type: ignore[import-not-found]  # noqa: PLC0415
        create_company,
    )
    from trytond.tests.tools import activate_modules  # type: ignore[import-not-found]  # noqa: PLC0415

    config.set("database", "path", os.environ["TRYTOND_DATABASE_PATH"])  # noqa: TID251
    activate_modules("account_dunning", create_company, tools.create_chart)
    year = tools.create_fiscalyear()
    year.click("create_period")
    accounts = tools.get_accounts()
    procedure = Model.get("account.dunning.procedure")(name="NL")
    for number, days in enumerate((8, 22, 36), 1):
        level = procedure.levels.new()
        level.sequence, level.overdue = number, timedelta(days)
    procedure.save()
    party = Model.get("party.party")(name="Debtor", dunning_procedure=procedure)
    party.save()
    move = Model.get("account.move")(period=year.periods[0], date=year.periods[0].start_date)
    (move.journal,) = Model.get("account.journal").find([("code", "=", "REV")])
    for account in ("revenue", "receivable"):
        line = move.lines.new()
        line.account = accounts[account]
        if account == "revenue":
            line.credit = Decimal("100.00")
        else:
            line.debit, line.party = Decimal("100.00"), party
            line.maturity_date = move.date
    move.save()
    _multiply(lines, party.id, move)
    return move.date  # type: ignore[no-any-return]  # a record without types


def _multiply(lines: int, party: int, move: Any) -> None:  # noqa: ANN401  # a record of Tryton
    """Copy the debtor, the move and its lines by SQL: lines / 5 debtors, `lines` receivables."""
    from trytond.transaction import Transaction  # type: ignore[import-not-found]  # noqa: PLC0415

    debtors = [party, *range(party + 1, party + max(1, lines // 5))]
    first = move.date
    owed = next(line.id for line in move.lines if line.debit)
    earned = next(line.id for line in move.lines if line.credit)
    base = max(owed, earned) + 1
    with Transaction().start("dunning", 1) as transaction:
        cursor = transaction.connection.cursor()
        cursor.execute("SELECT id FROM party_party_dunning_procedure WHERE party = ?", (party,))
        (own,) = cursor.fetchone()
        _copy(cursor, "party_party", party, [{"id": n, "code": f"B{n}"} for n in debtors[1:]])
        _copy(
            cursor,
            "party_party_dunning_procedure",
            own,
            [{"id": own + n, "party": debtor} for n, debtor in enumerate(debtors) if n],
        )
        copies = range(1, lines)
        _copy(
            cursor,
            "account_move",
            move.id,
            [{"id": move.id + n, "number": f"B{n}"} for n in copies],
        )
        _copy(
            cursor,
            "account_move_line",
            owed,
            [
                {
                    "id": base + 2 * n,
                    "move": move.id + n,
                    "party": debtors[n % len(debtors)],
                    "maturity_date": first + timedelta(days=n % 10),
                }
                for n in copies
            ],
        )
        _copy(cursor, "account_move_line", earned,
              [{"id": base + 2 * n + 1, "move": move.id + n} for n in copies])  # fmt: skip
        transaction.commit()


def _copy(cursor: Any, table: str, key: int, changes: list[Row]) -> None:  # noqa: ANN401  # DB-API
    cursor.execute(f'SELECT * FROM "{table}" WHERE id = ?', (key,))
    columns = [column[0] for column in cursor.description]
    row = dict(zip(columns, cursor.fetchone(), strict=True))
    marks = ", ".join("?" * len(columns))
    names = ", ".join(f'"{column}"' for column in columns)
    rows = [tuple({**row, **change}.values()) for change in changes]
    cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)


def _run(today: date) -> float:
    from proteus import Wizard  # noqa: PLC0415  # its own room

    wizard = Wizard("account.dunning.create")
    wizard.form.date = today
    start = perf_counter()
    wizard.execute("create_")
    return perf_counter() - start


def _process() -> None:
    """Take every dunning from draft to waiting, by the server's own method."""
    from proteus import config as client  # noqa: PLC0415
    from trytond.pool import Pool  # type: ignore[import-not-found]  # noqa: PLC0415
    from trytond.transaction import Transaction  # noqa: PLC0415

    context = dict(client.get_config().context)
    with Transaction().start("dunning", 1, context=context) as transaction:
        dunning = Pool().get("account.dunning")
        drafts = dunning.search([("state", "=", "draft")])
        dunning.process(drafts)
        transaction.commit()
    if not drafts:
        raise SystemExit("Tryton made no dunnings")


if __name__ == "__main__":
    main(int(sys.argv[1]))
