"""Characters of subtitle files: every step of watch contract 10.1, and the last but one on twenty-four languages."""
# ruff: noqa: RUF001 - letters of all scripts are what this is about

import codecs
from typing import Final

import pytest

from homemedia.media.subtitles import UnreadableSubtitle, decoded
from homemedia.media.subtitles.charset import PAGES

CUE = "1\n00:00:01,000 --> 00:00:02,000\n"
SAYINGS: Final = {
    "ru": (
        "Привет, Мария! Я не знаю, где ты была вчера вечером.\nПодожди меня, пожалуйста.",
        ["cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic"],
    ),
    "uk": ("Привіт, мій друже! Де ти був учора? Її ніхто не бачив, і я теж.", ["cp1251", "koi8_u"]),
    "bg": ("Къде беше снощи? Никой не те е виждал, а аз те чаках цяла нощ.", ["cp1251"]),
    "el": ("Πού ήσουν χθες το βράδυ; Σε περίμενα όλη νύχτα, αλλά δεν ήρθες.", ["cp1253", "iso8859_7"]),
    "pl": (
        "Gdzie byłeś wczoraj wieczorem? Czekałam na ciebie całą noc, ale nie przyszedłeś. Żegnaj, święta źródło.",
        ["cp1250", "iso8859_2"],
    ),
    "cs": (
        "Kde jsi byl včera večer? Čekala jsem na tebe celou noc, ale nepřišel jsi. Děkuji, příteli.",
        ["cp1250", "iso8859_2"],
    ),
    "hu": ("Hol voltál tegnap este? Egész éjjel rád vártam, de nem jöttél. Őrült vagy, a tűz ég.", ["cp1250"]),
    "ro": ("Unde ai fost aseară? Te-am aşteptat toată noaptea, dar n-ai venit. Mulţumesc, îngerul meu.", ["cp1250"]),
    "tr": (
        "Dün gece neredeydin? Bütün gece seni bekledim ama gelmedin. Teşekkür ederim, ağabey. Işık söndü.",
        ["cp1254"],
    ),
    "fr": (
        "Où étais-tu hier soir ? Je t’ai attendu toute la nuit, mais tu n’es pas venu. Ça va, maître ?",
        ["cp1252", "latin1"],
    ),
    "de": (
        "Wo warst du gestern Abend? Ich habe die ganze Nacht gewartet. Schöne Grüße, Müller! Das heißt Übung.",
        ["cp1252", "mac_roman", "cp850"],
    ),
    "es": (
        "¿Dónde estabas anoche? Te esperé toda la noche, pero no viniste. ¡Mañana será otro día, señor!",
        ["cp1252"],
    ),
    "pt": ("Onde você estava ontem à noite? Não sei o que aconteceu. Coração, são três irmãos.", ["cp1252"]),
    "sv": ("Var var du i går kväll? Jag väntade på dig hela natten, men du kom inte. Så är det, älskling.", ["cp1252"]),
    "da": ("Hvor var du i går aftes? Jeg ventede på dig hele natten. Så går vi, kære søster.", ["cp1252"]),
    "fi": ("Missä olit eilen illalla? Odotin sinua koko yön, mutta et tullut. Hyvää päivää, äiti.", ["cp1252"]),
    "he": ("איפה היית אתמול בערב? חיכיתי לך כל הלילה, אבל לא באת.", ["cp1255"]),
    "ar": ("أين كنت ليلة أمس؟ انتظرتك طوال الليل لكنك لم تأت.", ["cp1256"]),
    "th": ("เมื่อคืนคุณอยู่ที่ไหน ฉันรอคุณทั้งคืน แต่คุณไม่มา", ["cp874"]),
    "lt": (
        "Kur buvai vakar vakare? Laukiau tavęs visą naktį, bet neatėjai. Ačiū, mielasis, šį rytą žinosiu.",
        ["cp1257"],
    ),
    "lv": ("Kur tu biji vakar vakarā? Es gaidīju tevi visu nakti, bet tu neatnāci. Paldies, mīļā, šķiet.", ["cp1257"]),
    "ja": ("昨夜はどこにいたの？一晩中待っていたのに、来なかったね。", ["shift_jis", "euc_jp", "iso2022_jp"]),
    "ko": ("어젯밤에 어디 있었어? 밤새도록 기다렸는데 오지 않았어.", ["cp949"]),
    "zh-Hans": ("昨晚你在哪里？我等了你一整夜，但是你没有来。他们什么都不知道。", ["gb18030"]),
    "zh-Hant": ("昨晚你在哪裡？我等了你一整夜，但是你沒有來。他們什麼都不知道。", ["big5"]),
}


@pytest.mark.parametrize("language", SAYINGS)
def test_page_is_guessed_from_a_line_or_two(language: str) -> None:
    said, pages = SAYINGS[language]
    for page in pages:
        raw = said.encode(page, "ignore")
        assert decoded(CUE.encode() + raw) == CUE + raw.decode(page), page


@pytest.mark.parametrize(("language", "pages"), PAGES.items())
def test_page_of_the_language_comes_before_any_guess(language: str, pages: tuple[str, ...]) -> None:
    said = SAYINGS[language][0] if language in SAYINGS else "a"
    for page in pages:
        assert decoded(said.encode(page, "ignore"), language) == said.encode(page, "ignore").decode(page)
    # One word, of which no guess could know.
    word = bytes([0xE0, 0xE1])
    assert decoded(word, language) == word.decode(pages[0])


def test_page_of_the_language_is_left_when_it_does_not_fit() -> None:
    russian, _ = SAYINGS["ru"]
    assert decoded(russian.encode("koi8_r"), "ja") == russian
    assert decoded("Żółć i źdźbło trawy".encode("cp1250"), "sr-Latn") == "Żółć i źdźbło trawy"
    french, _ = SAYINGS["fr"]
    assert decoded(french.encode("cp1252"), "zh-TW") == french


@pytest.mark.parametrize(
    ("mark", "page"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_mark_comes_first_and_is_taken_off(mark: bytes, page: str) -> None:
    said = CUE + "Привет é 昨"
    assert decoded(mark + said.encode(page), "th") == said


@pytest.mark.parametrize("page", ["utf-16-le", "utf-16-be"])
def test_two_byte_text_without_a_mark_is_told_by_its_zeros(page: str) -> None:
    for said in ("Hello", "Привет, Мария", "昨夜はどこにいたの"):
        assert decoded((CUE + said).encode(page), "ru") == CUE + said


def test_valid_utf8_is_believed_before_any_language() -> None:
    assert decoded("Ünïcödé".encode(), "ru") == "Ünïcödé"


def test_utf8_with_one_damaged_byte_keeps_all_the_rest() -> None:
    said = SAYINGS["cs"][0].encode()
    assert decoded(said[:40] + b"\xe9" + said[40:]) == said[:40].decode() + "é" + said[40:].decode()
    assert decoded(codecs.BOM_UTF8 + said + b"\xc4") == said.decode() + "Ä"


def test_nothing_is_ever_replaced() -> None:
    for raw in (bytes(range(0x80, 0x100)), b"\x81\x8d\x8f\x90\x9d", b"caf\xe9 \x81"):
        assert "\ufffd" not in decoded(raw)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnreadableSubtitle):
        decoded(b"\x00\x00\x01\xff\x02" * 500)
