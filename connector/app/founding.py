"""`maan init`: a working folder from the configuration that is shipped, with own data."""

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from connector.flow.connecting import make_vault_key
from connector.port.errors import RequestError

Key = tuple[str, ...]
"""Where a value stands in maan.yaml: the keys above it and its own; lists don't count."""

_LINE: Final = re.compile(r"(?P<indent> *)(?P<dash>- )?(?P<key>\w+):(?P<rest>.*)")
_COMMENT: Final = re.compile(r"\s+#.*$")

_KEY: Final = "data/vault.key"  # where the settings look for it when they name no other
_FIRM: Final = ("administrations", "creditor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """What `maan init` asks; an empty answer leaves the field out where it may be absent."""

    name: str
    street: str
    postcode: str
    city: str
    iban: str
    email: str
    phone: str
    kvk: str
    vat_id: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """What was written and what stood there already, relative to the folder and sorted."""

    written: tuple[str, ...]
    kept: tuple[str, ...]


def found(
    folder: Path, defaults: Path, extra: Mapping[str, str], values: Mapping[Key, str | None]
) -> Founded:
    """Write the configuration, the folder for the books and the key; nothing is overwritten.

    Args:
        folder: The working folder; made when it is not there.
        defaults: The configuration that is shipped.
        extra: Further files, by path in the folder.
        values: What maan.yaml says instead of the examples.

    Raises:
        RequestError: `init_folder_unusable` or `vault_key_unwritable`.
    """
    texts = {
        f"config/{file.relative_to(defaults).as_posix()}": file.read_text(encoding="utf-8")
        for file in sorted(defaults.rglob("*"))
        if file.is_file()
    }
    texts["config/maan.yaml"] = adapt(texts["config/maan.yaml"], values)
    written: list[str] = []
    kept: list[str] = []
    for name, text in sorted((texts | dict(extra)).items()):
        try:
            (written if _write(folder / name, text) else kept).append(name)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise RequestError("init_folder_unusable", folder=folder, reason=reason) from error
    (written if make_vault_key(folder / _KEY) else kept).append(_KEY)
    return Founded(written=tuple(sorted(written)), kept=tuple(sorted(kept)))


def adapt(text: str, values: Mapping[Key, str | None]) -> str:
    """Return the YAML with the values in place of its own; layout and comments stay."""
    above: list[tuple[int, str]] = []
    lines = []
    for line in text.splitlines():
        part = _LINE.fullmatch(line)
        if part is None:
            lines.append(line)
            continue
        depth = len(part["indent"]) + len(part["dash"] or "")
        while above and above[-1][0] >= depth:
            above.pop()
        above.append((depth, part["key"]))
        key = tuple(name for _, name in above)
        if key in values:
            comment = _COMMENT.search(part["rest"])
            head = line[: part.start("rest")]
            lines.append(f"{head} {_scalar(values[key])}{comment[0] if comment else ''}")
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def firm_values(firm: Firm) -> dict[Key, str | None]:
    """Return what maan.yaml says about the firm."""
    names = ("name", "street", "postcode", "city", "iban", "email", "phone", "kvk", "vat_id")
    values: dict[Key, str | None] = {(*_FIRM, name): getattr(firm, name) or None for name in names}
    return values | {
        ("office", "name"): firm.name,
        ("administrations", "id"): short_name(firm.name),
        ("administrations", "sender", "from"): f"{_in_mailbox(firm.name)} <{firm.email}>",
        ("administrations", "sender", "signature"): firm.signature or firm.name,
    }


def short_name(name: str) -> str:
    """Return the id of an administration for a firm, as in `jansen-bv` for Jansen B.V."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain.replace(".", "")).strip("-")[:60] or "administratie"


def _in_mailbox(name: str) -> str:
    return "".join(letter for letter in name if letter not in '<>"')


def _scalar(value: str | None) -> str:
    return "null" if value is None else json.dumps(value, ensure_ascii=False)


def _write(file: Path, text: str) -> bool:
    """Write a new file; False when it stood there already."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        return False
    return True
