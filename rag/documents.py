"""Documents: files in, texts with metadata out.

Plain text and Markdown are taken as they stand, so offsets are offsets in the file (line ends count
as one character); PDF, Word and HTML through their own libraries. A file that cannot be read raises
DocumentError with one line; nothing is executed, followed or fetched.
"""

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import charset_normalizer

from rag.errors import DocumentError
from rag.manifest import MANIFEST_NAME, Entry, Manifest
from rag.types import Document, Metadata

# More than this share of control characters is no text: tab, line feed, form feed and return aside.
MAX_CONTROL_SHARE = 0.01
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# Latin letters with accents are sparse, other alphabets and pictures have most bytes beyond ASCII
MAX_WESTERN_SHARE = 0.3
DECLARED_CHARSET = re.compile(rb"<meta[^>]{1,80}charset=[\"']?((?!utf)[\w-]{3,20})", re.IGNORECASE)
HEADLINE_LENGTH = 300
MAX_UNPACKED = 500_000_000  # bytes of a Word document, which may be packed a thousand times smaller
MONTHS = ("January February March April May June July August September October November December").split()
DATE_LINE = re.compile(
    rf"\b(?:(?P<y1>\d{{4}})-(?P<m1>\d\d)-(?P<d1>\d\d)|(?P<d2>\d\d)\.(?P<m2>\d\d)\.(?P<y2>\d{{4}})"
    rf"|(?P<d3>\d{{1,2}}) (?P<m3>{'|'.join(MONTHS)}),? (?P<y3>\d{{4}})"
    rf"|(?P<m4>{'|'.join(MONTHS)}) (?P<d4>\d{{1,2}}), (?P<y4>\d{{4}}))"
)
# what a page's markup calls its date of publication, and any date it marks as one
PUBLISHED = re.compile(
    r"""<meta\b(?=[^>]*(?:published_time|datePublished|["']date["']|dc\.date|pubdate))[^>]*content=["'](\d{4}-\d\d-\d\d)"""
    r"""|"datePublished"\s*:\s*"(\d{4}-\d\d-\d\d)""",
    re.IGNORECASE,
)
MARKED_DATE = re.compile(r"""<time\b[^>]*datetime=["'](\d{4}-\d\d-\d\d)""", re.IGNORECASE)
# programs write these into the title where its author wrote none
NO_TITLE = re.compile(r"\W*(?:untitled|anonymous|microsoft word\b.*|\S+\.(?:docx?|pdf|rtf|indd|qxd))\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """A file to be indexed: resolved path, its bytes' SHA-256, and what the manifest says of it."""

    path: Path
    sha256: str
    content: bytes
    entry: Entry | None


def find_files(root: Path) -> Iterator[Path]:
    """The readable kinds of file under a folder (or the file itself), sorted; hidden ones left out."""
    if root.is_file():
        yield root.resolve()
        return
    for path in sorted(root.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if path.suffix.lower() in READERS and not hidden and _is_file(path):
            resolved = path.resolve()
            if resolved.is_relative_to(root.resolve()):  # a link that leads elsewhere is not followed
                yield resolved


def other_kinds(roots: Iterable[Path], home: Path) -> Counter[str]:
    """How many visible files of each kind (".csv") under folders are not read; manifests and the index aside."""
    found: set[Path] = set()
    for root in roots:
        for name, below, files in os.walk(root):  # which passes over what it may not enter, or what has gone
            folder = Path(name)
            below[:] = [each for each in below if not each.startswith(".") and folder / each != home]
            found |= {folder / each for each in files if not each.startswith(".") and each != MANIFEST_NAME}
    return Counter(path.suffix.lower() or "without suffix" for path in found if path.suffix.lower() not in READERS)


def _is_file(path: Path) -> bool:
    """Whether it is a file, or cannot be told: reading it will then say why."""
    try:
        return path.is_file()
    except PermissionError:
        return True


def load_file(path: Path, *, manifest: Manifest, max_megabytes: float) -> File:
    """Bytes and manifest entry of a file; raises DocumentError where it cannot be read or is too large."""
    try:
        size = path.stat().st_size
        if size > max_megabytes * 1e6:
            raise DocumentError(
                f"{path}: {size:,} bytes are more than the limit of {max_megabytes:g} MB; "
                "split the file or raise ONRECORD_MAX_FILE_MEGABYTES"
            )
        content = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    sha256 = hashlib.sha256(content).hexdigest()
    return File(path, sha256, content, manifest.entries.get(path))


def document_id(file: File) -> str:
    """16 hex digits that change with the bytes, the manifest's metadata or the reader, not with the path."""
    metadata = asdict(file.entry.metadata) if file.entry else {}
    key = json.dumps([file.sha256, metadata, file.path.suffix.lower()], sort_keys=True)
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def read_document(file: File) -> Document:
    """The file's text and metadata: the manifest's where it has any, else what the text itself shows.

    Raises DocumentError where the format is unknown, damaged or holds no text, or the SHA-256 differs.
    """
    reader = READERS.get(file.path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise DocumentError(f"{file.path}: no reader for {file.path.suffix!r}; convert it to one of {known}")
    if file.entry and file.entry.sha256 and file.entry.sha256 != file.sha256:
        raise DocumentError(
            f"{file.path}: SHA-256 {file.sha256[:12]}… differs from the manifest's {file.entry.sha256[:12]}…; "
            "restore the file or correct the manifest"
        )
    text, shown = reader(file)
    if not text.strip():
        raise DocumentError(f"{file.path}: holds no text; if it is a scan, run text recognition first")
    metadata = file.entry.metadata if file.entry else _shown_in(text, shown)
    return Document(document_id(file), str(file.path), text, metadata)


def _shown_in(text: str, shown: Metadata) -> Metadata:
    """Fills title and date from the first lines of a text where its format did not name them."""
    lines = [line.strip(" #\t") for line in text.splitlines()[:12] if line.strip(" #\t")]
    named = "" if NO_TITLE.fullmatch(shown.title) else shown.title
    title = named or next((line for line in lines if _is_headline(line)), "")
    found = shown.date or next(filter(None, (_date_in(line) for line in lines[:4] if _is_stamp(line))), "")
    return replace(shown, title=title, date=found)


def _is_headline(line: str) -> bool:
    words = [word for word in line.split() if any(map(str.isalpha, word))]  # "POLITICS | 14:10 / 03.03.2023" has one
    return 20 <= len(line) <= HEADLINE_LENGTH and not line.endswith((".", ":", ",", "]")) and len(words) > 3


def _is_stamp(line: str) -> bool:
    """Whether a date in a first line can be the publication's: one in a sentence of the text is not."""
    return len(line) < 120 and not line.endswith((".", "”", '"'))


def _date_in(line: str) -> str:
    match = DATE_LINE.search(line)
    if not match:
        return ""
    year, month, day = (next(filter(None, (match[f"{part}{n}"] for n in "1234"))) for part in "ymd")
    number = MONTHS.index(month) + 1 if month in MONTHS else int(month)
    return _real_date(f"{year}-{number:02}-{int(day):02}")


def _real_date(iso: str) -> str:
    """The date, or "" where the calendar has no such day."""
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        return ""


def _plain(file: File) -> tuple[str, Metadata]:
    text = _decoded(file)
    if len(CONTROL.findall(text)) > MAX_CONTROL_SHARE * len(text):
        raise DocumentError(f"{file.path}: is not text (control characters); remove it or convert it to UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n"), Metadata()


def _decoded(file: File) -> str:
    """UTF-8, else the charset that an HTML page declares, else Western (Windows-1252) or the likeliest other one."""
    declared = DECLARED_CHARSET.search(file.content, 0, 4096)
    beyond_ascii = len(file.content.translate(None, delete=bytes(range(128))))
    is_western = b"\0" not in file.content and beyond_ascii <= MAX_WESTERN_SHARE * len(file.content)
    charsets = ("utf-8-sig", declared[1].decode() if declared else "", "windows-1252" if is_western else "")
    for charset in filter(None, charsets):
        try:
            # browsers, too, read Latin-1 as its superset
            return file.content.decode("windows-1252" if charset.lower() == "iso-8859-1" else charset)
        except (UnicodeError, LookupError):
            continue
    best = charset_normalizer.from_bytes(file.content).best()
    if best is None or CONTROL.search(str(best)[:10_000]):
        raise DocumentError(f"{file.path}: is not text; remove it or convert it to UTF-8")
    return str(best)


def _pdf(file: File) -> tuple[str, Metadata]:
    import logging
    from io import BytesIO

    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    # what is wrong with a file is told in our one line
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(BytesIO(file.content))
        pages = [page.extract_text() for page in reader.pages]
        title = str(reader.metadata.title or "") if reader.metadata else ""
    # pypdf lets errors of the damaged structure itself through, and raises NotImplementedError for what it does not
    # support: a method of encryption, a filter
    except (
        *(PyPdfError, DependencyError, ValueError, KeyError, TypeError),
        *(AttributeError, IndexError, RecursionError, NotImplementedError),
    ) as error:
        raise DocumentError(f"{file.path}: not readable as PDF ({error}); repair or decrypt it") from None
    # a font's table may name half characters (lone surrogates), which no encoding can write
    text = "\n\n".join(pages).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text, Metadata(title=title.strip())


def _word(file: File) -> tuple[str, Metadata]:
    import zlib
    from io import BytesIO
    from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

    import docx
    from docx.opc.exceptions import OpcError
    from docx.table import Table

    try:
        with ZipFile(BytesIO(file.content)) as package:
            if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in package.infolist()):
                raise BadZipFile("compressed otherwise than Word does")
            if sum(part.file_size for part in package.infolist()) > MAX_UNPACKED:
                raise BadZipFile(f"unpacks to more than {MAX_UNPACKED // 10**6} megabytes")
        document = docx.Document(BytesIO(file.content))
        blocks = [
            "\n".join("\t".join(cell.text for cell in dict.fromkeys(row.cells)) for row in block.rows)
            if isinstance(block, Table)
            else block.text
            for block in document.iter_inner_content()
        ]
        title = (document.core_properties.title or "").strip()
    # what zip and XML parser raise for damage; lxml's own error is a SyntaxError. zipfile raises RuntimeError for a
    # password, and its kind NotImplementedError for what it does not support: a version of ZIP, strong encryption
    except (
        OpcError,
        BadZipFile,
        zlib.error,
        RuntimeError,
        SyntaxError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ) as error:
        raise DocumentError(f"{file.path}: not readable as Word document ({error}); repair it") from None
    return "\n\n".join(blocks), Metadata(title=title)


def _publisher(name: str) -> str:
    """A site's name for itself where it is one; a page that puts sentences there has none."""
    bare = " ".join(name.split())
    return (
        bare if re.fullmatch(r"[\w&’'.-]+(?: [\w&’'.-]+){0,5}", bare) and ". " not in bare and len(bare) <= 60 else ""
    )


def _html(file: File) -> tuple[str, Metadata]:
    import trafilatura

    markup = _decoded(file)
    page = trafilatura.bare_extraction(markup, with_metadata=True, include_comments=False, favor_recall=True)
    if page is None or isinstance(page, dict) or not page.text:
        raise DocumentError(f"{file.path}: no article text found in the HTML; save it as plain text")
    text = "\n\n".join(page.text.split("\n"))
    return text, Metadata(title=page.title or "", publisher=_publisher(page.sitename or ""), date=_published(markup))


def _published(markup: str) -> str:
    """The date that a page's markup gives as its publication's, or marks as the only one.

    trafilatura's own would be a guess where there is none: from a link, or the copyright line.
    """
    stated = ["".join(dates) for dates in PUBLISHED.findall(markup)]
    marked = set(MARKED_DATE.findall(markup))
    only = marked.pop() if len(marked) == 1 else ""
    return _real_date(stated[0] if stated else only)


READERS: dict[str, Callable[[File], tuple[str, Metadata]]] = {
    ".txt": _plain,
    ".md": _plain,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
    ".docx": _word,
}
