"""Three invented firms with their debtors. All names, numbers and domains are made up."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """One administration of the demo.

    Attributes:
        share: How many debtors of each kind: consumers, businesses, foreign ones.
        amounts: Smallest and largest invoice, in whole units of the currency.
    """

    id: str
    name: str
    kvk: str
    vat_id: str
    iban: str
    street: str
    postcode: str
    city: str
    domain: str
    phone: str
    signature: str
    share: tuple[int, int, int]
    invoices: int
    payables: int
    amounts: tuple[int, int]
    vat_rate: Decimal
    package: str = "csv"  # the adapter that its books come through
    package_reminds: bool = False  # the first reminders go out from the package itself


FIRMS: Final = (
    Firm(
        id="bloemenhuis",
        name="Bloemenhuis Madelief",
        kvk="00000011",
        vat_id="NL000099998B57",
        iban="NL91ABNA0417164300",
        street="Bloemmarkt 14",
        postcode="2312 AB",
        city="Voorbeeldrecht",
        domain="madelief.example",
        phone="071-5550101",
        signature="Fatima Yilmaz",
        share=(26, 0, 0),
        invoices=66,
        payables=9,
        amounts=(24, 280),
        vat_rate=Decimal("0.09"),
    ),
    Firm(
        id="staalbouw",
        name="Staalbouw Noord B.V.",
        kvk="00000022",
        vat_id="NL000099998B57",
        iban="NL91ABNA0417164300",
        street="Havenweg 120",
        postcode="9723 CC",
        city="Proefhaven",
        domain="staalbouw-noord.example",
        phone="050-5550102",
        signature="Henk Postma",
        share=(0, 28, 0),
        invoices=78,
        payables=21,
        amounts=(320, 11800),
        vat_rate=Decimal("0.21"),
        package="exact",
    ),
    Firm(
        id="atelier",
        name="Atelier Lumen B.V.",
        kvk="00000033",
        vat_id="NL000099998B57",
        iban="NL91ABNA0417164300",
        street="Lichtgracht 7",
        postcode="3511 DE",
        city="Schijnstad",
        domain="lumen.example",
        phone="030-5550103",
        signature="Sofie van Dam",
        share=(8, 8, 6),
        invoices=56,
        payables=12,
        amounts=(75, 3400),
        vat_rate=Decimal("0.21"),
        package="moneybird",
        package_reminds=True,
    ),
)

PERSONS: Final = (
    "A. Bakker", "J. Peeters", "M. el Amrani", "S. de Groot", "T. Visser", "L. Hendriks",
    "R. Dekker", "F. Yildiz", "N. Smits", "K. Mulder", "P. Verhoeven", "C. van Leeuwen",
    "D. Kuipers", "E. Willems", "G. Postma", "H. Schouten", "I. Jacobs", "B. Maas",
    "O. van den Berg", "W. Prins", "Y. Kaya", "Z. Blom", "V. Kok", "Q. Evers",
    "A. de Wit", "J. Scholten", "M. Huisman", "S. Peters",
)  # fmt: skip
BUSINESSES: Final = (
    ("Bakkerij De Korenaar", "B.V."),
    ("Jansen Installatie", "B.V."),
    ("Café De Brug", "V.O.F."),
    ("Garage Middelweg", "B.V."),
    ("Transport Veenstra", "B.V."),
    ("Stichting Buurthuis Oost", ""),
    ("Schildersbedrijf Kramer", ""),
    ("Hotel Zeezicht", "B.V."),
    ("Slagerij Bos", "V.O.F."),
    ("Tuincentrum Groenrijk", "B.V."),
    ("Drukkerij Letterpers", "B.V."),
    ("Bouwgroep Zuidhof", "N.V."),
    ("Fysiotherapie Beweeg", ""),
    ("Coöperatie Windkracht", "U.A."),
    ("Loonbedrijf Terpstra", "V.O.F."),
    ("Reisbureau Horizon", "B.V."),
    ("Meubelmakerij Eik", ""),
    ("Kapsalon Krul", ""),
    ("Advocatenkantoor Recht", "B.V."),
    ("Kwekerij Rozenhof", "B.V."),
    ("Machinefabriek Spil", "B.V."),
    ("Restaurant De Pan", "V.O.F."),
    ("IJzerhandel Hamer", "B.V."),
    ("Apotheek Centrum", "B.V."),
    ("Sportschool Kracht", "B.V."),
    ("Boekhandel Pagina", ""),
    ("Gemeente Voorbeelddam", ""),
    ("Scheepswerf De Kiel", "B.V."),
)
FOREIGN: Final = (
    ("Müller Lichttechnik", "GmbH", "DE", "EUR"), ("Bruxelles Décor", "S.A.", "BE", "EUR"),
    ("Thames Interiors", "Ltd", "GB", "GBP"), ("Nordlys Design", "AB", "SE", "EUR"),
    ("Hudson Lamps", "Inc.", "US", "USD"), ("Antwerpen Etalage", "BV", "BE", "EUR"),
)  # fmt: skip
SUPPLIERS: Final = (
    "Groothandel Alkmaarderhout B.V.", "Energie Nepstroom N.V.", "Verpakkingen Doos B.V.",
    "Telecom Lijn B.V.", "Staalhandel IJmond B.V.", "Verzekeraar Vangnet N.V.",
)  # fmt: skip
STREETS: Final = (
    "Dorpsstraat", "Kerkweg", "Molenlaan", "Stationsplein", "Parallelweg", "Wilgenhof",
    "Nieuwstraat", "Achterweg",
)  # fmt: skip
CITIES: Final = (
    ("Voorbeeldrecht", "2312"), ("Proefhaven", "9723"), ("Schijnstad", "3511"),
    ("Nergenshuizen", "4000"), ("Testendam", "1441"),
)  # fmt: skip
