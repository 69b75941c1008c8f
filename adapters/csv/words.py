"""The words that exports use for yes and no, kinds, documents, currencies and countries."""

from collections.abc import Mapping
from typing import Final

from connector.port.records import Document

YES_NO: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("ja", "j", "yes", "y", "true", "waar", "1", "x"), True),
    **dict.fromkeys(("nee", "n", "no", "false", "onwaar", "0", "-"), False),
}
DOCUMENTS: Final[Mapping[str, Document]] = {
    **dict.fromkeys(
        ("invoice", "factuur", "verkoopfactuur", "inkoopfactuur", "f"), Document.INVOICE
    ),
    **dict.fromkeys(
        ("credit", "creditnota", "creditfactuur", "creditnote", "credit note", "c"),
        Document.CREDIT,
    ),
    **dict.fromkeys(("payment", "betaling", "ontvangst", "vooruitbetaling"), Document.PAYMENT),
}
PARTY_KINDS: Final[Mapping[str, str | None]] = {
    **dict.fromkeys(("consumer", "consument", "particulier"), "consumer"),
    **dict.fromkeys(("sole_trader", "sole trader", "eenmanszaak", "zzp"), "sole_trader"),
    **dict.fromkeys(("partnership", "vof", "v.o.f.", "maatschap", "cv", "c.v."), "partnership"),
    **dict.fromkeys(
        ("company", "rechtspersoon", "bv", "b.v.", "nv", "n.v.", "stichting", "vereniging"),
        "company",
    ),
    **dict.fromkeys(("business", "zakelijk", "bedrijf", "onderneming"), "business"),
    **dict.fromkeys(("public_body", "public body", "overheid", "gemeente"), "public_body"),
    **dict.fromkeys(("unknown", "onbekend"), None),
}
BASES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("sale", "verkoop", "koop"), "sale"),
    **dict.fromkeys(("services", "diensten", "dienst"), "services"),
    **dict.fromkeys(("subscription", "abonnement"), "subscription"),
    **dict.fromkeys(("rent", "huur"), "rent"),
    **dict.fromkeys(("loan", "lening"), "loan"),
    **dict.fromkeys(("other", "overig", "anders"), "other"),
}
LANGUAGES: Final[Mapping[str, str]] = {
    "nederlands": "nl", "dutch": "nl", "nld": "nl", "engels": "en", "english": "en", "eng": "en",
    "duits": "de", "german": "de", "deutsch": "de", "frans": "fr", "french": "fr",
}  # fmt: skip
COUNTRIES: Final[Mapping[str, str]] = {
    "nederland": "NL", "netherlands": "NL", "the netherlands": "NL", "nld": "NL",
    "belgie": "BE", "belgië": "BE", "belgium": "BE", "bel": "BE",
    "duitsland": "DE", "germany": "DE", "deutschland": "DE", "deu": "DE",
    "frankrijk": "FR", "france": "FR", "luxemburg": "LU", "luxembourg": "LU",
    "verenigd koninkrijk": "GB", "united kingdom": "GB", "spanje": "ES", "italië": "IT",
}  # fmt: skip
