"""`maan party`: what is known of a customer or supplier, and what a person adds to it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from connector.app.cli import documents, wording
from connector.app.cli.approving import delivery_entry
from connector.app.cli.faults import WRONG
from connector.app.cli.items import hold_entry, hold_line
from connector.app.cli.listing import amounts_of
from connector.app.cli.shell import Shell
from connector.port.errors import RequestError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.flow.look import PartyRow
    from connector.flow.views import PartyView

FIELDS = (
    "name", "kind", "contact", "email", "phone", "street", "postcode", "city", "country",
    "language", "kvk", "vat_id", "iban", "applicable_law",
)  # fmt: skip


class Kind(StrEnum):
    """Kinds of debtor, as they are written on the command line."""

    CONSUMER = "consumer"
    SOLE_TRADER = "sole_trader"
    PARTNERSHIP = "partnership"
    COMPANY = "company"
    PUBLIC_BODY = "public_body"


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `party show`, `set`, `export` and `forget`."""
    party = shell.group(app, "party")
    ref_word = shell.text("head_debtor").upper()

    @party.command("show", help=shell.help("party.show"))
    def show(
        ref: Annotated[str, typer.Argument(metavar=ref_word, help=shell.help("party.show.ref"))],
        administration: Annotated[
            str | None, typer.Option(help=shell.help("party.show.administration"))
        ] = None,
    ) -> None:
        view = _view(shell, ref, administration)
        shell.show(_entry(view), lambda: _page(shell, view))

    @party.command("export", help=shell.help("party.export"))
    def export(
        ref: Annotated[str, typer.Argument(metavar=ref_word, help=shell.help("party.export.ref"))],
        administration: Annotated[
            str | None, typer.Option(help=shell.help("party.export.administration"))
        ] = None,
    ) -> None:
        from connector.app.cli.output import as_json  # noqa: PLC0415  # help does without

        found = _everything(shell, _view(shell, ref, administration))
        if shell.line.json:
            shell.show(found, "")
        else:
            shell.line.out.write(f"{as_json(found)}\n")

    _register_set(party, shell, ref_word)

    @party.command("forget", help=shell.help("party.forget"))
    def forget(
        ref: Annotated[str, typer.Argument(metavar=ref_word, help=shell.help("party.forget.ref"))],
        yes: Annotated[bool, typer.Option("--yes", help=shell.help("party.forget.yes"))] = False,
        administration: Annotated[
            str | None, typer.Option(help=shell.help("party.forget.administration"))
        ] = None,
    ) -> None:
        _forget(shell, ref, administration, yes=yes)


def _register_set(party: typer.Typer, shell: Shell, ref_word: str) -> None:
    def option(name: str) -> object:
        return typer.Option(f"--{name.replace('_', '-')}", help=shell.help(f"party.set.{name}"))

    @party.command("set", help=shell.help("party.set"))
    def set_(  # noqa: PLR0917  # one per option
        ref: Annotated[str, typer.Argument(metavar=ref_word, help=shell.help("party.set.ref"))],
        name: Annotated[str | None, option("name")] = None,
        kind: Annotated[
            Kind | None,
            typer.Option(
                metavar=shell.text("head_kind").upper(), help=shell.help("party.set.kind")
            ),
        ] = None,
        email: Annotated[str | None, option("email")] = None,
        phone: Annotated[str | None, option("phone")] = None,
        contact: Annotated[str | None, option("contact")] = None,
        language: Annotated[str | None, option("language")] = None,
        street: Annotated[str | None, option("street")] = None,
        postcode: Annotated[str | None, option("postcode")] = None,
        city: Annotated[str | None, option("city")] = None,
        country: Annotated[str | None, option("country")] = None,
        kvk: Annotated[str | None, option("kvk")] = None,
        vat_id: Annotated[str | None, option("vat_id")] = None,
        iban: Annotated[str | None, option("iban")] = None,
        applicable_law: Annotated[str | None, option("applicable_law")] = None,
        administration: Annotated[
            str | None, typer.Option(help=shell.help("party.set.administration"))
        ] = None,
    ) -> None:
        given = {
            "name": name, "kind": kind.value if kind else None, "email": email, "phone": phone,
            "contact": contact, "language": language, "street": street, "postcode": postcode,
            "city": city, "country": country, "kvk": kvk, "vat_id": vat_id,
            "iban": iban, "applicable_law": applicable_law,
        }  # fmt: skip
        fields = {field: value for field, value in given.items() if value is not None}
        _set(shell, ref, administration, fields)


def _set(shell: Shell, ref: str, administration: str | None, fields: Mapping[str, str]) -> None:
    from connector.flow.mend import correct_party  # noqa: PLC0415  # help does without
    from connector.flow.seek import find_party  # noqa: PLC0415

    with shell.office() as office:
        found = find_party(office, ref, administration)
        try:
            row = correct_party(found.desk, found.row.ref, fields, by=shell.actor)
        except RequestError as error:
            if error.code != "party_value":
                raise
            raise _explained(shell, error) from error
    saved = [wording.word(shell, "field", name) for name in fields]
    entry = {"administration": found.desk.id, **_fields(row)}
    shell.show(entry, lambda: shell.text("party_saved", ref=row.ref, fields=saved))


def _forget(shell: Shell, ref: str, administration: str | None, *, yes: bool) -> None:
    from connector.flow.forget import forget, require_settled  # noqa: PLC0415  # help does without
    from connector.flow.seek import find_party  # noqa: PLC0415

    if shell.line.json and not yes:
        raise RequestError("forget_unasked")
    with shell.office() as office:
        found = find_party(office, ref, administration)
        try:
            require_settled(found.desk, found.row.ref)
            if not yes and not _agrees(shell, found.row):
                shell.say(shell.text("forget_kept"))
                raise shell.exit(WRONG)
            gone = forget(found.desk, found.row.ref, by=shell.actor)
        except RequestError as error:
            raise _in_the_way(shell, error) from error
    facts = {"documents": gone.documents, "items": gone.items, "actions": gone.actions,
             "entries": gone.entries}  # fmt: skip
    payload = {"administration": found.desk.id, "ref": found.row.ref, **facts}
    shell.show(payload, lambda: _forgotten_page(shell, found.row.ref, facts))


def _agrees(shell: Shell, row: "PartyRow") -> bool:
    """Ask for the number of the party: what is forgotten does not come back."""
    name = wording.show(shell, row.name or row.ref)
    shell.say(shell.text("forget_warning", ref=row.ref, name=name))
    shell.line.err.write(f"{shell.text('forget_question', ref=row.ref)} ")
    shell.line.err.flush()
    answer = shell.line.keyboard.readline()
    if not answer:
        shell.say("")
        raise RequestError("forget_unasked")
    return answer.strip() == row.ref


def _in_the_way(shell: Shell, error: RequestError) -> RequestError:
    """Return the error with what stands in the way, in the user's language."""
    if error.code != "forget_open":
        return error
    what = ", ".join(
        shell.text(f"forget_open_{name}", names=error.facts[name])
        for name in ("items", "holds", "actions")
        if error.facts[name]
    )
    return RequestError(error.code, **(error.facts | {"what": what}))


def _forgotten_page(shell: Shell, ref: str, facts: Mapping[str, int]) -> "RenderableType":
    names = [name for name in ("documents", "entries", "items", "actions") if facts[name]]
    lines = [shell.text(f"forgotten_{name}", count=facts[name]) for name in names]
    return wording.page(
        shell.text("forgotten", ref=ref),
        wording.bullets(lines, "-") if lines else None,
        shell.text("forgotten_source", ref=ref),
        shell.text("forgotten_elsewhere"),
    )


def _explained(shell: Shell, error: RequestError) -> RequestError:
    """Return the error with the name of the field and how to write it, in the user's language."""
    field = str(error.facts["field"])
    return RequestError(
        "party_value",
        found=error.facts["found"],
        field=wording.word(shell, "field", field),
        hint=shell.text(f"hint_{error.facts['hint']}"),
    )


def _view(shell: Shell, ref: str, administration: str | None) -> "PartyView":
    from connector.flow.seek import find_party  # noqa: PLC0415
    from connector.flow.views import party_view  # noqa: PLC0415  # help does without

    with shell.office() as office:
        found = find_party(office, ref, administration)
        return party_view(found.desk, found.row)


def _fields(row: "PartyRow") -> dict[str, object]:
    return {
        "ref": row.ref,
        **{name: getattr(row, name) for name in FIELDS},
        "tags": row.tags,
        "email_bounced": row.email_bounced,
        "average_days_late": row.average_days_late,
        "sources": row.sources,
        "corrections": [
            {"field": c.field, "value": c.value, "by": c.by, "at": c.at} for c in row.corrections
        ],
    }


def _entry(view: "PartyView") -> dict[str, object]:
    open_ = [row for row in view.items if row.state.value == "open"]
    return {
        "administration": view.administration,
        **_fields(view.row),
        "items": [documents.item_entry(row) for row in open_],
        "holds": [hold_entry(one) for one in view.holds if one.lifted_at is None],
        "actions": [
            {"id": a.id, "step": a.action.step, "status": a.status, "proposed_on": a.proposed_on,
             "delivered_on": a.delivered_on}
            for a in view.actions
        ],
    }  # fmt: skip


def _everything(shell: Shell, view: "PartyView") -> dict[str, object]:
    """Return all that is known of a party (GDPR art. 15), the raw records of the books too."""
    return {
        "administration": view.administration,
        "party": _fields(view.row) | {"raw": view.row.raw},
        "items": [
            documents.item_entry(row)
            | {"id": row.id, "reference": row.reference, "description": row.description,
               "raw": row.raw}
            for row in view.items
        ],
        "holds": [hold_entry(one) | {"note": one.note} for one in view.holds],
        "actions": [documents.row_entry(shell, row) for row in view.actions],
        "deliveries": [{"action": d.action, **delivery_entry(d)} for d in view.deliveries],
        "tasks": [documents.task_entry(shell, t, view.administration) for t in view.tasks],
        "journal": [
            {"sequence": e.sequence, "at": e.at, "kind": e.kind, "subject": e.subject,
             "actor": e.actor, "payload": e.payload}
            for e in view.journal
        ],
    }  # fmt: skip


def _page(shell: Shell, view: "PartyView") -> "RenderableType":
    text, row = shell.text, view.row
    name = wording.show(shell, row.name or row.ref)
    grid = shell.table(text("head_field"), text("head_value"), text("head_source"))
    for field in FIELDS:
        value = getattr(row, field)
        if value:
            shown = wording.word(shell, "debtor", value) if field == "kind" else value
            source = wording.word(shell, "source", row.sources.get(field, "books"))
            grid.add_row(wording.word(shell, "field", field), wording.show(shell, shown), source)
    parts: list[RenderableType] = [
        wording.heading(text("party_head", ref=wording.show(shell, row.ref), name=name))
    ]  # fmt: skip
    if grid.row_count:
        parts.append(grid)
    notes = [text("party_bounced", email=row.email)] if row.email_bounced else []
    if row.average_days_late is not None:
        parts.append(text("party_late", days=row.average_days_late))
    open_ = [item for item in view.items if item.state.value == "open"]
    parts.append(
        text("party_open", count=len(open_), amounts=amounts_of(open_))
        if open_
        else text("party_none_open")
    )
    notes += [hold_line(shell, one) for one in view.holds if one.lifted_at is None]
    return wording.page(*parts, wording.bullets(notes) if notes else None)
