"""How far a stream of changes was read."""

from typing import Any

from adapters.exact.cursor import Stream
from adapters.exact.streams import Progress


def rows(*stamps: object) -> list[dict[str, Any]]:
    return [{"ID": f"K{stamp}", "Timestamp": stamp} for stamp in stamps]


def test_timestamps_are_compared_as_numbers() -> None:
    stream = Stream()
    progress = Progress(stream)

    progress.page(rows("999", "1000"))
    progress.end()

    assert stream == Stream(1000, "k1000")


def test_last_page_counts_as_read_at_the_end() -> None:
    stream = Stream()

    Progress(stream).page(rows("10", "12"))

    assert stream == Stream()


def test_rows_out_of_order_on_a_page_count_at_the_end() -> None:
    stream = Stream(5, "k5")

    Progress(stream).page(rows("12", "10"))

    assert stream == Stream(5, "k5")


def test_newest_row_is_met_again() -> None:
    progress = Progress(Stream(5, "k5"))

    progress.page(rows("7"))
    was = progress.met
    progress.page(rows("8", "5"))

    assert (was, progress.met) == (False, True)


def test_page_counts_as_read_when_the_next_one_begins_above_it() -> None:
    stream = Stream()
    progress = Progress(stream)

    progress.page(rows("10", "12"))
    progress.page(rows("13", "20"))

    assert stream == Stream(12, "k12")


def test_page_below_the_one_before_takes_back_what_counted_as_read() -> None:
    stream = Stream(5, "k5")
    progress = Progress(stream)

    progress.page(rows("10", "20"))
    progress.page(rows("15", "30"))

    assert stream == Stream(5, "k5")


def test_end_of_pages_out_of_order_counts_as_read() -> None:
    stream = Stream(5, "k5")
    progress = Progress(stream)
    progress.page(rows("10", "20"))
    progress.page(rows("8", "15"))

    progress.end()

    assert stream == Stream(20, "k20")


def test_rows_without_a_timestamp_tell_nothing() -> None:
    stream = Stream(5, "k5")
    progress = Progress(stream)

    progress.page([{"ID": "x"}, {"ID": "y", "Timestamp": "zeven"}])
    progress.end()

    assert (stream, progress.rows) == (Stream(5, "k5"), 2)


def test_rows_with_and_without_a_timestamp_count_as_far_as_known() -> None:
    stream = Stream()

    progress = Progress(stream)
    progress.page(rows(None, "17"))
    progress.end()

    assert stream.after == 17


def test_newest_row_that_comes_once_more_changes_nothing() -> None:
    stream = Stream(20, "k20")

    progress = Progress(stream)
    progress.page(rows("20"))
    progress.end()

    assert stream == Stream(20, "k20")
