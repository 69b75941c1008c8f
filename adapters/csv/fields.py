"""Our fields, and the headers by which Dutch and English exports name them.

Each alias is normalised: lower case, letters and digits only. The tiers of a field stand in order
of preference; two different headers of one tier in one file are ambiguous.
Source: column names seen in exports and vendors' pages, checked 2026-11-22; see
docs/adapters/csv.md.
"""

from collections.abc import Mapping
from typing import Final

from connector.port.records import Kind

Tiers = tuple[frozenset[str], ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MAAN_COLUMNS: Final = _words(
    "party_ref party_name number issued due currency open total vat document party_kind language"
    " email phone street postcode city country kvk vat_id iban reference description"
    " names_invoice paid_on sent_on sent_via contract basis disputed direct_debit factored tags"
)
MAAN_REQUIRED: Final = _words("party_ref party_name number issued due currency open")
FIELDS: Final = frozenset(
    (
        *MAAN_COLUMNS,
        *_words(
            "paid debit credit dc term blocked reminders is_consumer is_business contact as_of"
        ),
    )
)
AMOUNTS: Final = _words("open total paid vat debit credit")
DATES: Final = _words("issued due paid_on sent_on as_of")
PARTY_FIELDS: Final = _words(
    "party_name party_kind is_consumer is_business language email phone contact street postcode"
    " city country kvk vat_id iban"
)

_OTHER_NAMES: Final = {
    "party_number": "party_ref",
    "invoice_number": "number",
    "invoice_date": "issued",
    "due_date": "due",
    "payment_reference": "reference",
}


def field_named(name: str) -> str | None:
    """Return our field of this name, None when there is none."""
    found = _OTHER_NAMES.get(name, name)
    return found if found in FIELDS else None


def _tiers(*lines: str) -> Tiers:
    return tuple(frozenset(line.split()) for line in lines)


_NUMBER: Final = (
    "factuurnummer factuurnr notanr notanummer invoicenumber invoiceno invoicenr",
    "mutfactuur nota",
    "referentie",
    "factuur",
    "boekstuknummer boekstuknr boekstuk",
)

_ITEM: Final[Mapping[str, Tiers]] = {
    "number": _tiers(*_NUMBER),
    "issued": _tiers(
        "factuurdatum datumfactuur notadatum invoicedate", "datum mutdatum date", "boekdatum"
    ),
    "due": _tiers("vervaldatum vervalt vervaldag betalenvoor uiterstebetaaldatum duedate"),
    "open": _tiers(
        "openstaand openstaandbedrag open nogtebetalen nogteontvangen restant restbedrag"
        " resterendbedrag openamount outstanding amountopen amountdue",
        "saldo balance",
    ),
    "total": _tiers(
        "factuurbedrag totaalbedrag bedraginclbtw bedragincl totaalinclbtw oorspronkelijkbedrag"
        " totaalprijsinclusiefbtw totaalprijsinclbtw invoiceamount totalamount",
        "bedrag totaal oorspronkelijk total amount",
        "factuur",
    ),
    "paid": _tiers("betaaldbedrag voldaan bedragbetaald amountpaid", "betaald ontvangen paid"),
    "debit": _tiers("debet debit"),
    "credit": _tiers("credit"),
    "dc": _tiers("dc dcindicatie debetcredit debitcredit"),
    "currency": _tiers("valuta valutacode munt muntsoort currency currencycode"),
    "vat": _tiers("btwbedrag vatamount", "btw vat"),
    "term": _tiers("termijn termijnnummer"),
    "document": _tiers("document documenttype documentsoort factuursoort"),
    "reference": _tiers("betalingskenmerk paymentreference", "kenmerk reference"),
    "description": _tiers("omschrijving omschrijvingfactuur description"),
    "names_invoice": _tiers("creditnotavoor creditnotavan crediteertfactuur namesinvoice"),
    "paid_on": _tiers("laatstebetaaldatum laatstebetaling datumbetaling betaaldop paidon"),
    "sent_on": _tiers("verzonddatum verzenddatum verzondenop verstuurdop senton"),
    "sent_via": _tiers("verzondenvia verzendwijze sentvia"),
    "contract": _tiers("contract contractnummer"),
    "disputed": _tiers("betwist dispuut indispuut disputed"),
    "direct_debit": _tiers("automatischeincasso autbetinc incasso directdebit"),
    "factored": _tiers("factoring verpand factored"),
    "blocked": _tiers("gbl geblokkeerd factuurgbl blocked"),
    "reminders": _tiers("aanmaningen aanmaning aantalaanmaningen aantalherinneringen"),
    "tags": _tiers("labels tags"),
    "as_of": _tiers("peildatum exportdatum"),
}

_CONTACT: Final[Mapping[str, Tiers]] = {
    "email": _tiers("email emailadres emailaddress", "mail mailadres"),
    "phone": _tiers("telefoon telefoonnummer telnr tel phone phonenumber", "mobiel mobile"),
    "contact": _tiers("contactpersoon contactperson tav"),
    "street": _tiers("adres straat street address straatenhuisnummer adresregel1"),
    "postcode": _tiers("postcode postalcode zipcode zip"),
    "city": _tiers("plaats woonplaats plaatsnaam city stad"),
    "country": _tiers("land landcode country countrycode"),
    "kvk": _tiers("kvknummer kvknr kvk handelsregisternummer"),
    "vat_id": _tiers("btwnummer btwnr btwid btwidentificatienummer vatnumber vatid"),
    "iban": _tiers("iban ibannr ibannummer", "bankrekening bankrekeningnummer rekeningnummer"),
    "language": _tiers("taal taalcode language"),
    "party_kind": _tiers("soortrelatie relatiesoort klantsoort soortklant partykind"),
    "is_consumer": _tiers("consument particulier isconsumer"),
    "is_business": _tiers("zakelijk iscompany debtoriscompany"),
}

_DEBTOR: Final[Mapping[str, Tiers]] = {
    "party_ref": _tiers(
        "debiteurnummer debiteurnr debnr debiteurcode klantnummer klantnr klantcode relatiecode"
        " relatienr relatienummer contactnummer debtornumber customernumber accountcode",
        "debiteur relcode",
        "code",
    ),
    "party_name": _tiers(
        "debiteurnaam naamdebiteur klantnaam relatienaam bedrijfsnaam debtorname customername",
        "naam name",
        "klant relatie bedrijf relbedrijf customer debtor contact",
    ),
}

_SUPPLIER: Final[Mapping[str, Tiers]] = {
    "party_ref": _tiers(
        "crediteurnummer crediteurnr crednr crediteurcode leveranciersnummer leveranciernummer"
        " leverancierscode relatiecode relatienr relatienummer suppliernumber accountcode",
        "crediteur relcode",
        "code",
    ),
    "party_name": _tiers(
        "crediteurnaam naamcrediteur leveranciersnaam leveranciernaam relatienaam bedrijfsnaam",
        "naam name leverancier",
        "relatie bedrijf relbedrijf supplier contact",
    ),
    "number": _tiers(
        "uwfactuurnr uwfactuurnummer uwref factuurnummercrediteur factuurnrleverancier"
        " factuurnummerleverancier",
        *_NUMBER,
    ),
}

_ANY_PARTY: Final[Mapping[str, Tiers]] = {
    name: tuple(ours | theirs for ours, theirs in zip(_DEBTOR[name], _SUPPLIER[name], strict=True))
    for name in ("party_ref", "party_name")
}


def aliases(kind: Kind) -> Mapping[str, Tiers]:
    """Return for each field the tiers of headers that name it, in the order of resolving."""
    match kind:
        case Kind.RECEIVABLES:
            return {**_DEBTOR, **_ITEM, **_CONTACT}
        case Kind.PAYABLES:
            return {**_SUPPLIER, **{k: v for k, v in _ITEM.items() if k != "number"}, **_CONTACT}
        case Kind.PARTIES:
            kind_too = (*_CONTACT["party_kind"], frozenset({"soort"}))
            return {**_ANY_PARTY, **_CONTACT, "party_kind": kind_too, "tags": _ITEM["tags"]}


def maan_aliases(kind: Kind) -> Mapping[str, Tiers]:
    """Return the table of layout maan: each column has its own name and no other."""
    plain = {name: _tiers(name.replace("_", "")) for name in MAAN_COLUMNS}
    if kind is Kind.PARTIES:
        plain["party_ref"] = _tiers("partyref", "ref")
        plain["party_name"] = _tiers("partyname", "name")
        plain["party_kind"] = _tiers("partykind", "kind")
        return {name: plain[name] for name in ("party_ref", *PARTY_FIELDS, "tags") if name in plain}
    return plain
