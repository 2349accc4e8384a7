"""Comparisons: whether a question compares, and what both sides are asked about. In: a question; out: its topic.

"Compare what Ann Lee said in 2019 and in 2023 about fish": "what Ann Lee said about fish".
"""

import re

from rag.words import terms

MARKS = re.compile(
    r"\b(?:compar\w+|differ\w*|versus|vs|contrast\w*|respectively|both|each of|as opposed to|either of|"
    r"side by side|change[ds]?\s+(?:between|from|since)|than in|disagree\w*|wording)\b|\band \w+ each\b|"
    r"\bin (?:19|20)\d\d and\b|"
    r"\band (?:what )?in (?:the|his|its)\b|\bthe same (?:\w+ ){1,2}(?:for|of|as)\b|"
    r"\b(?P<asked>how \w+|what|which|who|when|where)\b.+"
    r"\band (?:(?:in|on|by|to|at|for) )?(?P=asked) (?:in|by|on|at|for|from|according to|(?:19|20)\d\d)\b|"
    r"^how (?:do|does|did) .+ and .+ (?:word|describe|report|put|render|phrase|quote|tell|present|translate|call)\b",
    re.IGNORECASE,
)
ASKED = r"(?:how \w+|what|which|who|when|where|that|those|the one)"
OWNER = r"(?:the|his|her|its|their)"
KIND = (
    r"(?:piece|interview|programme|program|report|version|article|text|speech|transcript|story|show|lecture|address|"
    r"statement|podcast|video|talk|hearing|briefing|call)"
)
YEAR = r"(?:19|20)\d\d"
JOINED = rf"(?:,?\s*\b(?:and|or|versus|vs\.?|than|with|to|compared (?:with|to)|as opposed to)\s+)?(?:{ASKED}\s+)?"
SIDES = re.compile(
    # "compare the report with the speech: what does each say"
    r"^compare\b[^:]+:\s+(?=what|which|how|who|when|where)|"
    r"^how (?:do|does|did) .+? and .+? (?:differ (?:in|on|about)(?: \w+ing)?|word|describe|report|put|render|phrase|"
    r"quote|tell|present|translate|call)\b|"
    # "in the 2019 speech", "and what in the interview", "compared with the interview", "from 2019 to 2023"
    rf"{JOINED}\b(?:in|of|from|since|by)\s+(?:{OWNER}\s+)?(?:\w+\s){{0,2}}?{YEAR}\b(?:\s(?:\w+\s)?{KIND}\b)?|"
    rf"\bto\s+{YEAR}\b|"
    rf"{JOINED}\b(?:in|by|from)\s+{OWNER}\s+(?:[\w’'-]+\s){{0,2}}?{KIND}\b|"
    rf"{JOINED}\bon\s+{OWNER}\s+(?-i:[A-Z][\w’'-]*\s)?(?:show|podcast|broadcast)\b|"
    rf"\b(?:compared (?:with|to)|versus|vs\.?)\s+{OWNER}\s+(?:[\w’'-]+\s){{0,2}}?{KIND}\b|"
    r"\bdiffer\w*\s+from\s+(?:that of\s+)?[\w’'-]+(?=\s*\??$)|"
    r"\b(?:compar\w+(?: (?:with|to))?|differ\w*(?: (?:in|between|from))?|versus|vs\.?|"
    rf"contrast\w*|respectively|side by side|{YEAR})(?!\w)",
    re.IGNORECASE,
)
# what is left of "and what in the interview?" and of "how did his view change from 2019 to 2023?"
LEFT = rf"(?:and|or|with|to|than|from|between|change[ds]?|{ASKED})"
DANGLING = re.compile(rf"(?:[\s,;:]+{LEFT})+\s*(?=\??$)|[\s,;:]+(?=\??$)", re.IGNORECASE)
VERBLESS = re.compile(r"^how (?:do|does|did)\s+(?=[^?]*[’']s?\s)", re.IGNORECASE)
LOST_VERB = re.compile(r"\b(?:differ\w*|change[ds]?|compare[ds]?)\b[^?]*\??$", re.IGNORECASE)


def compares(question: str) -> bool:
    """Whether several sources, times or people are asked about one thing."""
    return MARKS.search(question) is not None


def topic_of(question: str) -> str:
    """A comparison without its sides; the question itself where nothing would be left."""
    bare = " ".join(re.sub(r"\s+([,?.])", r"\1", SIDES.sub(" ", question)).split()).strip(" ,:;")
    bare = DANGLING.sub("", bare)
    if LOST_VERB.search(question):
        bare = VERBLESS.sub("", bare)
    return bare if len(terms(bare)) > 1 else question
