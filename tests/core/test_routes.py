"""Which channels a message can take."""

from collections.abc import Mapping
from typing import Any

import pytest

from connector.core.policy.model import ChannelName
from connector.core.routes import has_address, rerouted, route, route_of_notice
from connector.core.snapshot import Creditor
from tests.core.make_core import parsed, party

EMAIL, POST, PACKAGE = ChannelName.EMAIL, ChannelName.POST, ChannelName.PACKAGE
US = Creditor()
PUSHING = Creditor(can_push=True)
NO_MAIL: dict[str, Any] = {"email": None}
BOUNCED: dict[str, Any] = {"email_bounced": True}
NO_STREET: dict[str, Any] = {"street": None}


@pytest.mark.parametrize(
    ("channel", "fields", "expected"),
    [
        (EMAIL, {}, True),
        (EMAIL, NO_MAIL, False),
        (EMAIL, {"email": ""}, False),
        (EMAIL, BOUNCED, False),
        (POST, {}, True),
        (POST, NO_STREET, False),
        (POST, {"postcode": None}, False),
        (POST, {"city": None}, False),
    ],
)
def test_channel_needs_its_address(
    channel: ChannelName, fields: Mapping[str, Any], *, expected: bool
) -> None:
    assert has_address(channel, party(**fields), US) is expected


@pytest.mark.parametrize(
    ("creditor", "fields", "expected"),
    [(US, {}, False), (PUSHING, {}, True), (PUSHING, NO_MAIL, False), (PUSHING, BOUNCED, False)],
)
def test_package_must_be_able_to_send(
    creditor: Creditor, fields: Mapping[str, Any], *, expected: bool
) -> None:
    assert has_address(PACKAGE, party(**fields), creditor) is expected


@pytest.mark.parametrize(
    ("via", "fallback", "fields", "expected"),
    [
        ("email", None, {}, (EMAIL,)),
        ("email", "post", NO_MAIL, (POST,)),
        ("email", "post", BOUNCED, (POST,)),
        ("email", None, NO_MAIL, ()),
        ("email", "post", NO_MAIL | NO_STREET, ()),
        (["email", "post"], None, {}, (EMAIL, POST)),
        (["email", "post"], None, NO_MAIL, (POST,)),
        ("package", "email", {}, (EMAIL,)),
    ],
)
def test_way_of_a_reminder(
    via: object, fallback: str | None, fields: Mapping[str, Any], expected: tuple[ChannelName, ...]
) -> None:
    reminder = parsed("een", "due", via=via, fallback=fallback)

    assert route(reminder, party(**fields), US) == expected


@pytest.mark.parametrize("do", ["default_notice", "statutory_notice", "final_demand"])
def test_legal_notice_is_not_sent_by_half(do: str) -> None:
    both = parsed("een", "due", do, via=["email", "post"])

    assert route(both, party(), US) == (EMAIL, POST)
    assert route(both, party(**NO_MAIL), US) == ()


def test_legal_notice_takes_the_fallback_instead_of_a_half() -> None:
    both = parsed("een", "due", "final_demand", via=["email", "post"], fallback="post")

    assert route(both, party(**NO_MAIL), US) == (POST,)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({}, (EMAIL,)), (NO_MAIL, (POST,)), (BOUNCED, (POST,)), (NO_MAIL | NO_STREET, ())],
)
def test_debtor_is_told_of_a_handover_by_mail_or_else_by_post(
    fields: Mapping[str, Any], expected: tuple[ChannelName, ...]
) -> None:
    over = parsed("incasso", "due", "hand_over", to="voorbeeld-incasso")

    assert route_of_notice(over, party(**fields), US) == expected


def test_debtor_is_told_of_a_handover_as_the_step_says() -> None:
    over = parsed("incasso", "due", "hand_over", to="voorbeeld-incasso", via="post")

    assert route_of_notice(over, party(), US) == (POST,)
    assert route_of_notice(over, party(**NO_STREET), US) == ()


def test_going_another_way_is_said() -> None:
    reminder = parsed("een", "due", via="email", fallback="post")

    assert rerouted(reminder, (EMAIL,)) == ()
    assert [r.facts for r in rerouted(reminder, (POST,))] == [{"wanted": "email", "via": "post"}]
