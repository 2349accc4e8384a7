"""Formats of documents: each gives its text and metadata; what cannot be read is one line that names the file."""

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf._crypt_providers import _fallback
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate

from rag.errors import DocumentError
from rag.types import Document, Metadata

CURLY = "“It’s naïve,” the café’s owner said – twice."
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Minister visits Bishkek - The Example</title>
<meta property="og:site_name" content="The Example">{head}
<script>var tracker = "scripted";</script><style>p {{ color: red }}</style></head>
<body><nav><ul><li><a href="/">Home menu</a></li><li><a href="/w">World menu</a></li></ul></nav>
<article><h1>Minister visits Bishkek</h1>
<p>The minister arrived on Wednesday and met the students of the academy, who asked him many questions.</p>
<p>“We are glad to be here,” Sergey Lavrov said to the students in the great hall of the old academy.</p></article>
<script>document.write("scripted");</script>
<aside><a href="/2011/05/06/old">An older story</a></aside><footer>© 2023 The Example</footer></body></html>"""


def pdf(*paragraphs: str, title: str = "") -> bytes:
    content = io.BytesIO()
    style = getSampleStyleSheet()["BodyText"]
    SimpleDocTemplate(content, title=title).build([Paragraph(text, style) for text in paragraphs])
    return content.getvalue()


def scan() -> bytes:
    """A PDF whose only page is a drawing."""
    content = io.BytesIO()
    canvas = Canvas(content)
    canvas.rect(100, 100, 200, 200, fill=1)
    canvas.save()
    return content.getvalue()


def encrypted(password: str, algorithm: str = "RC4-128") -> bytes:
    """A PDF whose text needs a password ("": none, only changes do)."""
    writer = PdfWriter(PdfReader(io.BytesIO(pdf("Some words."))))
    writer.encrypt(password, "owner", algorithm=algorithm)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def half_character() -> bytes:
    """A PDF with the text "AB", whose font maps A to half of a surrogate pair."""
    table = b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <41> <D83D> endbfchar endcmap"
    text = b"BT /F1 12 Tf 20 200 Td (AB) Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(table), table),
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % numbered for numbered in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R /Size 7 >>\nstartxref\n0\n%%EOF\n"


def word(title: str = "") -> bytes:
    """A Word document: heading, paragraph, a table with a merged cell, paragraph."""
    document = docx.Document()
    document.core_properties.title = title
    document.add_heading("Trade with the neighbours in numbers")
    document.add_paragraph(CURLY)
    table = document.add_table(2, 3)
    for number, text in enumerate(("Country", "Trade", "Year", "Kyrgyzstan", "$2bn", "2019")):
        table.cell(number // 3, number % 3).text = text
    table.cell(1, 1).merge(table.cell(1, 2))
    document.add_paragraph("That is all.")
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def rezipped(*, version: int = 20, flags: int = 0, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A Word document whose parts claim this version of ZIP, these flags and this method of compression."""
    content = bytearray(word())
    for mark, fields in ((b"PK\x03\x04", 4), (b"PK\x01\x02", 6)):
        for part in re.finditer(re.escape(mark), content):
            struct.pack_into("<HHH", content, part.start() + fields, version, flags, method)
    return bytes(content)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.TXT"])
@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_plain_text_arrives_as_written_in_every_encoding(
    read: Callable[..., Document], name: str, charset: str
) -> None:
    text = f"{CURLY}\n\nTrès bien, à l’été: ¿qué señaló? Größe £5.\n"
    assert read(name, text.encode(charset)).text == text


def test_latin_1_is_read_as_western(read: Callable[..., Document]) -> None:
    text = "La coopération était très utile à tous, señor. Die Größe zählt."
    assert read("a.txt", text.encode("latin-1")).text == text


def test_cyrillic_in_its_own_encoding_is_recognised(read: Callable[..., Document]) -> None:
    text = "Министр иностранных дел России заявил, что сотрудничество продолжается."
    assert read("a.txt", text.encode("cp1251")).text == text


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_count_as_one_character(read: Callable[..., Document], line_end: str) -> None:
    assert read("a.txt", line_end.join(["One.", "", "Two."]).encode()).text == "One.\n\nTwo."


def test_a_page_gives_its_article_title_and_date_without_scripts_and_menus(read: Callable[..., Document]) -> None:
    stated = '<meta property="article:published_time" content="2019-11-27T10:00:00Z">'
    document = read("a.html", PAGE.format(head=stated).encode())
    assert document.metadata == Metadata(title="Minister visits Bishkek", publisher="The Example", date="2019-11-27")
    assert "“We are glad to be here,” Sergey Lavrov said to the students" in document.text
    for word_of_no_article in ("scripted", "menu", "color", "©"):
        assert word_of_no_article not in document.text


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("", ""),
        ('<meta content="2019-11-27" name="date">', "2019-11-27"),
        ('<script type="application/ld+json">{"datePublished": "2019-11-27T10:00"}</script>', "2019-11-27"),
        ('<meta name="date" content="2019-13-45">', ""),
        ('<time datetime="2019-11-27">then</time>', "2019-11-27"),
        ('<time datetime="2019-11-27">then</time><time datetime="2020-01-01">now</time>', ""),
    ],
)
def test_a_page_has_the_date_that_its_markup_states_and_no_guess(
    read: Callable[..., Document], head: str, date: str
) -> None:
    assert read("a.htm", PAGE.format(head=head).encode()).metadata.date == date


@pytest.mark.parametrize(
    ("charset", "declared"), [("cp1252", "iso-8859-1"), ("cp1252", ""), ("cp1252", "idna"), ("cp1251", "windows-1251")]
)
def test_a_page_is_read_in_its_charset(read: Callable[..., Document], charset: str, declared: str) -> None:
    said = "Министр сказал, что договор подписан" if charset == "cp1251" else "Le café était très bon, señor Müller"
    page = PAGE.replace('<meta charset="utf-8">', f'<meta charset="{declared}">').format(head="")
    page = page.replace("The minister arrived", said).translate(str.maketrans("“”", '""'))
    assert said in read("a.html", page.encode(charset, "xmlcharrefreplace")).text


def test_a_word_document_gives_paragraphs_and_table_in_order(read: Callable[..., Document]) -> None:
    document = read("a.docx", word("A title"))
    heading, paragraph, table, last = document.text.split("\n\n")
    assert (heading, paragraph, last) == ("Trade with the neighbours in numbers", CURLY, "That is all.")
    assert table.startswith("Country\tTrade\tYear\nKyrgyzstan\t$2bn")
    assert table.count("2019") == 1
    assert document.metadata.title == "A title"


def test_a_pdf_gives_its_text_and_title(read: Callable[..., Document]) -> None:
    document = read("a.pdf", pdf("The minister arrived on Wednesday.", "He left on Friday.", title="A title"))
    assert document.text.split("\n") == ["The minister arrived on Wednesday.", "He left on Friday.", ""]
    assert document.metadata.title == "A title"


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_pdf_that_is_only_protected_against_changes_is_read(read: Callable[..., Document], algorithm: str) -> None:
    assert "Some words." in read("a.pdf", encrypted("", algorithm)).text


def test_a_pdf_is_refused_where_the_library_for_its_encryption_is_missing(
    read: Callable[..., Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = encrypted("", "AES-128")
    monkeypatch.setattr("pypdf._encryption.CryptAES", _fallback.CryptAES)  # raises DependencyError
    with pytest.raises(DocumentError, match=r"a\.pdf: not readable as PDF \(cryptography.*repair or decrypt it"):
        read("a.pdf", content)


def test_half_characters_of_a_pdf_are_replaced(read: Callable[..., Document]) -> None:
    text = read("a.pdf", half_character()).text
    assert text.encode().decode() == text == "�B"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("scan.pdf", scan(), "holds no text; if it is a scan"),
        ("damaged.pdf", pdf("Some words.")[200:900], "not readable as PDF"),
        ("none.pdf", b"%PDF-1.4\n%%EOF", "not readable as PDF"),
        ("locked.pdf", encrypted("secret"), "repair or decrypt it"),
        ("aes.pdf", encrypted("secret", "AES-256"), "repair or decrypt it"),
        ("method.pdf", encrypted("", "AES-128").replace(b"/AESV2", b"/Other"), "/Other NOT supported!"),
        ("damaged.docx", word()[:3000], "not readable as Word document"),
        ("page.docx", b"<html></html>", "not readable as Word document"),
        ("version.docx", rezipped(version=200), "not readable as Word document (zip file version 20.0)"),
        ("locked.docx", rezipped(flags=1), "is encrypted, password required"),
        ("bzip2.docx", rezipped(method=zipfile.ZIP_BZIP2), "compressed otherwise than Word does"),
        ("lzma.docx", rezipped(method=zipfile.ZIP_LZMA), "compressed otherwise than Word does"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "is not text"),
        ("zeros.txt", b"\0" * 1000, "is not text"),
        ("noise.md", random.Random(1).randbytes(3000), "is not text"),
        ("empty.txt", b"", "holds no text"),
        ("blank.md", b" \n\t\n", "holds no text"),
        ("empty.pdf", b"", "not readable as PDF"),
        ("empty.docx", b"", "not readable as Word document"),
        ("empty.html", b"", "no article text"),
        ("bare.html", b"<html><body></body></html>", "no article text"),
        ("deep.html", b"<div>" * 3000 + b"Some words.", "no article text"),
        ("old.doc", b"Some words.", "no reader for '.doc'; convert it to one of .docx"),
        ("bare", b"Some words.", "no reader for ''"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_the_path(
    read: Callable[..., Document], folder: Path, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(DocumentError) as raised:
        read(name, content)
    message = str(raised.value)
    assert message.startswith(f"{folder / name}: ")
    assert reason in message
    assert "\n" not in message


def test_a_word_document_that_unpacks_to_too_much_is_not_unpacked(
    read: Callable[..., Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.documents.MAX_UNPACKED", 1000)
    with pytest.raises(DocumentError, match="unpacks to more than 0 megabytes"):
        read("bomb.docx", word())


@pytest.mark.parametrize(("name", "whole"), [("a.pdf", pdf("Some words.")), ("a.docx", word())])
def test_damage_anywhere_in_a_file_is_a_document_error_or_nothing(
    read: Callable[..., Document], name: str, whole: bytes
) -> None:
    outcomes = set()
    for seed in range(100):
        chance = random.Random(seed)
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 10, 50))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            read(name, bytes(damaged))
            outcomes.add("read")
        except DocumentError as error:
            assert "\n" not in str(error)
            outcomes.add("refused")
    assert "refused" in outcomes


@pytest.mark.parametrize("title", ["untitled", "(anonymous)", "Microsoft Word - draft 3.docx", "draft_3.pdf"])
def test_what_a_program_wrote_as_title_is_none(read: Callable[..., Document], title: str) -> None:
    assert read("a.pdf", pdf("He arrived today.", title=title)).metadata.title == ""
