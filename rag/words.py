"""Words: the terms of a text as retrieval and verification compare them, without inflection and stop words."""

import re
import sqlite3
import threading
from collections.abc import Sequence

TERM = re.compile(r"[^\W_]+(?:[.,]\d+)*")
STOP_WORDS = frozenset(
    (
        "a about above after again against all also although am an and any are as at be because been before being "
        "below between both but by can could did do does doing down during each even ever few for from further had "
        "has have having he her here hers herself him himself his how i if in into is it its itself just let ll "
        "many may me might more most much must my myself no nor not now of off on once only or other our ours "
        "ourselves out over own per please re s said same say saying says shall she should so some such t tell than "
        "that the their theirs them themselves then there these they this those through to too towards under until "
        "up upon us very was we were what when where whether which while who whom whose why will with would you "
        "your yours yourself exactly really according regarding concerning mention mentioned know thing speak "
        "speaks spoke describe describes described comment comments commented think thinks view views something "
        "anything anyone someone everybody ve d m didn don doesn isn wasn weren hasn haven won "
    ).split()
)
UNITED_STATES = re.compile(r"\bUnited States(?: of America)?\b|\bU\.S\.(?:A\.)?|\bUSA\b")
UNITED_KINGDOM = re.compile(r"\bUnited Kingdom\b|\bU\.K\.|\bUK\b")
NATIONALITIES = dict(
    pair.split("=")
    for pair in (
        "american=us americans=us russian=russia russians=russia chinese=china british=britain ukrainian=ukraine "
        "ukrainians=ukraine german=germany germans=germany french=france iranian=iran iranians=iran israeli=israel "
        "israelis=israel palestinian=palestine palestinians=palestine syrian=syria syrians=syria "
        "afghan=afghanistan afghans=afghanistan turkish=turkey japanese=japan kazakh=kazakhstan kyrgyz=kyrgyzstan "
        "uzbek=uzbekistan tajik=tajikistan turkmen=turkmenistan indian=india pakistani=pakistan european=europe "
        "europeans=europe polish=poland serbian=serbia norwegian=norway libyan=libya iraqi=iraq egyptian=egypt "
        "belarusian=belarus georgian=georgia armenian=armenia moldovan=moldova korean=korea vietnamese=vietnam "
        "italian=italy spanish=spain canadian=canada mexican=mexico brazilian=brazil african=africa asian=asia "
        "asians=asia"
    ).split()
)
TOKENIZER = "porter unicode61 remove_diacritics 2"  # of the lexical index, and of the stems here
MAX_KNOWN = 500_000


class _Stemmer:
    """SQLite's own tokenizer gives the stems, so that they are those of the lexical index (Porter 1980).

    A word that it takes apart ("10,000") stays as it is.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self._database = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._database.executescript(
            f"CREATE VIRTUAL TABLE words USING fts5(word, tokenize='{TOKENIZER}');"
            "CREATE VIRTUAL TABLE stems USING fts5vocab('words', 'instance');"
        )

    def __call__(self, words: Sequence[str]) -> list[str]:
        with self._lock:
            new = [word for word in dict.fromkeys(words) if word not in self._known]
            if new:
                if len(self._known) > MAX_KNOWN:
                    self._known.clear()
                    new = list(dict.fromkeys(words))
                self._known.update(self._stemmed(new))
            return [self._known[word] for word in words]

    def _stemmed(self, words: Sequence[str]) -> dict[str, str]:
        found: dict[int, list[str]] = {}
        self._database.execute("BEGIN")
        try:
            self._database.executemany("INSERT INTO words(rowid, word) VALUES (?, ?)", enumerate(words))
            for number, stem in self._database.execute("SELECT doc, term FROM stems"):
                found.setdefault(number, []).append(stem)
        finally:
            self._database.execute("ROLLBACK")
        return {
            word: found[number][0] if len(found.get(number, ())) == 1 else word.lower()
            for number, word in enumerate(words)
        }


_stemmer = _Stemmer()


def stem(word: str) -> str:
    """The word in lower case, without inflection and accents; what the index takes apart is only lowered."""
    return _stemmer([word])[0]


def terms(text: str) -> list[str]:
    """The content words of a text in order, in lower case, as they stand; "US" is one, "us" is not."""
    return [word.lower() for word in TERM.findall(text) if word == "US" or word.lower() not in STOP_WORDS]


def stems(text: str) -> list[str]:
    """The content words of a text in order, as `stem` has them; a nationality counts as its country."""
    return _stemmer([NATIONALITIES.get(word, word) for word in terms(in_one_word(text))])


def in_one_word(text: str) -> str:
    """The text with the names of countries that several words make up in one."""
    return UNITED_KINGDOM.sub("Britain", UNITED_STATES.sub("US", text))
