"""Languages as they stand in names of subtitle files: ISO codes, BCP 47 tags, English names and their own names."""

# Shortest BCP 47 code; ISO 639-2/3 and other codes in use; English names; own names. Several are split by commas.
TABLE = """
af | afr | afrikaans | afrikaans
sq | sqi alb | albanian | shqip
am | amh | amharic | አማርኛ
ar | ara | arabic | العربية, عربي
hy | hye arm | armenian | հայերեն
az | aze | azerbaijani, azeri | azərbaycanca
eu | eus baq | basque | euskara
be | bel | belarusian | беларуская
bn | ben | bengali, bangla | বাংলা
bs | bos | bosnian | bosanski
bg | bul | bulgarian | български
my | mya bur | burmese | မြန်မာ
yue | yue | cantonese | 粵語, 粤语
ca | cat | catalan | català
zh | zho chi cmn | chinese, mandarin | 中文, 汉语, 漢語
zh-Hans | chs | simplified chinese, chinese simplified | 简体中文, 简体
zh-Hant | cht | traditional chinese, chinese traditional | 繁體中文, 繁体中文, 繁體
hr | hrv scr | croatian | hrvatski
cs | ces cze | czech | čeština, česky
da | dan | danish | dansk
nl | nld dut | dutch, flemish | nederlands, vlaams
en | eng | english | english
eo | epo | esperanto | esperanto
et | est | estonian | eesti
fil | fil | filipino | filipino
fi | fin | finnish | suomi
fr | fra fre | french | français
gl | glg | galician | galego
ka | kat geo | georgian | ქართული
de | deu ger | german | deutsch
el | ell gre | greek | ελληνικά
gu | guj | gujarati | ગુજરાતી
he | heb iw | hebrew | עברית
hi | hin | hindi | हिन्दी
hu | hun | hungarian | magyar
is | isl ice | icelandic | íslenska
id | ind | indonesian | bahasa indonesia
ga | gle | irish | gaeilge
it | ita | italian | italiano
ja | jpn jap | japanese | 日本語
kn | kan | kannada | ಕನ್ನಡ
kk | kaz | kazakh | қазақша
km | khm | khmer | ខ្មែរ
ko | kor | korean | 한국어
ku | kur | kurdish | kurdî
ky | kir | kyrgyz | кыргызча
lo | lao | lao | ລາວ
la | lat | latin | latina
lv | lav | latvian | latviešu
lt | lit | lithuanian | lietuvių
lb | ltz | luxembourgish | lëtzebuergesch
mk | mkd mac | macedonian | македонски
ms | msa may zsm | malay | bahasa melayu
ml | mal | malayalam | മലയാളം
mt | mlt | maltese | malti
mi | mri mao | maori | te reo māori
mr | mar | marathi | मराठी
mn | mon | mongolian | монгол
ne | nep | nepali | नेपाली
nb | nob | norwegian bokmål, bokmål | norsk bokmål
nn | nno | norwegian nynorsk, nynorsk | norsk nynorsk
no | nor | norwegian | norsk
fa | fas per | persian, farsi | فارسی
pl | pol | polish | polski
pt | por | portuguese | português
pt-BR | pob pb | brazilian portuguese, portuguese (brazil), brazilian | português do brasil, português brasileiro
pa | pan | punjabi | ਪੰਜਾਬੀ
ro | ron rum mol | romanian | română
rm | roh | romansh | rumantsch
ru | rus | russian | русский
sr | srp scc | serbian | српски, srpski
si | sin | sinhala | සිංහල
sk | slk slo | slovak | slovenčina
sl | slv | slovenian, slovene | slovenščina
so | som | somali | soomaali
es | spa | spanish, castilian | español, castellano
es-419 | lat-am | latin american spanish, spanish (latin america) | español latino
sw | swa | swahili | kiswahili
sv | swe | swedish | svenska
tl | tgl | tagalog | tagalog
ta | tam | tamil | தமிழ்
te | tel | telugu | తెలుగు
th | tha | thai | ไทย, ภาษาไทย
tr | tur | turkish | türkçe
uk | ukr | ukrainian | українська
ur | urd | urdu | اردو
uz | uzb | uzbek | o\u02bbzbekcha, ozbekcha, uzbekcha
vi | vie | vietnamese | tiếng việt
cy | cym wel | welsh | cymraeg
gsw | gsw | swiss german | schwiizerdütsch
yi | yid | yiddish | ייִדיש
zu | zul | zulu | isizulu
und | und | undetermined |
"""

FLAG_WORDS = frozenset({"forced", "foreign", "default", "sdh", "cc", "hi"})


def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for line in TABLE.strip().splitlines():
        code, codes, english, own = (cell.strip() for cell in line.split("|"))
        words = [code, *codes.split(), *english.split(","), *own.split(",")]
        for word in words:
            if word.strip():
                names.setdefault(word.strip().casefold(), code)
    return names


NAMES = _names()


def language_of(token: str) -> str | None:
    """The shortest BCP 47 tag for a language's code or name; None when it is neither.

    `eng`, `English`, `en` give `en`; `por-BR` and `pt_br` give `pt-BR`; `zh-hant-tw` gives `zh-Hant-TW`.

    Source:
        Watch contract 5.5; the case of subtags after RFC 5646, 2.1.1.
    """
    word = " ".join(token.replace("_", " ").split()).casefold()
    if known := NAMES.get(word):
        return known
    first, *subtags = token.replace("_", "-").split("-")
    base = NAMES.get(first.strip().casefold())
    if base is None or not subtags or not 2 <= len(first) <= 3 or not first.isascii():
        return None
    written = [base]
    for subtag in subtags:
        if not subtag.isascii() or not subtag.isalnum() or subtag.lower() in FLAG_WORDS:
            return None
        if len(subtag) == 4 and subtag.isalpha():
            written.append(subtag.title())
        elif (len(subtag) == 2 and subtag.isalpha()) or (len(subtag) == 3 and subtag.isdigit()):
            written.append(subtag.upper())
        else:
            return None
    return "-".join(written)
