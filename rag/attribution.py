"""Attribution: whose words a report gives. In: its text outside quotation marks; out: the subjects of its verbs
of saying, where they stand, and whether they make the sentence reported speech.
"""

import re
from dataclasses import dataclass

from rag.people import BODIES, DETERMINERS, NAME, PERSONS, UPPER, People, holder
from rag.saying import REPLYING, REPORTING, SAYING, STATING

TITLE = r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov)\.?\s)?"
THINGS = r"(?:report|statement|letter|study|poll|survey|document|message|sign|note|moment|while|day|week|year)\b"
ROLE = rf"(?i:{PERSONS}|{BODIES})"
# "at Credo Bank", "for the Department of Rivers", "who had seen it"
CLAUSE_WORDS = r"(?:of|that|which|who|as|when|and|or|to|is|was|are|were|has|had|by)\b"
OF = r"(?:\s(?:of|for|from|at|in|with|who)(?:\s(?!(?:he|she|they|it|that|as|and|when|while)\b)[\w’'-]+){1,9}?)?"
PLURAL = (
    r"(?:(?!(?:But|And|Yet|So|While|Other|Local|Some)\b)[A-Z]\w+\s)?(?i:police|officials|authorities|"
    r"prosecutors|lawyers|doctors|experts|analysts|scientists|"
    rf"researchers|critics|campaigners|activists|residents|villagers|islanders|witnesses|lawmakers|unions){OF}"
)
# "the Russian minister", "a spokeswoman for the Department of Rivers", "two people who had seen it", "one of them"
DESCRIPTION = (
    rf"(?:(?:{DETERMINERS})\s(?:(?!{CLAUSE_WORDS})[\w’'-]+\s){{0,6}}?{ROLE}\b|[Oo]ne of (?:them|the \w+)\b){OF}"
)
# whoever is said to speak, where he follows his words: “It is safe,” a passer-by said
ANYONE = rf"(?<=\x00\s)(?:an?|another|one|two)\s(?:[\w’'-]+\s){{0,3}}?(?!{THINGS})[a-z][\w-]+{OF}"
# "Nordline director Ingrid Solberg", "Kremlin spokesman Dmitry Peskov"
OFFICER = rf"(?:[A-Z][\w’'-]+\s){{1,3}}(?:[a-z-]+\s)?(?:{PERSONS})\s[A-Z]\w+\s{NAME}"
SUBJECT = (
    rf"(?P<subject>{OFFICER}|{DESCRIPTION}|{ANYONE}|{PLURAL}|{TITLE}{NAME}(?:\s(?:of|from)\s(?:the\s)?[A-Z]\w+)?|"
    r"[Hh]e|[Ss]he|[Tt]hey)"
)
ASIDE = r"(?:,(?P<aside>[^,.;:“”\"\x00]{1,80})(?:,[^,.;:“”\"\x00]{1,40})?,)?"  # "Hart, 43, of Leeds,"
ADVERBS = r"(?:\s(?:has|had|have|also|then|later|again|once|often|used to|\w+ly))*"
SUBJECT_FIRST = re.compile(rf"(?<![\w’'-]){SUBJECT}{ASIDE}{ADVERBS}\s(?P<verb>{REPORTING})(?![\w’'-])")
# "his deputy at the port, Tom Hart, said"
APPOSED = re.compile(rf",\s(?P<subject>{TITLE}{NAME}),{ADVERBS}\s(?P<verb>{REPORTING})(?![\w’'-])")
# "said councillor Per Holm", "said police chief Ann Lee"
NO_CALLING = r"(?!(?:that|it|he|she|they|we|the|in|on|at|to|of|by|a|an|his|her|there)\b)"
CALLED = rf"(?:{NO_CALLING}(?:[a-z][\w-]+\s){{1,3}}(?=[{UPPER}]\w+\s[{UPPER}]))?"
VERB_FIRST = re.compile(
    rf"(?:\x00\s*|[,–—-]\s|^)(?P<verb>(?!tells?\b|told\b)(?i:{SAYING}))\s{CALLED}{SUBJECT}(?:,\s(?P<aside>{NAME})(?=[.,]))?(?![\w’'-])"
)
ACCORDING = re.compile(
    rf"(?P<verb>\b(?:[Aa]ccording to|[Ii]n the words of))\s{SUBJECT.replace('[Hh]e|[Ss]he', 'him|her')}(?=[,.\s\x00])"
)
# "as she described the weeks before": told by the way
BY_THE_WAY = re.compile(r"(?<![,\x00])\s(?:as|when|while|after|before|because|since|until|if|than|whom?|which|that)\s$")
OF_PLACE = re.compile(r"(?P<who>\b(?:[Aa]n?|[Tt]he|[Aa]nother|[Oo]ne)\s(?:[a-z][\w-]*\s){1,4}(?:of|from|in|at)\s)$")
CLAUSE = re.compile(r"[^.,;:!?]{0,60}?\s?\b(?:that|how|whether|why|what|if|as)\b|[^.;:!?]{0,60}\x00")
UNSAID = re.compile(r"(?:If|Unless|Nobody|None|Neither|Whether)\b|[Nn]o\b")
NOTHING = re.compile(r"\s(?:nothing|to|goodbye)\b")


@dataclass(frozen=True, slots=True)
class Attribution:
    """The subject of a verb of saying ("Lavrov", "he", "the minister") and where it stands.

    `reports`: what stands with it is speech even without quotation marks; `within`: what somebody else is
    said to have said ("X recalled that Y stated"); `replies`: it answers who spoke last.
    """

    position: int
    subject: str
    reports: bool
    within: bool
    replies: bool


def attributions(text: str) -> list[Attribution]:
    """The subjects of the verbs of saying in order; quoted stretches of the text are blanked out with \\x00."""
    leading = list(SUBJECT_FIRST.finditer(text))
    spoken = {match.start("verb") for match in leading}
    leading += [match for match in APPOSED.finditer(text) if match.start("verb") not in spoken]
    # in "Lavrov told Blinken" and "Lavrov said Monday" the verb has its subject
    following = [
        match
        for pattern in (VERB_FIRST, ACCORDING)
        for match in pattern.finditer(text)
        if not any(other.start("subject") <= match.start("verb") < other.end() for other in leading)
    ]
    found: list[Attribution] = []
    end = 0
    for match in sorted((*leading, *following), key=lambda each: each.start("subject")):
        within = _is_within(text[end : match.start()]) if found and end else False
        by_the_way = BY_THE_WAY.search(text, max(match.start() - 12, 0), match.start()) is not None
        subject = _named(match)
        place = OF_PLACE.search(text, max(match.start("subject") - 80, 0), match.start("subject"))
        if place and match.re is SUBJECT_FIRST and re.fullmatch(NAME, match["subject"]):
            subject = f"{place['who']}{match['subject']}"  # "a driver from Leeds said" is not said by Leeds
        if UNSAID.match(match["subject"]) or (by_the_way and "\x00" not in text):
            continue
        found.append(
            Attribution(
                match.start("subject"),
                subject,
                _reports(text, match) and not by_the_way,
                within,
                re.fullmatch(REPLYING, match["verb"]) is not None,
            )
        )
        end = match.end()
    return found


def points_elsewhere(text: str, known: People, last: str) -> bool:
    """Whether words outside quotation marks, with no subject found, hint at a speaker who may not be the last."""
    if re.search(rf"\b(?:{SAYING}|according to)\b", text):
        return True
    role = re.match(DESCRIPTION, text)
    others = (name.split()[-1] for name in known.offices if name != last)
    return (role is not None and holder(role.group(), known, last) != last) or any(
        re.search(rf"\b{re.escape(surname)}\b", text) for surname in others
    )


def _named(match: re.Match[str]) -> str:
    """The subject, or the name that goes with it: "a spokesman, Karel Dusek", "the press secretary Dmitry Peskov"."""
    subject = match["subject"]
    aside = (match.groupdict().get("aside") or "").strip()
    described = re.match(rf"(?:{DETERMINERS})\s", subject) is not None
    if described and re.fullmatch(NAME, aside):
        return aside
    has_role = described or re.fullmatch(OFFICER, subject) is not None
    after_role = re.search(rf"\b{ROLE}\s(?P<name>[A-Z]\w+\s{NAME})$", subject) if has_role else None
    return after_role["name"] if after_role else subject


def _reports(text: str, match: re.Match[str]) -> bool:
    """Whether a verb of saying makes its sentence speech: by itself, between commas, or with a clause."""
    verb, start, end = match["verb"], match.start(), match.end()
    if match.re is ACCORDING:
        return True
    if match.re in (SUBJECT_FIRST, APPOSED) and NOTHING.match(text, end):
        return False
    if re.fullmatch(STATING, verb):
        return True
    aside = text[max(start - 2, 0) : start].strip() == "," and (end == len(text) or text[end] in ",.")
    return aside or CLAUSE.match(text, end) is not None


def _is_within(between: str) -> bool:
    """Whether a verb of saying stands in the clause of the one before it."""
    sentence = re.search(r"[.!?]\s|\x00", between) is None
    return sentence and re.search(r"(?:^|,)\s(?:and|but|while|whereas)\b|;", between) is None
