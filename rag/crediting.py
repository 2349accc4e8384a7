"""Crediting: whose words a draft says they are, against whose words its evidence is.

In: a draft and its evidence; out: a reason why somebody is given words that are not his, or "".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from rag.clauses import clauses
from rag.naming import COUNTRIES, FIRST_PERSON, canonical
from rag.people import OFFICES, PERSONS, people
from rag.saying import REPORTING
from rag.speakers import QUESTIONER
from rag.types import Evidence, Mode
from rag.words import NATIONALITIES, STOP_WORDS, stem, stems

# quoted within what is said: not the outer marks of a whole quotation
INNER_QUOTATION = re.compile(r"(?<=[\w\s–—,;:])\s?[“\"]([^“”\"]{3,80})[”\"](?=[\s,.;:)]|$)")
QUOTATION = re.compile(r"[“\"]([^“”\"]{3,})[”\"]|(?<!\w)‘([^‘’]{3,}(?:’\w[^‘’]*)*)’|«([^»]{3,})»|»([^«]{3,})«")
QUOTED = re.compile(r"[“\"][^“”\"]{3,}[”\"]|«[^»]{3,}»")
SPEAKS = (
    rf"{REPORTING}|reported|complain(?:s|ed)|regret(?:s|ted)|prais(?:es|ed)|lament(?:s|ed)|boast(?:s|ed)|"
    r"critici[sz](?:es|ed)|wants|wanted|considers|considered|sees|knows|understands|dismiss(?:es|ed)|disput(?:es|ed)|"
    r"doubts|doubted|is (?:delighted|pleased|convinced|sure|proud|grateful|sorry|glad|honoured|certain|confident)|"
    r"accuse[sd]|voiced|expects?|credit(?:s|ed)|mentioned|promised|spoke|speaks"
)
SAYS = re.compile(
    rf"\b(?P<name>[A-Z][\w’'-]+)(?:,\s(?:an?|his|her|its|the|who)\s[^,.]{{2,60}},)?"
    rf"(?:\s\w+ly|\salso|\shas|\shad|\sthen)?\s(?:{SPEAKS})\b(?!\s(?:down|off|out|up)\b)|"
    rf"[,”\"]\s(?:{SPEAKS})\s(?:the\s)?(?:[a-z]+\s){{0,3}}?(?:[A-Z]\w+\s)?"
    rf"(?P<after>[A-Z][\w’'-]+)(?=[,.]|$|\son\s|\sin\s)"
)
ACCORDING = re.compile(r"\b[Aa]ccording to (?:the )?(?:[A-Z][\w’'-]+\s(?=[A-Z]))?(?P<name>[A-Z][\w’'-]+)")
VIEW = re.compile(r"\b[Ii]n (?P<name>[A-Z][\w-]+)[’']s? (?:view|opinion|telling|words|eyes|account)\b")
ROLE_SAYS = re.compile(
    rf"\b(?:[Aa]n?|[Tt]he|[Oo]ne|[Ss]ome|[Tt]wo)\s(?P<role>(?:[\w’-]+\s){{0,4}}?(?:{PERSONS}|questioner|speaker))"
    rf"(?:\s(?:of|from|in|at)\s(?:the\s)?(?:[\w’-]+\s?){{1,5}}?)?,?\s(?:{SPEAKS})\b"
)
ASKS = re.compile(r"\b(?:ask\w*|question\w*|wonder\w*|inquir\w*|enquir\w*|queried|query)\b", re.IGNORECASE)
# tell that words are not the speaker's own, or that they are quoted
DISTANCE = re.compile(
    r"\b(?:arguments?|case|phrases?|so-called|called|name[ds]?|label\w*|slogans?|claims? (?:that|of)|put it|as [A-Z]|"
    r"theory|logic|term(?:s|ed)?|notion|idea)\b"
)
# "they claim that", "people made statements to the effect that", but "I say that", "we believe that"
OTHERS_STATE = re.compile(
    r"(?<!\bI\s)(?<!\b[Ww]e\s)(?:\b(?:they|he|she|some|people|others|who|which|[a-z]+s)\s(?:\w+ly\s|also\s|all\s)?"
    r"(?:say|says|said|claim(?:s|ed)?|argue[sd]?|insist(?:s|ed)?|allege[sd]?|declare[sd]?|assert(?:s|ed)?)\s(?:\w+ly\s)?that|"
    r"(?:(?:made|make|making|issued?) (?:\w+ )?(?:statements?|claims?)|with statements?|claims?) "
    r"(?:to the effect |saying |claiming )?that|to the effect that)\b"
)
# a draft that says so keeps it
TOLD_IN = re.compile(
    r"\bthat\b.*\b(?:sa(?:y|id|ys)|claim\w*|argu\w+|insist\w*|alleg\w+|declar\w+|assert\w*|statements?|accord\w+|"
    r"accus\w+|demand\w*|call\w*|want\w*)\b"
)
# a people's name as an adjective, and the place of somebody: neither speaks
REGIONS = frozenset("Africa America Asia Europe Eurasia East West North South".split())
DEMONYMS = frozenset(
    {"African", "Arab", "Asian", "Eurasian", "European", "Western"} | {each.capitalize() for each in NATIONALITIES}
)
ADJECTIVE = re.compile(r"\s(?:states|claims?|demands|fears|hopes|notes|[a-z]+(?<!ed)(?<!said)(?<!says))\b")
BEFORE_PLACE = re.compile(r"\b(?:about|across|against|at|for|from|in|into|of|on|to|with)\s(?:the\s)?(?:[A-Z]\w+\s)?$")
# said of themselves by those who speak for a country or a house, and by the source
PRONOUNS = frozenset("he she they it who".split())


def wrong_speaker(draft: str, evidence: Sequence[Evidence], homes: Iterable[str] = (), background: str = "") -> str:
    """Who is said to say it must be a speaker, the publisher of a narration, or whom that narration lets speak."""
    said = [item for item in evidence if item.utterance.speaker]
    nearest = max(said, key=lambda item: _common(draft, item), default=None)
    allowed = {
        word
        for item in said
        for word in item.utterance.speaker.split()
        # whoever says something else beside it does not say this
        if nearest and (2 * _common(draft, item) >= _common(draft, nearest))
    }
    for item in evidence:
        if _is_unlabelled(item):
            return _wrong_role(draft, evidence, background)
        if item.utterance.mode in (Mode.NARRATION, Mode.REPORTED):
            allowed |= {"The", "source", *item.hit.source.metadata.publisher.split()}
        allowed |= {_bare(match["name"] or match["after"]) for match in SAYS.finditer(item.utterance.text)}
    wrong = [name for name in _named(draft) if not (name in allowed or canonical(name) in homes)]
    return f"its evidence does not show that {wrong[0]} said it" if wrong else _wrong_role(draft, evidence, background)


def _common(draft: str, item: Evidence) -> int:
    """How many content words of a draft an utterance holds, its speaker's name not counted."""
    names = set(stems(item.utterance.speaker))
    return len((set(stems(draft)) - names) & set(stems(item.utterance.text)))


def _is_unlabelled(item: Evidence) -> bool:
    """Whether it is a speech in the first person that does not tell whose it is."""
    is_told = item.utterance.mode is Mode.NARRATION and not item.utterance.speaker
    return is_told and FIRST_PERSON.search(QUOTATION.sub(" ", item.utterance.text)) is not None


def credited(draft: str) -> list[str]:
    """The names of those to whom a draft gives words, by surname, in order."""
    return _named(QUOTED.sub("“”", draft))


def _named(text: str) -> list[str]:
    found = (match for pattern in (SAYS, ACCORDING, VIEW) for match in pattern.finditer(text))
    names = [(_bare(match[match.lastgroup or 0]), match.start(match.lastgroup or 0)) for match in found]
    return [name for name, start in names if name.lower() not in STOP_WORDS and not _is_beside(name, start, text)]


def _is_beside(name: str, start: int, text: str) -> bool:
    """Whether a name before a verb of saying is no speaker: "Central Asian states", "visitors to Asia said"."""
    if name in DEMONYMS and not name.endswith("s"):
        return ADJECTIVE.match(text, start + len(name)) is not None or not text[:start].rstrip().lower().endswith("the")
    return BEFORE_PLACE.search(text, 0, start) is not None and (name in REGIONS or canonical(name) in COUNTRIES)


def _wrong_role(draft: str, evidence: Sequence[Evidence], background: str) -> str:
    """ "A teacher said" needs a teacher in the evidence; a minister or spokesman may be the named speaker."""
    around = " ".join(f"{item.utterance.speaker} {item.utterance.text}" for item in evidence)
    offices = _offices(background)
    held = {word for item in evidence for word in offices.get(item.utterance.speaker, ())}
    for match in ROLE_SAYS.finditer(draft):
        role = match["role"].split()[-1]
        if role == "questioner" or ASKS.search(match.group()):
            if not any(item.utterance.mode is Mode.QUESTION for item in evidence):
                return "its evidence is no question"
        elif held and role not in held and re.fullmatch(OFFICES, role) and stem(role) not in stems(around):
            return f"its evidence is not by the {role}"
        elif role != "speaker" and not re.search(rf"\b(?:{OFFICES})\b", role) and stem(role) not in stems(around):
            return f"its evidence does not show that a {role} said it"
    return ""


@lru_cache(maxsize=64)
def _offices(background: str) -> Mapping[str, frozenset[str]]:
    return people(background).offices


def from_question(draft: str, evidence: Sequence[Evidence]) -> str:
    """A questioner's words are no statement of whoever answers: a draft must say that it was asked."""
    asked = {word for text in _texts(evidence, questions=True) for word in stems(text)}
    if not asked or ASKS.search(draft) or QUESTIONER in draft:
        return ""
    answered = {word for text in _texts(evidence, questions=False) for word in stems(text)}
    own = {word for clause in clauses(draft) for word in clause.words}
    speakers = {stem(word) for item in evidence for word in item.utterance.speaker.split()}
    only_asked = (own & asked) - answered - speakers
    if not answered or len(only_asked) > len(own & answered - speakers):
        return "it rests on a question, not on a statement"
    return ""


def _texts(evidence: Sequence[Evidence], *, questions: bool) -> list[str]:
    """The sentences of the evidence that are questions, or those that are not."""
    chosen = []
    for item in evidence:
        for sentence in re.split(r"(?<=[.?!])\s+", item.utterance.text):
            is_question = item.utterance.mode is Mode.QUESTION or sentence.rstrip('”"’ ').endswith("?")
            if is_question is questions:
                chosen.append(sentence)
    return chosen


def statements(evidence: Sequence[Evidence]) -> str:
    """What the evidence says without asking."""
    return " ".join(_texts(evidence, questions=False))


def third_party(draft: str, evidence: Sequence[Evidence]) -> str:
    """Words that a speaker only quotes are not his own, unless the draft quotes them as well."""
    if QUOTATION.search(draft) or DISTANCE.search(draft):
        return ""
    own, quoted = set(), set()
    for item in evidence:
        text = item.utterance.text
        # what makes up most of a sentence is what its speaker says, not what he quotes; a name in marks is a name
        inner = [found for found in INNER_QUOTATION.findall(text) if 2 * len(found) < len(text)]
        inner = [found for found in inner if not found[0].isupper() or " will " in found or " is " in found]
        if item.utterance.mode is Mode.QUOTE and inner:
            quoted |= set(stems(" ".join(inner)))
            text = INNER_QUOTATION.sub(" ", text)
        own |= set(stems(text))
    borrowed = [word for word in stems(draft) if word in quoted - own]
    return f"“{borrowed[0]}” stands in words that the speaker only quotes" if len(borrowed) > 1 else ""


def told_by_others(draft: str, evidence: Sequence[Evidence]) -> str:
    """What a speaker tells of others' statements ("they made statements to the effect that …") is not his own."""
    if TOLD_IN.search(draft):
        return ""
    own, told = set(), set()
    for item in evidence:
        text = item.utterance.text
        match = OTHERS_STATE.search(text) if item.utterance.mode is Mode.QUOTE else None
        told |= set(stems(text[match.end() :])) if match else set()
        own |= set(stems(text[: match.start()] if match else text))
    said = set(stems(draft))
    if told and len(said & told - own) > max(1, len(said & own - told)):
        return "the speaker tells it as the words of others"
    return ""


def _bare(name: str) -> str:
    return re.sub(r"[’']s?$", "", name)
