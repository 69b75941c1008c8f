"""`maan connect`: a person lets maan into a bookkeeping package."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from connector.app.cli import wording
from connector.app.cli.faults import WRONG
from connector.app.cli.shell import Shell
from connector.port.errors import AuthorisationError, RequestError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from connector.flow.connecting import Connected
    from connector.flow.office import Administration
    from connector.port.adapter import Connects, Consent, Reached


class Way(StrEnum):
    """How a person connects."""

    TOKEN = "token"  # noqa: S105  # the word, not a token
    BROWSER = "browser"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What the command line asks for; `way` None: whatever the settings allow."""

    way: Way | None
    token_from: str | None
    port: int


def register(app: typer.Typer, shell: Shell) -> None:
    """Add `connect`."""

    @app.command("connect", help=shell.help("connect"))
    def connect(
        administration: Annotated[
            str,
            typer.Argument(
                metavar=shell.text("word_administration"), help=shell.help("connect.administration")
            ),
        ],
        token: Annotated[bool, typer.Option("--token", help=shell.help("connect.token"))] = False,
        token_from: Annotated[
            str | None, typer.Option(help=shell.help("connect.token_from"))
        ] = None,
        browser: Annotated[
            bool, typer.Option("--browser", help=shell.help("connect.browser"))
        ] = False,
        code: Annotated[bool, typer.Option("--code", help=shell.help("connect.code"))] = False,
        port: Annotated[int, typer.Option(min=0, max=65535, help=shell.help("connect.port"))] = 0,
    ) -> None:
        by_token = token or token_from is not None
        asked = {Way.TOKEN: by_token, Way.BROWSER: browser, Way.CODE: code}
        ways = [way for way, wanted in asked.items() if wanted]
        if len(ways) > 1:
            raise RequestError("connect_one_way")
        wish = _Wish(way=ways[0] if ways else None, token_from=token_from, port=port)
        _connect(shell, administration, wish)


def _connect(shell: Shell, name: str, wish: _Wish) -> None:
    from connector.flow import connecting  # noqa: PLC0415  # help does without

    with shell.office() as office:
        desk = office.administration(name)
        source = connecting.connection(desk)
        way = _way(desk, source, wish)
        if way is not None:
            _need_key(shell, desk)
        _let_in(shell, desk, way, wish)
        with shell.progress(shell.text("connect_looks")):
            found = connecting.look_around(desk)
    shell.show(_document(found), lambda: _page(shell, found))
    if not found.is_reached:
        raise shell.exit(WRONG)


def _way(desk: "Administration", source: "Connects", wish: _Wish) -> Way | None:
    """Return how to connect; None: the settings say where the token is, so it is only tried."""
    name = desk.id
    if not source.ways:
        if wish.way is not None:
            raise RequestError("connect_by_settings", administration=name)
        return None
    if wish.way is None:
        return _consent_way(desk) if "consent" in source.ways else Way.TOKEN
    if wish.way is Way.TOKEN and "token" not in source.ways:
        raise RequestError("connect_token_missing", administration=name)
    if wish.way is not Way.TOKEN and "consent" not in source.ways:
        raise RequestError("connect_way_missing", administration=name)
    return wish.way


def _consent_way(desk: "Administration") -> Way:
    """Return the way that can work: a browser that is sent elsewhere never comes back here."""
    from connector.app.consent import Door  # noqa: PLC0415
    from connector.flow.connecting import registered_address  # noqa: PLC0415

    address = registered_address(desk)
    return Way.BROWSER if address is None or Door.at(address) else Way.CODE


def _need_key(shell: Shell, desk: "Administration") -> None:
    """Make the key that tokens are kept with where it is a file that is not there yet."""
    from connector.flow.connecting import key_file, make_vault_key  # noqa: PLC0415

    file = key_file(desk.office.settings)
    if file is not None and make_vault_key(file):
        shell.say(shell.text("connect_key_made", file=file))


def _let_in(shell: Shell, desk: "Administration", way: Way | None, wish: _Wish) -> None:
    from connector.flow.connecting import connection, token_from  # noqa: PLC0415

    source = connection(desk)
    match way:
        case Way.TOKEN if wish.token_from is not None:
            source.accept_token(token_from(desk, wish.token_from))
        case Way.TOKEN:
            token = shell.ask_hidden(shell.text("connect_ask_token"))
            if not token:
                raise RequestError("connect_no_answer")
            source.accept_token(token)
        case Way.BROWSER:
            _by_browser(shell, desk, source, wish.port)
        case Way.CODE:
            consent = source.ask_consent(None)
            shell.say(shell.text("connect_open", address=consent.url))
            _hand_in(source, consent, shell.ask(shell.text("connect_ask_code")))
        case None:
            pass


def _hand_in(source: "Connects", consent: "Consent", answer: str) -> None:
    """Give the source what the person pasted, without what comes along with copying.

    Raises:
        RequestError: It can be no code (`connect_no_paste`, `connect_own_address`,
            `connect_no_code`), or the source says it is none (`connect_code_refused`).
    """
    pasted = "".join(answer.split()).strip("\"'<>")
    if not pasted:
        raise RequestError("connect_no_paste")
    if "://" in pasted and "code=" not in pasted and "error=" not in pasted:
        is_own = urlsplit(pasted)[:3] == urlsplit(consent.url)[:3]
        raise RequestError("connect_own_address" if is_own else "connect_no_code")
    try:
        source.accept_consent(consent, pasted, None)
    except AuthorisationError as error:
        if error.code == "connect_again":
            raise RequestError("connect_code_refused") from error
        raise


def _by_browser(shell: Shell, desk: "Administration", source: "Connects", port: int) -> None:
    from connector.app.consent import Door, Page, Person, by_browser  # noqa: PLC0415
    from connector.flow.connecting import registered_address  # noqa: PLC0415

    page = Page(
        language=shell.messages.language,
        done=shell.text("connect_page_done"),
        refused=shell.text("connect_page_refused"),
        strange=shell.text("connect_page_strange"),
    )

    def tell(address: str) -> None:
        shell.say(shell.text("connect_open_here", address=address))

    known = Door.at(registered_address(desk) or "")
    door = known if known is not None and not port else Door(port=port)
    by_browser(source, Person(tell=tell, browse=shell.browse), page=page, door=door)


def _document(found: "Connected") -> dict[str, object]:
    return {
        "administration": found.administration,
        "connected": True,
        "wanted": found.wanted,
        "reached": found.is_reached,
        "administrations": [
            {"id": one.id, "name": one.name, "country": one.facts.get("country") or None,
             "suspended": _is_suspended(one)}
            for one in found.reached
        ],
        "missing_scopes": found.missing_scopes,
    }  # fmt: skip


def _is_suspended(one: "Reached") -> bool:
    return one.facts.get("suspended") == "true"


def _page(shell: Shell, found: "Connected") -> "RenderableType":
    text = shell.text
    if not found.reached:
        return text("connect_none", administration=found.administration)
    grid = shell.table(text("head_id"), text("connect_head_name"), text("connect_head_country"), "")
    for one in found.reached:
        cells = (one.id, one.name, one.facts.get("country"))
        state = text("connect_suspended") if _is_suspended(one) else ""
        grid.add_row(*(wording.show(shell, cell) for cell in cells), state)
    return wording.page(
        text("connect_done", administration=found.administration), grid, *_advice(shell, found)
    )


def _advice(shell: Shell, found: "Connected") -> "list[RenderableType]":
    text = shell.text
    if found.is_reached:
        one = next(one for one in found.reached if one.id == found.wanted)
        lines = [text("connect_reached", id=one.id, name=wording.show(shell, one.name))]
        if found.missing_scopes:
            code = "connect_scopes_missing" if found.by_token else "connect_rights_missing"
            lines.append(text(code, scopes=found.missing_scopes))
        return [*lines]
    facts = {"administration": found.administration, "id": found.wanted}
    code = "connect_unnamed" if found.wanted is None else "connect_not_reached"
    width = max(len(one.id) for one in found.reached)
    return [
        text(code, **facts),
        *(
            f"  {found.key}: {_quoted(one.id):<{width + 2}}  # {wording.show(shell, one.name)}"
            for one in found.reached
        ),
    ]


def _quoted(id_: str) -> str:
    return f'"{id_}"'
