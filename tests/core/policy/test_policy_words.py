import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from connector.core.policy.model import DebtorKind, Guards, Receipt, StepKind
from connector.core.policy.words import Age, Anchor, Duration, Hours

durations = st.builds(Duration, st.integers(0, 9999), business=st.booleans())


@given(durations)
def test_a_duration_is_read_back_as_it_was_written(duration: Duration) -> None:
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize("text", ["7d", "7 d", "7 days", " 7d "])
def test_days_may_be_written_in_several_ways(text: str) -> None:
    assert Duration.parse(text) == Duration(7)


@pytest.mark.parametrize("text", ["", "7", "d", "-7d", "7 dagen", "1.5d", "99999d", "7 business"])
def test_another_form_is_no_duration(text: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        Duration.parse(text)

    assert caught.value.type == "duration_form"


@pytest.mark.parametrize(
    ("text", "said"),
    [("due+4d", "due + 4d"), ("due - 3d", "due - 3d"), ("due", "due"), ("due + 0d", "due"),
     ("invoice + 5 business days", "invoice + 5 business days"), ("month_end( due + 5d )", "month_end(due + 5d)"),
     ("month_end(due)", "month_end(due)"), ("deadline", "deadline")],
)  # fmt: skip
def test_a_moment_is_said_in_one_way(text: str, said: str) -> None:
    anchor = Anchor.parse(text)

    assert str(anchor) == repr(anchor) == said
    assert Anchor.parse(said) == anchor
    assert hash(Anchor.parse(said)) == hash(anchor)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "due 4d",
        "due + 4",
        "previous - 1d",
        "month_end(previous + 1d)",
        "month_end(due - 1d)",
        "morgen",
    ],
)
def test_another_form_is_no_moment(text: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        Anchor.parse(text)

    assert caught.value.type == "anchor_form"


@pytest.mark.parametrize(
    ("text", "before"), [("due - 1d", True), ("due - 0d", False), ("due + 1d", False)]
)
def test_only_a_moment_before_the_due_date_lapses(text: str, before: bool) -> None:
    assert Anchor.parse(text).before_due == before


@pytest.mark.parametrize("text", ["09:00-17:00", "00:00-23:59"])
def test_hours_are_read_back_as_they_were_written(text: str) -> None:
    hours = Hours.parse(text)

    assert str(hours) == repr(hours) == text
    assert hours == Hours.parse(text.replace("-", " - "))
    assert hash(hours) == hash(Hours.parse(text))


@pytest.mark.parametrize(
    "text", ["", "9-5", "17:00-09:00", "09:00-09:00", "09:00-24:00", "25:00-26:00", "08:75-09:80"]
)
def test_another_form_is_no_hours(text: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        Hours.parse(text)

    assert caught.value.type == "hours_form"


@pytest.mark.parametrize(
    ("text", "said"),
    [("6h", "6h"), ("6 hours", "6h"), ("2d", "2d"), ("3 business days", "3 business days")],
)
def test_an_age_has_hours_or_days(text: str, said: str) -> None:
    age = Age.parse(text)

    assert str(age) == repr(age) == said
    assert age == Age.parse(said)
    assert hash(age) == hash(Age.parse(said))


def test_another_form_is_no_age() -> None:
    with pytest.raises(PydanticCustomError) as caught:
        Age.parse("vers")

    assert caught.value.type == "age_form"


def test_words_of_different_kinds_are_never_equal() -> None:
    assert Duration(7) != Duration(7, business=True)
    assert Duration(7) != "7d"
    assert Anchor.parse("due") != "due"
    assert Hours.parse("09:00-17:00") != "09:00-17:00"
    assert Age.parse("6h") != "6h"
    assert hash(Duration(7)) == hash(Duration.parse("7d"))


def test_a_word_is_taken_as_it_is_and_written_back() -> None:
    class Record(BaseModel):
        model_config = {"arbitrary_types_allowed": True}
        term: Duration

    assert Record(term=Duration(7)).term == Duration(7)
    assert Record(term=Duration(7)).model_dump(mode="json") == {"term": "7d"}


def test_receipt_is_only_lengthened() -> None:
    assert Receipt(post="statutory + 3d").lengthened("post") == Duration(3)
    assert Receipt(email="statutory").lengthened("email") == Duration(0)
    assert Guards().receipt.lengthened("post") == Duration(2, business=True)


def test_who_counts_as_a_natural_person_and_who_as_a_business() -> None:
    natural = {kind for kind in DebtorKind if kind.is_natural_person}
    business = {kind for kind in DebtorKind if kind.is_business}

    assert natural == {
        DebtorKind.CONSUMER,
        DebtorKind.SOLE_TRADER,
        DebtorKind.PARTNERSHIP,
        DebtorKind.UNKNOWN,
    }
    assert business == set(DebtorKind) - {DebtorKind.CONSUMER, DebtorKind.UNKNOWN}


def test_which_steps_write_and_which_must_be_ours() -> None:
    legal = {kind for kind in StepKind if kind.is_legal}

    assert legal == {StepKind.DEFAULT_NOTICE, StepKind.STATUTORY_NOTICE, StepKind.FINAL_DEMAND}
    assert {kind for kind in StepKind if kind.is_message} == legal | {StepKind.REMINDER}
