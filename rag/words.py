"""Words: the terms of a text as retrieval and verification compare them, without inflection and stop words."""

import re
from functools import lru_cache

from nltk.stem.porter import PorterStemmer

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
# the variant that SQLite's FTS5 implements: stems are then looked up in the lexical index as they stand
_stemmer = PorterStemmer(mode=PorterStemmer.MARTIN_EXTENSIONS)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The word without its inflection (Porter 1980)."""
    return str(_stemmer.stem(word, to_lowercase=True))


def terms(text: str) -> list[str]:
    """The content words of a text in order, in lower case, as they stand; "US" is one, "us" is not."""
    return [word.lower() for word in TERM.findall(text) if word == "US" or word.lower() not in STOP_WORDS]


def stems(text: str) -> list[str]:
    """The content words of a text in order, without inflection; a nationality counts as its country."""
    plain = UNITED_STATES.sub("US", text)
    return [stem(NATIONALITIES.get(word, word)) for word in terms(plain)]
