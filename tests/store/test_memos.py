from connector.port.records import Batch, Memo
from connector.store import Store

ONE, TWO = Memo("t:1", "e:1", "20"), Memo("t:2", "e:1", "20")
OTHER = Memo("t:3", "e:2", "50")


def keep(store: Store, *memos: Memo) -> None:
    with store.unit("a") as unit:
        unit.books.begin_pull()
        unit.books.apply(Batch(memos=memos))


def recall(store: Store, *keys: str, groups: tuple[str, ...] = ()) -> list[Memo]:
    with store.unit("a", reading=True) as unit:
        return unit.books.recall(keys, groups)


def test_a_memo_is_recalled_by_its_key_and_by_its_group(store: Store) -> None:
    keep(store, ONE, TWO, OTHER)

    assert recall(store, "t:3", "t:9") == [OTHER]
    assert recall(store, "t:1", groups=("e:1",)) == [ONE, TWO]


def test_the_last_word_counts(store: Store) -> None:
    keep(store, ONE, Memo("t:1", "e:1", None), Memo("t:2", "e:1", "20"), Memo("t:2", "e:9", "50"))

    assert recall(store, groups=("e:1", "e:9")) == [Memo("t:2", "e:9", "50")]


def test_what_is_forgotten_is_gone(store: Store) -> None:
    keep(store, ONE)
    keep(store, Memo("t:1", "e:1", None))

    assert recall(store, "t:1") == []


def test_memos_are_those_of_the_administration(store: Store) -> None:
    keep(store, ONE)

    with store.unit("b", reading=True) as unit:
        assert unit.books.recall(["t:1"], ["e:1"]) == []
