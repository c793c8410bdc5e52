import pytest

from homemedia.discovery.names import host_label, numbered, service_label, text_record


@pytest.mark.parametrize(
    ("household", "label"),
    [
        ("Attic", "attic"),
        ("The Müllers' House", "the-muellers-house"),
        ("Åsa & Łukasz", "asa-lukasz"),
        ("  St. John's  ", "st-johns"),
        ("a.b_c/d", "a-b-c-d"),
        ("東京の家", "homemedia"),
        ("", "homemedia"),
        ("---", "homemedia"),
        ("1984", "homemedia-1984"),
        ("localhost", "homemedia-localhost"),
        ("\u212bngstrom", "angstrom"),
        ("x" * 100, "x" * 59),
        ("x" * 58 + " y", "x" * 58),
    ],
)
def test_household_name_makes_a_host_name(household: str, label: str) -> None:
    assert host_label(household) == label


def test_taken_host_names_are_numbered_from_two() -> None:
    labels = list(numbered(host_label("x" * 100)))

    assert labels[:3] == ["x" * 59, "x" * 59 + "-2", "x" * 59 + "-3"]
    assert max(map(len, labels)) <= 63


@pytest.mark.parametrize(
    ("household", "label"),
    [
        ("The Müllers", "The Müllers"),
        ("St. John's", "St John's"),
        ("a\nb\0c", "a b c"),
        ("...", "HomeMedia"),
        ("", "HomeMedia"),
        ("ü" * 40, "ü" * 29),
    ],
)
def test_household_name_makes_a_service_name(household: str, label: str) -> None:
    assert service_label(household) == label


def test_text_record_says_what_the_design_asks() -> None:
    plain = text_record(server_id="ab12", name="Attic", version="1.2.3")
    long = text_record(server_id="ab12", name="ü" * 200, version="1.2.3", public_key="k")

    assert plain == {"id": "ab12", "name": "Attic", "v": "1.2.3", "path": "/api"}
    assert len(f"name={long['name']}".encode()) <= 255
    assert long["pk"] == "k"
