"""Facts of invented handovers: one full of everything, one with the least."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from connector.core.chain import GENESIS, ChainEntry, Header, entry_hash, payload_hash
from connector.core.dossier.facts import (
    ArrangementFacts,
    CheckFacts,
    CheckName,
    ClaimFacts,
    CreditFacts,
    CreditorFacts,
    DebtorFacts,
    DisputeFacts,
    DossierFacts,
    EventFacts,
    HoldFacts,
    MandateFacts,
    MetaFacts,
    Paper,
    PaperType,
    PaymentFacts,
    PaymentKind,
    PromiseFacts,
    Source,
)
from connector.core.policy.model import DebtorKind
from connector.core.snapshot import HoldReason
from connector.port.money import Money


def euro(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def at(day: int, month: int = 9, hour: int = 8) -> datetime:
    return datetime(2026, month, day, hour, 30, tzinfo=UTC)


def meta(**changes: object) -> MetaFacts:
    facts = MetaFacts(
        dossier_id="D-2026-7f3a91c2",
        created_at=at(20, 11, 9),
        created_by="petra",
        version="0.1.0",
        reference_date=date(2026, 11, 20),
        language="nl",
    )
    return replace(facts, **changes)  # type: ignore[arg-type]  # tests name the field


def creditor(**changes: object) -> CreditorFacts:
    facts = CreditorFacts(
        name="Jansen Installatietechniek B.V.",
        legal_form="B.V.",
        kvk="12345678",
        vat_id="NL000099998B57",
        vat_deduction="full",
        street="Dorpsstraat 1",
        postcode="1234 AB",
        city="Utrecht",
        contact="Petra Jansen",
        phone="030-1234567",
        email="administratie@jansen.example",
        iban="NL91ABNA0417164300",
    )
    return replace(facts, **changes)  # type: ignore[arg-type]  # tests name the field


def mandate(**changes: object) -> MandateFacts:
    facts = MandateFacts(
        agency="Voorbeeld Incasso B.V.",
        wki_number="WKI-000123",
        wki_checked_on=date(2026, 10, 1),
        not_elsewhere=True,
        declared_by="Petra Jansen",
    )
    return replace(facts, **changes)  # type: ignore[arg-type]  # tests name the field


def debtor(**changes: object) -> DebtorFacts:
    facts = DebtorFacts(
        number="10023",
        kind=DebtorKind.COMPANY,
        kind_evidence="rechtsvorm in de naam",
        legal_form="B.V.",
        name="Bakkerij Zonneveld Voorbeeld B.V.",
        street="Plein 1940-45 3-II",
        postcode="1000 AA",
        city="Voorbeeldstad",
        country="NL",
        kvk="87654321",
        email="boekhouding@zonneveld.example",
        phone="020-7654321",
        language="nl",
        email_source=Source.PERSON,
    )
    return replace(facts, **changes)  # type: ignore[arg-type]  # tests name the field


def claim(number: str = "F2026-0312", **changes: object) -> ClaimFacts:
    facts = ClaimFacts(
        number=number,
        issued=date(2026, 8, 1),
        due=date(2026, 8, 31),
        open=euro("1210.00"),
        total=euro("1210.00"),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]  # tests name the field


def paper(kind: PaperType, day: date, reference: str, content: bytes = b"%PDF-1.7 x") -> Paper:
    return Paper(type=kind, on=day, reference=reference, content=content)


def event(**changes: object) -> EventFacts:
    facts = EventFacts(
        at=at(4),
        kind="reminder",
        step="herinnering",
        channel="email",
        address="boekhouding@zonneveld.example",
        address_source=Source.PERSON,
        invoices=("F2026-0312",),
        amount=euro("1210.00"),
        term_days=7,
        deadline=date(2026, 9, 11),
        template="reminder nl",
        reference="<1f2e3d4c5b6a-email@maan.jansen.example>",
        proof="250 2.0.0 Ok: queued as 4XyZ12",
        is_demand=True,
        documents=(
            paper(PaperType.EMAIL, date(2026, 9, 4), "herinnering"),
            paper(PaperType.LETTER, date(2026, 9, 4), "herinnering"),
        ),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]  # tests name the field


def journal(length: int = 3) -> tuple[ChainEntry, ...]:
    entries: list[ChainEntry] = []
    for number in range(1, length + 1):
        own = number != 2
        payload = {"channel": "email", "total": f"{number}.00"}
        header = Header(
            sequence=number,
            at=f"2026-09-0{number}T08:30:00Z",
            kind="delivered",
            subject="7f3a91c2d4e5" if own else "a0b1c2d3e4f5",
            actor="scheduler",
            payload_hash=payload_hash(payload, "00ff"),
            previous_hash=entries[-1].hash if entries else GENESIS,
        )
        carried = {"payload": payload, "salt": "00ff"} if own else {}
        entries.append(ChainEntry(header=header, hash=entry_hash(header), **carried))  # type: ignore[arg-type]  # both or none
    return tuple(entries)


def least(**changes: object) -> DossierFacts:
    facts = DossierFacts(
        meta=meta(), creditor=creditor(), mandate=mandate(), debtor=debtor(), claims=(claim(),)
    )
    return replace(facts, **changes)  # type: ignore[arg-type]  # tests name the field


def everything(language: str = "nl") -> DossierFacts:
    return least(
        meta=meta(language=language),
        claims=_claims(),
        credits=(
            CreditFacts(
                number="C2026-0041", amount=euro("121.00"), issued=date(2026, 9, 15),
                against="F2026-0312",
            ),
        ),
        payments=(
            PaymentFacts(
                invoice="F2026-0340", on=date(2026, 9, 20), amount=euro("250.00"),
                kind=PaymentKind.BOOKED,
            ),
            PaymentFacts(
                invoice="F2026-0340", on=date(2026, 10, 2), amount=euro("50.00"),
                kind=PaymentKind.SEEN,
            ),
        ),
        history=_history(),
        promises=(
            PromiseFacts(
                made_on=date(2026, 9, 25), until=date(2026, 10, 2), amount=euro("300.00"), kept=False
            ),
        ),
        arrangements=(
            ArrangementFacts(
                agreed_on=date(2026, 10, 5), terms="3 termijnen van € 400,00 op de eerste van de maand",
                state="broken", missed=(date(2026, 11, 1),),
            ),
        ),
        disputes=(
            DisputeFacts(
                raised_on=date(2026, 9, 8), invoice="F2026-0312", amount=euro("121.00"),
                ground="Eén ketel was niet geleverd.", answered_on=date(2026, 9, 15),
                position="Wij hebben creditnota C2026-0041 gestuurd.", ended_on=date(2026, 9, 29),
            ),
        ),
        holds=(
            HoldFacts(
                reason=HoldReason.DISPUTE, since=date(2026, 9, 8), until=date(2026, 9, 22),
                invoice="F2026-0312", lifted_on=date(2026, 9, 29),
            ),
        ),
        checks=(
            CheckFacts(
                name=CheckName.INSOLVENCY_REGISTER, on=date(2026, 11, 20), result="geen registratie"
            ),
        ),
        attachments=(
            paper(PaperType.CONTRACT, date(2026, 7, 1), "Opdracht 2026/118"),
            paper(PaperType.CORRESPONDENCE, date(2026, 9, 8), "../mail van debiteur"),
        ),
        journal=journal(),
    )  # fmt: skip


def _claims() -> tuple[ClaimFacts, ...]:
    return (
        claim(
            "F2026-0340",
            issued=date(2026, 8, 20),
            due=date(2026, 9, 19),
            open=euro("665.50"),
            total=euro("965.50"),
            vat=euro("167.57"),
            description="Onderhoud derde kwartaal, servicecontract 118",
            reference="F2026-0340",
            documents=(paper(PaperType.INVOICE, date(2026, 8, 20), "F2026-0340"),),
        ),
        claim(
            vat=euro("210.00"),
            sent_on=date(2026, 8, 1),
            sent_via="email",
            description="Levering en plaatsing van twee cv-ketels",
            reference="2026 0312 10023",
            contract="Opdracht 2026/118",
            basis="sale",
            documents=(paper(PaperType.INVOICE, date(2026, 8, 1), "F2026-0312"),),
        ),
    )


def _history() -> tuple[EventFacts, ...]:
    return (
        event(),
        event(
            at=at(8, 9, 12), kind="reply", step=None, outcome="Debiteur meldt: één ketel ontbreekt.",
            amount=None, term_days=None, deadline=None, template=None, reference=None, proof=None,
            is_demand=False, documents=(),
        ),
        event(
            at=at(12, 10), kind="final_demand", step="sommatie", channel="post",
            address="Plein 1940-45 3-II, 1000 AA Voorbeeldstad", address_source=Source.BOOKS,
            invoices=("F2026-0312", "F2026-0340"), amount=euro("1754.50"), term_days=14,
            deadline=date(2026, 10, 30), template="final_demand nl", reference="outbox/post/2026-10-12",
            proof="printlijst 2026-10-12, regel 4, SHA-256 van de brief vastgelegd",
            documents=(paper(PaperType.LETTER, date(2026, 10, 12), "sommatie"),),
        ),
        event(
            at=at(5, 11), kind="call", step="bellen", channel="phone", address="020-7654321",
            address_source=Source.BOOKS, amount=None, term_days=None, template=None, reference=None,
            proof=None, outcome="Belooft niets; vraagt om uitstel zonder datum.", is_demand=False,
            deadline=None, documents=(),
        ),
    )  # fmt: skip
