"""How far a stream of changes was read."""

from typing import Any

from adapters.exact.cursor import Stream
from adapters.exact.streams import Progress


def rows(*stamps: object) -> list[dict[str, Any]]:
    return [{"ID": f"K{stamp}", "Timestamp": stamp} for stamp in stamps]


def test_timestamps_are_compared_as_numbers() -> None:
    stream = Stream()

    Progress(stream).page(rows("999", "1000"))

    assert stream == Stream(1000, "k1000")


def test_pages_in_order_count_as_read_at_once() -> None:
    stream = Stream()
    progress = Progress(stream)

    progress.page(rows("10", "12"))
    progress.page(rows("13", "20"))

    assert stream == Stream(20, "k20")


def test_page_below_the_one_before_takes_back_what_counted_as_read() -> None:
    stream = Stream(5, "k5")
    progress = Progress(stream)

    progress.page(rows("10", "20"))
    progress.page(rows("15", "30"))

    assert stream == Stream(5, "k5", is_mixed=True)


def test_end_of_pages_out_of_order_counts_as_read() -> None:
    stream = Stream(5, "k5")
    progress = Progress(stream)
    progress.page(rows("10", "20"))
    progress.page(rows("8", "15"))

    progress.end()

    assert stream == Stream(20, "k20", is_mixed=True)


def test_rows_without_a_timestamp_tell_nothing() -> None:
    stream = Stream(5, "k5")
    progress = Progress(stream)

    progress.page([{"ID": "x"}, {"ID": "y", "Timestamp": "zeven"}])
    progress.end()

    assert (stream, progress.rows) == (Stream(5, "k5"), 2)


def test_rows_with_and_without_a_timestamp_count_as_far_as_known() -> None:
    stream = Stream()

    Progress(stream).page(rows(None, "17"))

    assert stream.after == 17


def test_newest_row_that_comes_once_more_changes_nothing() -> None:
    stream = Stream(20, "k20")

    Progress(stream).page(rows("20"))

    assert stream == Stream(20, "k20")
