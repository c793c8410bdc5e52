"""Names that every disk takes."""

import pytest

from homemedia.library.managed import MAX_NAME_BYTES, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("IMG_1.jpg", "IMG_1.jpg"),
        ("Straße am Meer.HEIC", "Straße am Meer.HEIC"),
        ("Strasse\u0301.jpg", "Strassé.jpg"),
        ('a/b\\c:d*e?f"g<h>i|j.png', "a_b_c_d_e_f_g_h_i_j.png"),
        ("\x00\x1f.jpg", "__.jpg"),
        ("dots.jpg. . ", "dots.jpg"),
        ("..", "file"),
        ("", "file"),
        ("   .jpg", ".jpg"),
        ("CON.jpg", "_CON.jpg"),
        ("lpt1", "_lpt1"),
        ("console.jpg", "console.jpg"),
        ("no ending " + "x" * 300, "no ending " + "x" * 190),
        ("ä" * 150 + ".jpg", "ä" * 98 + ".jpg"),
        ("x." + "y" * 300, "x." + "y" * 198),
    ],
)
def test_name_is_as_near_to_the_given_one_as_disks_allow(name: str, safe: str) -> None:
    found = safe_name(name)

    assert found == safe
    assert 0 < len(found.encode()) <= MAX_NAME_BYTES
