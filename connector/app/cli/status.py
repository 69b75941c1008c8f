"""`maan status`: one screen over all administrations."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from connector.app.cli import several, wording
from connector.app.cli.shell import Shell

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.flow.look import Standing


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `status`."""

    @app.command("status", help=shell.help("status"))
    def status() -> None:
        from connector.flow.look import standing  # noqa: PLC0415  # help does without

        with shell.office() as office:
            tried = several.try_each(office.administrations(), standing)
        done = several.results(tried)
        payload = {
            "administrations": [
                several.error_entry(shell, each, name="id")
                if each.result is None
                else _entry(shell, each.result)
                for each in tried
            ]
        }
        shell.show(payload, lambda: _page(shell, list(done.values())))
        several.say_errors(shell, tried)
        raise shell.exit(several.gravest(several.error_codes(tried)))


def _entry(shell: Shell, one: "Standing") -> dict[str, object]:
    return {
        "id": one.administration,
        "fresh": not one.distrust,
        "reasons": [wording.coded(shell, r.code, r.facts) for r in one.distrust],
        "data_from": one.state.data_from,
        "bank_through": one.state.bank_through,
        "mode": one.mode,
        "open": [
            {"ledger": s.ledger, "currency": s.amount.currency, "count": s.count,
             "amount": s.amount, "overdue": s.overdue}
            for s in one.sums
        ],
        "debtors": {"count": one.debtors, "unknown_kind": one.unknown_kinds},
        "waiting": dict(one.waiting),
        "attention": one.asked,
        "delivered": {"today": one.sent_today, "this_week": one.sent_this_week},
    }  # fmt: skip


def _page(shell: Shell, standings: "Sequence[Standing]") -> "RenderableType":
    parts: list[RenderableType] = []
    for one in standings:
        parts += [*_lines(shell, one), ""]
    return wording.page(*parts)


def _lines(shell: Shell, one: "Standing") -> "list[RenderableType]":
    text = shell.text
    head = "status_no_policy" if one.mode is None else "status_head"
    mode = wording.word(shell, "mode", one.mode)
    parts: list[RenderableType] = [
        wording.heading(text(head, administration=one.administration, mode=mode))
    ]
    if one.distrust:
        lines = [wording.reason_text(shell, r.code, r.facts) for r in one.distrust]
        parts += [text("status_not_fresh"), wording.bullets(lines)]
    else:
        through = one.state.bank_through
        code = "status_fresh" if through else "status_fresh_bank_unknown"
        parts.append(text(code, data_from=one.state.data_from, bank=through))
    for sums in one.sums:
        ledger = wording.word(shell, "ledger", sums.ledger)
        line = text("status_sums", ledger=ledger, count=sums.count, amount=sums.amount,
                    overdue=sums.overdue)  # fmt: skip
        parts.append(f"{line[0].upper()}{line[1:]}")
    if one.unknown_kinds:
        code = f"status_unknown_kinds_{one.adapter}"  # an export has columns for it
        code = code if shell.messages.has(code) else "status_unknown_kinds"
        parts.append(text(code, count=one.unknown_kinds, of=one.debtors))
    waiting = ", ".join(
        f"{count} {wording.word(shell, 'status', status)}"
        for status, count in one.waiting.items()
        if count
    )
    parts.append(
        text("status_waiting", waiting=waiting) if waiting else text("status_waiting_none")
    )
    sent = text("status_sent", today=one.sent_today, week=one.sent_this_week)
    return [*parts, text("status_asked", count=one.asked), sent]
