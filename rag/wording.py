"""Wording: what small words change. In: the aligned clauses of a draft and its evidence; out: what differs, or "".

Each rule looks at one kind of change: negation, opposites, hedges, obligation, strong words, causes. The
lists are of general English and know no topic.
"""

import re
from collections.abc import Sequence

from rag.clauses import Clause, counterparts, pairs, relevant
from rag.saying import REPORTING
from rag.words import stem

NEGATIVE = re.compile(
    r"\b(?:not|no|never|nor|neither|nobody|none|without|cannot|nothing|nowhere|hardly|unable|yet to|free (?:from|of)|"
    r"g[ia]ves? up|abandon\w*|"
    r"den(?:y|ies|ied|ying|ial)|fail\w*|refus\w+|reject\w*|lack\w*|conceal\w*|hid(?:e|es|ing)?|dispute[ds]?|"
    r"dismiss\w*(?:[^,;.]* as \w+)?|(?:(?:nonsense|fiction|fabricat\w+|inventions?|myths?|lies?|untrue)(?: and )?)+|"
    r"\w+n[’']t)\b",
    re.IGNORECASE,
)
# "no longer", "not only … but" deny nothing of what follows, "no doubt" neither
NO_DENIAL = re.compile(
    r"\bnot (?:only|just|merely|least|so much)\b|\bwithout exception\b|"
    r"\bno doubt\b|\bno (?:fewer|less) than\b|\bif not\b",
    re.IGNORECASE,
)
PREFIXED = re.compile(r"\b(?:un|in|im|ir|il|dis|non-?)(?P<rest>\w{3,})")
OPPOSITES = [
    tuple(pair.split("/"))
    for pair in (
        "increase/decrease rise/fall rise/drop grow/shrink more/less more/fewer before/after support/oppose "
        "north/south northern/southern east/west eastern/western strengthen/weaken win/lose winner/loser "
        "accept/reject allow/forbid permit/ban import/export above/below largest/smallest better/worse best/worst "
        "ally/enemy war/peace true/false public/private encourage/discourage include/exclude upper/lower "
        "majority/minority legal/illegal legally/illegally advantage/disadvantage open/close begin/end start/end "
        "buy/sell lend/borrow enter/leave join/leave always/never success/failure friend/enemy gain/loss "
        "improve/worsen agree/disagree internal/external domestic/foreign similar/different possible/impossible "
        "left/right early/late arrive/depart raise/lower high/low higher/lower positive/negative with/without "
        "over/under increasing/decreasing earlier/later first/last maximum/minimum "
        "deploy/withdraw impose/lift rose/fell rose/dropped grew/shrank won/lost bought/sold began/ended"
    ).split()
]
OPPOSITE_STEMS = [(stem(one), stem(two)) for one, two in OPPOSITES]
# Two kinds of hedge: what is doubtful, and what is only wanted. A draft must keep a mark of the same kind; of a
# wish, doubt will do as well.
DOUBT = (
    r"suspect\w*|suspicio\w+|alleg\w+|reportedly|apparent\w*|probabl\w+|possib(?!le to)\w+|(?-i:may)|might|could|"
    r"perhaps|likely|seem\w*|appear(?:s|ed)? to|if|unless|whether|potentially|as if|supposed\w*"
)
WISH = (
    r"hop(?:e|es|ed|ing)|want\w*|wish\w*|plan(?:s|ned|ning)?|intend\w*|intention\w*|try|tries|tried|trying|"
    r"attempt\w*|aim\w*|(?:do|doing) (?:its|our|their|his|her|my) best|contemplat\w+|negotiating|interest(?:ed)? in|"
    r"shown interest|expect\w*|offer\w*|propos\w+|seek\w*|efforts? to|"
    r"would(?! like to (?:begin|say|thank|add|stress|note|emphasi\w+|point|draw|remind|express))"
)
DOUBTED = (
    rf"{DOUBT}|possible|would|believ\w+|think\w*|thought|should|fear\w*|warn\w*|risk\w*|threat\w*|danger|expect\w*"
)
WISHED = (
    rf"{WISH}|{DOUBTED}|works? (?:to|against|for|towards)|working|endeavou?r\w*|meant|what it can|so as to|"
    r"in order to|urg\w+|ready|prepar\w+|call(?:s|ed) for|promis\w+|due to|appeal\w*|interest in"
)
ASIDE = re.compile(r", I (?:think|believe|suppose|guess),")
DOUBTED_AT_ALL = re.compile(rf"\b(?:{DOUBTED}|opinion|view)\b", re.IGNORECASE)
TOLD = re.compile(rf"\b(?:{REPORTING})\b")
HEDGES = [
    (re.compile(rf"\b(?:{words})\b", re.IGNORECASE), re.compile(rf"\b(?:{kept})\b", re.IGNORECASE))
    for words, kept in ((DOUBT, DOUBTED), (WISH, WISHED))
]
OBLIGATION = re.compile(
    r"\b(?:must|should|ought|obliged?|obligat\w+|compel\w*|forced?|requir\w+|need(?:s|ed|ing)?|have to|has to|had to|"
    r"duty|mandatory|binding|necessary|necessity|essential|demand\w*|is to be|are to be|are to|prerogative|"
    r"important|depend\w*|responsib\w+|better to|advis\w+)\b",
    re.IGNORECASE,
)
MUST = re.compile(r"\b(?:must|should|ought to|needs? to|ha(?:s|ve) to)\b")
FEW = 3  # clauses of evidence that are all drawn on, where none shares enough words
DUTY = re.compile(r"\b(?:must|obliged?|compelled|forced|have to|has to|had to|mandatory)\b", re.IGNORECASE)
CERTAIN = re.compile(
    r"\b(?:guarantee\w*|certain(?:ly|ty)?|definitely|proven?|proves|undoubtedly|as a fact|fully|full|"
    r"complete(?:ly)?|entirely|totally|inevitabl\w+)\b",
    re.IGNORECASE,
)
# classes of words that claim much: one of a draft needs one of the same class in the evidence
STRONG = {
    "all": (
        r"all|every|each|everyone|everybody|everything|everywhere|whole|entire|any|anyone|anything|always|whenever|"
        r"various|without exception|in their majority"
    ),
    "only": r"only|exclusively|alone|solely|sole|nothing but|just|merely|single|none but|limited to",
    "most": r"most(?!\s(?:of all|important|acceptable))|majority|mostly|mainly|primarily|chiefly",
    "never": r"never|ever|at no time",
}
STRONG_IN_DRAFT = {
    "all": r"all(?! over)|every|everyone|everybody|everything|everywhere|always",
    "only": r"only|exclusively|alone|solely|nothing but",
    "most": r"most(?=\s(?:of\s|[a-z]+s\b|[a-z]+\s[a-z]+s\b))|the majority|mostly",
    "never": r"never|ever|at no time",
}
# "the most acceptable option" counts nothing; "not only" and "one day only" neither
NO_STRENGTH = re.compile(
    r"\bnot only\b|\bfirst of all\b|\bat all\b|\babove all\b|\ball the same\b|\bin all\b|\bafter all\b|"
    r"\bthe most \w+\b|\b(?:than|as) ever\b|\bever (?:since|more|closer)\b",
    re.IGNORECASE,
)
NEARLY = re.compile(
    r"\b(?:practically|almost|nearly|virtually|not) (?:all|every\w*|each|always)\b|\bmore and more\b", re.IGNORECASE
)
CAUSE = re.compile(
    r"\b(?:because|therefore|thus|hence|owing to|thanks to|as a result|caused?|causing|led to|leads to|"
    r"so that|in order to|due to(?! \w+ (?:on|at|in))|for this reason|in response|since (?=\w+ \w+s\b))\b",
    re.IGNORECASE,
)
CAUSAL = re.compile(
    rf"{CAUSE.pattern}|\b(?:as|since|so|for|why|reason\w*|contribut\w+|ensur\w+|following|after|in view of|aimed|"
    r"to \w+|provid\w+|result\w*|make|makes|making|through|by|basis|response|given)\b",
    re.IGNORECASE,
)


def changed_negation(draft: Sequence[Clause], evidence: Sequence[Clause]) -> str:
    """A clause denies what its counterpart says, or says what it denies; two negations cancel out."""
    for one in draft:
        alike = counterparts(one, evidence)
        if alike and all(_denies(one, two) != _denies(two, one) for two in alike):
            return "“not”, “never” or the like was added or left out"
    return ""


def _denies(clause: Clause, other: Clause | None = None) -> bool:
    """Whether a clause holds an odd number of negations; "impure" is one beside an `other` that says "pure"."""
    negations = len(NEGATIVE.findall(NO_DENIAL.sub(" ", clause.text)))
    if other:
        negations += sum(stem(match["rest"]) in other.words for match in PREFIXED.finditer(clause.text.lower()))
    return negations % 2 == 1


def opposite(draft: Sequence[Clause], evidence: Sequence[Clause]) -> str:
    """A word of the draft for whose opposite its counterpart has a place, both alike denied or not."""
    for one, two in pairs(draft, evidence):
        own, theirs = _all_stems(one.text), _all_stems(two.text)
        for left, right in (*OPPOSITE_STEMS, *((right, left) for left, right in OPPOSITE_STEMS)):
            is_turned = left in own and right in theirs and right not in own and left not in theirs
            if is_turned and _denies(one) == _denies(two):
                return f"its evidence has the opposite of “{left}”"
    return ""


def dropped_hedge(draft: str, clauses: Sequence[Clause], evidence: Sequence[Clause]) -> str:
    """What the evidence only suspects, hopes, plans or makes a condition must not become plain fact."""
    for clause in relevant(clauses, evidence) or (evidence if len(evidence) <= FEW else ()):
        for hedge, kept in HEDGES:
            found = hedge.search(clause.text)
            # "she said that it would": no doubt, but the past of "it will"
            is_told = found and found.group().lower() == "would" and TOLD.search(clause.text, 0, found.start())
            if found and not is_told and not kept.search(draft):
                return f"the hedge “{found.group()}” of its evidence is missing"
        duty = MUST.search(clause.text)
        if duty and not OBLIGATION.search(draft) and not HEDGES[1][1].search(draft):
            return f"“{duty.group()}” of its evidence is missing"
    return ""


def dropped_aside(draft: str, evidence: str) -> str:
    """The "I think" that stands between commas, of one sentence of evidence."""
    aside = ASIDE.search(evidence)
    kept = DOUBTED_AT_ALL.search(draft)
    return f"“{aside.group().strip(', ')}” of its evidence is missing" if aside and not kept else ""


def overreach(draft: str, evidence: Sequence[Clause]) -> str:
    """Strong words, certainty and duties that the evidence does not hold."""
    text = NO_STRENGTH.sub(" ", draft)
    whole = NO_STRENGTH.sub(" ", " ".join(clause.text for clause in evidence))
    for name, words in STRONG_IN_DRAFT.items():
        strong = re.search(rf"\b(?:{words})\b", text, re.IGNORECASE)
        is_held = re.search(rf"\b(?:{STRONG[name]})\b", whole, re.IGNORECASE) or (
            strong and strong.group().lower() == "never" and any(map(_denies, evidence))
        )
        if strong and not is_held:
            return f"“{strong.group()}” goes beyond its evidence"
        near = NEARLY.search(whole) if strong and name == "all" and not NEARLY.search(draft) else None
        if near:
            return f"its evidence says “{near.group()}”"
    for pattern, held in ((DUTY, OBLIGATION), (CERTAIN, CERTAIN)):
        found = pattern.search(text)
        if found and not held.search(whole):
            return f"“{found.group()}” goes beyond its evidence"
    return ""


def invented_cause(draft: str, evidence: str) -> str:
    """A cause that the draft gives and the evidence does not."""
    cause = CAUSE.search(draft)
    return f"its evidence gives no cause (“{cause.group()}”)" if cause and not CAUSAL.search(evidence) else ""


def _all_stems(text: str) -> set[str]:
    return {stem(word) for word in re.findall(r"\w+", text.lower())}
