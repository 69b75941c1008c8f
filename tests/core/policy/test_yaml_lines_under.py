"""A part of a file keeps its places in the whole."""

from connector.core.policy.yaml_lines import Place, read_yaml

TEXT = "a: 1\nparts:\n  - {one: 1, two: 2}\n  - three\n"


def test_a_part_is_a_document_with_the_places_of_the_whole() -> None:
    part = read_yaml(TEXT).under(("parts", 0))

    assert part.data == {"one": "1", "two": "2"}
    assert part.positions.key(("two",)) == Place(3, 14)


def test_a_part_that_is_no_mapping_holds_nothing() -> None:
    assert read_yaml(TEXT).under(("parts", 1)).data is None
    assert read_yaml(TEXT).under(("a", "b")).data is None
