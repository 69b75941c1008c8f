"""What a debtor is in law, worked out from what the books and people say."""

import re
import unicodedata

from connector.core.policy.model import DebtorKind
from connector.core.snapshot import Party

# Legal forms as written behind a name, dots gone. Initials look the same ("B.V. Jansen",
# "Jansen, B.V.", "S.A. de Vries"), so a form counts only behind a name and without a comma. The
# short foreign ones are initials and names too ("Jansen AB", "Anna Sa"): they count only abroad, as
# the very last word in capitals. A Dutch U.A., W.A. or B.A. comes with the word coöperatie.
_SHORT = frozenset({"SA", "SAS", "AG", "UG", "SE", "AB", "AS", "OY", "SL", "SLU", "SpA"})
_CAPITALS = re.compile(r"\w{2,}[^,]* ((?:[A-Z]\.){2,3}|[A-Z]{2,3}|S\.p\.A\.|SpA)$")
_BEHIND = {
    DebtorKind.COMPANY: re.compile(
        r"\w{2,}[^,]* (?:bv|nv|bvba|sarl|sprl|gmbh|ggmbh|kgaa|ltd|plc|srl|sro|kft)\b"
        r"|\w{2,},? (?:inc|llc|ltd|limited|corp|corporation)$"
        r"|^(?:\w*cooperatie|cooperatieve|stichting|vereniging|vve|onderlinge)\b"
        r"|\b(?:stichting|vereniging|cooperatie|foundation)$",
    ),
    DebtorKind.PARTNERSHIP: re.compile(
        r"\w{2,}[^,]* (?:vof|cv|ohg|gbr|snc)$|\w{2,}[^,]* vof\b|\bmaatschap\b|^vof \w{2,}",
    ),
    DebtorKind.PUBLIC_BODY: re.compile(
        r"^(?:gemeente|provincie|waterschap|hoogheemraadschap|ministerie|rijkswaterstaat)\b",
    ),
}
_SAID = {kind.value: kind for kind in DebtorKind}


def debtor_kind(party: Party, override: DebtorKind | None = None) -> DebtorKind:
    """Return the kind of debtor; an override wins, then what the books say, then the name.

    A legal form in the name makes a company or a partnership. A KvK or VAT number, or the books'
    word "business", without a form makes a sole trader. A filled name alone is unknown.
    """
    if override is not None:
        return override
    said = _SAID.get(party.kind or "")
    if said is not None and said is not DebtorKind.UNKNOWN:
        return said
    in_trade = party.kind == "business" or bool(party.kvk) or bool(party.vat_id)
    return _by_form(party) or (DebtorKind.SOLE_TRADER if in_trade else DebtorKind.UNKNOWN)


def _by_form(party: Party) -> DebtorKind | None:
    flat = party.name.casefold()
    if not flat.isascii():
        flat = unicodedata.normalize("NFKD", flat)
        flat = "".join(c for c in flat if not unicodedata.combining(c))
    flat = " ".join(flat.replace(".", "").split())
    behind = next((kind for kind, form in _BEHIND.items() if form.search(flat)), None)
    if behind is None and _is_short_form(party.name.strip(), party.country):
        return DebtorKind.COMPANY
    return behind


def _is_short_form(name: str, country: str | None) -> bool:
    found = _CAPITALS.search(name)
    if country in (None, "", "NL") or found is None or found[1].replace(".", "") not in _SHORT:
        return False
    return "." in found[1] or not name.isupper()
