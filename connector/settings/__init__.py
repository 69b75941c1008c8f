"""The configuration: `config/maan.yaml` as checked records. Only `load` reads the environment."""

from connector.settings.load import ZONE, defaults_folder, environment, load_settings
from connector.settings.model import (
    AdministrationSettings,
    AgencySettings,
    ConsumerTerms,
    CreditorSettings,
    DeliverSettings,
    DeliverySettings,
    EmailSettings,
    OfficeSettings,
    PostSettings,
    ScheduleSettings,
    SenderSettings,
    Settings,
    WebSettings,
)
from connector.settings.words import Every, Listen, Login, Mailbox, Secret

__all__ = [
    "ZONE",
    "AdministrationSettings",
    "AgencySettings",
    "ConsumerTerms",
    "CreditorSettings",
    "DeliverSettings",
    "DeliverySettings",
    "EmailSettings",
    "Every",
    "Listen",
    "Login",
    "Mailbox",
    "OfficeSettings",
    "PostSettings",
    "ScheduleSettings",
    "Secret",
    "SenderSettings",
    "Settings",
    "WebSettings",
    "defaults_folder",
    "environment",
    "load_settings",
]
