"""Whether Dutch costs and interest may be asked of a debtor."""

import pytest

from connector.core.law.applicable import dutch_law_applies


@pytest.mark.parametrize("country", ["NL", "nl", " NL ", "", None])
def test_debtor_at_home_falls_under_dutch_law(country: str | None) -> None:
    assert dutch_law_applies(country, recorded=False)


@pytest.mark.parametrize("country", ["BE", "DE", "US", "CW", "BQ"])
def test_debtor_elsewhere_does_not_unless_it_is_recorded(country: str) -> None:
    expected = (False, True)

    assert (
        dutch_law_applies(country, recorded=False),
        dutch_law_applies(country, recorded=True),
    ) == expected
