"""Which law governs a claim: whether Dutch costs and interest may be asked at all."""

from typing import Final

_HOME: Final = "NL"


def dutch_law_applies(country: str | None, *, recorded: bool) -> bool:
    """Whether Dutch collection costs and interest may be claimed from a debtor.

    Dutch: toepasselijk recht. Outside the Netherlands nothing Dutch is claimed unless somebody
    recorded that Dutch law governs the contract. Aruba, Curaçao, Sint Maarten and the Caribbean
    Netherlands (BQ) have laws of their own. Source: docs/law.md.

    Args:
        country: ISO 3166-1 code of the debtor; None or empty: the books name none, which Dutch
            books do for debtors at home.
        recorded: `applicable_law: nl` is recorded for the claim.
    """
    return recorded or (country or _HOME).strip().upper() in ("", _HOME)
