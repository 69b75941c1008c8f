"""The JSON Schema of maan.yaml, for editors; `config/maan.schema.json` holds it."""

from collections.abc import Mapping
from typing import Any, Final

from connector.core.policy.schema import for_editors
from connector.settings.model import Settings

WORDS: Final[Mapping[str, str]] = {
    ".store": "Waar maan bewaart wat het weet: sqlite:///data/maan.db, of postgresql://… "
    "(met wachtwoord: env:NAAM).",
    ".documents": "Map waarin alles wordt bewaard wat is verstuurd.",
    ".vault_key": "Waar de sleutel staat waarmee maan de tokens van koppelingen versleutelt: "
    "file:PAD of env:NAAM.",
    ".language": "Taal van maan: nl of en.",
    ".rehearsal": "true: oefenen. Alles gaat naar outbox/ en --now zet de klok.",
    ".office": "Het kantoor dat de boeken bijhoudt.",
    ".administrations": "De administraties: elk één boekhouding.",
    ".delivery": "Hoe berichten de deur uit gaan.",
    ".agencies": "Incassobureaus waar het beleid naar verwijst, op naam.",
    ".schedule": "Wanneer maan werkt, in Nederlandse tijd.",
    ".web": "Waar maan te bereiken is.",
    "OfficeSettings.name": "Naam van het kantoor.",
    "OfficeSettings.acting_for_others": "true: u incasseert voor anderen.",
    "OfficeSettings.wki_number": "Registratienummer in het register incassodienstverlening.",
    "AdministrationSettings.id": "Korte naam: kleine letters, cijfers en streepjes. "
    "Verander die later niet.",
    "AdministrationSettings.creditor": "De schuldeiser: namens wie u schrijft.",
    "AdministrationSettings.sender": "De afzender van berichten.",
    "AdministrationSettings.source": "Waar de openstaande posten vandaan komen. adapter is "
    "verplicht; de rest hangt daarvan af.",
    "AdministrationSettings.policy": "Het beleid, naast dit bestand.",
    "CreditorSettings.name": "Naam zoals die op de facturen staat.",
    "CreditorSettings.kvk": "KvK-nummer: acht cijfers, tussen aanhalingstekens.",
    "CreditorSettings.vat_id": "Btw-nummer, zoals NL000099998B57.",
    "CreditorSettings.iban": "Rekening waarop klanten betalen.",
    "CreditorSettings.account_name": "Naam bij die rekening, als die anders is.",
    "CreditorSettings.vat_deduction": "Kunt u btw aftrekken: full, partial of none.",
    "CreditorSettings.street": "Straat en huisnummer.",
    "CreditorSettings.postcode": "Postcode.",
    "CreditorSettings.city": "Plaats.",
    "CreditorSettings.country": "Land, zoals NL.",
    "CreditorSettings.email": "Adres waar klanten terechtkunnen.",
    "CreditorSettings.phone": "Nummer waar klanten terechtkunnen.",
    "CreditorSettings.website": "Website.",
    "CreditorSettings.consumer_terms": "Wat met consumenten is afgesproken.",
    "ConsumerTerms.due_date_agreed": "true: de vervaldatum is vooraf met consumenten afgesproken.",
    "ConsumerTerms.own_cost_clause": "true: de voorwaarden noemen eigen incassokosten.",
    "SenderSettings.from": "Afzender van mails: Naam <adres>. Weglaten: die van de schuldeiser.",
    "SenderSettings.reply_to": "Adres voor antwoorden, als dat een ander is.",
    "SenderSettings.signature": "Naam onder brieven en mails.",
    "DeliverySettings.email": "De mailserver. Weglaten: er gaat geen mail uit.",
    "DeliverySettings.post": "Brieven om te printen.",
    "EmailSettings.host": "Naam van de mailserver.",
    "EmailSettings.port": "Poort, meestal 587 (starttls) of 465 (tls).",
    "EmailSettings.security": "starttls, tls, of none (alleen op deze computer of als oefening).",
    "EmailSettings.username": "Gebruikersnaam, of env:NAAM.",
    "EmailSettings.password": "env:NAAM of file:PAD; nooit het wachtwoord zelf.",
    "EmailSettings.redirect_to": "Stuur alle mail naar dit adres, voor de eerste dagen.",
    "PostSettings.folder": "Map waarin de brieven komen.",
    "AgencySettings.name": "Naam van het bureau.",
    "AgencySettings.kind": "agency (incassobureau), bailiff (deurwaarder) of lawyer (advocaat).",
    "AgencySettings.wki_number": "Nummer in het register incassodienstverlening.",
    "AgencySettings.wki_checked": "Datum waarop u dat nummer hebt nagekeken, zoals 2026-10-01.",
    "AgencySettings.email": "E-mailadres van het bureau.",
    "AgencySettings.phone": "Telefoonnummer van het bureau.",
    "AgencySettings.deliver": "Hoe het bureau dossiers krijgt.",
    "DeliverSettings.folder": "Map waarin de dossiers komen.",
    "ScheduleSettings.pull": "Hoe vaak de boeken worden gelezen: every 2h of every 30m.",
    "ScheduleSettings.evaluate": "Wanneer maan voorstellen maakt, zoals 08:30.",
    "ScheduleSettings.act": "Hoe vaak maan doet wat is goedgekeurd: every 15m.",
    "WebSettings.listen": "Adres en poort, zoals 127.0.0.1:8600.",
}


def settings_schema() -> dict[str, Any]:
    """Return the schema of maan.yaml, ready for `json.dumps`."""
    return for_editors(Settings.model_json_schema(), title="maan: settings", words=WORDS)
