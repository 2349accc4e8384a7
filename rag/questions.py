"""Questions: what is asked, made standalone and read for what retrieval can use. In: words; out: an Inquiry.

A follow-up ("And in 2023?", "Why did he say so?") is completed from the conversation by rules, so that the
same question is searched whichever engine answers; a question that stands on its own drops the old topic.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from rag.casing import cased
from rag.comparisons import compares, topic_of
from rag.errors import QuestionError
from rag.people import OFFICES, people
from rag.periods import YEAR, Period, period, time_of_saying, without_period
from rag.saying import SAYING
from rag.types import Turn
from rag.words import NATIONALITIES, stems, terms

DATE_PHRASE = re.compile(
    r"\b(?:in|since|during|of|by|before|after|on)\s+(?:\w+\s+){0,2}?(?:19|20)\d\d\b", re.IGNORECASE
)
OPENER = re.compile(r"^(?:and|but|so|ok(?:ay)?|then|also|well)\b[\s,]*", re.IGNORECASE)
ELLIPSIS = re.compile(
    r"^(?:and|but)\b|^(?:what|how) about\b|"
    r"^(?:why|how so|when|where|who|by whom|since when|which ones?)(?:\s+(?:not|else|exactly))?\s*\?*$"
    r"|\b(?:else|too|as well|the same|instead)\b|^(?:why|how)\s+(?:so|come)\b",
    re.IGNORECASE,
)
# "there", "that" and "it" refer back only where nothing follows that they could belong to
PRONOUN = re.compile(
    r"\b(?:he|she|him|his|her|hers|they|them|their|theirs|so\s*\?|this|these|those|that(?=\s*(?:\?|$|mean|remark|statement))|"
    r"it|its|there(?!\s+(?:is|are|was|were|be|any))|then\s*\?|the\s+(?:former|latter|minister|speaker|two))\b",
    re.IGNORECASE,
)
PERSON_PRONOUN = re.compile(r"\b(?:he|she|him|his|her)\b", re.IGNORECASE)
ABOUT = re.compile(
    r"^(?:and|but)?[\s,]*(?:(?:what|how)\s+about|about|on|regarding|with|from|for|to|by|of)\s+(?!wh|how\b)(?P<topic>[^?]+?)\s*\?*$",
    re.IGNORECASE,
)
NAME = re.compile(
    r"(?<!^)(?<![.?!]\s)(?<!\()\b(?!(?:What|Who|Whose|Why|How|When|Where|Which|Did|Does|Is|Was)\b)"
    r"[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)*"
)
# who acts in a question: "what did Anna Lee say", "according to Lee", "Lee's view"
ACTING = re.compile(
    r"\b(?i:did|does|do|has|had|have|is|was|will|would|according to|by)\s(?P<name>[A-Z][\w-]+(?:\s[A-Z][\w-]+)*)|"
    r"\b(?P<owner>[A-Z][\w-]+(?:\s[A-Z][\w-]+)*)[’']s?\s"
)
# asks whose words something is, so that a questioner's words are evidence too
ATTRIBUTION = re.compile(
    r"^(?:who|whose)\b.*\b(?:sa(?:id|ys)|claim\w*|argu\w+|ask\w*|call\w*|describ\w+|quot\w+|words?|remark\w*|put\w*|"
    r"suggest\w*|speak\w*|phrase\w*|predict\w*|raise\w*|told|state\w*)|^whose\b|^who\b|^(?:did|does|has|is it true)\b|"
    r"\b(?:himself|herself|really|actually)\b|"
    r"(?<!\babout )(?<!\babout the )\b(?:questioner|student|audience|journalist|faculty|interviewer)s?\b|"
    r"\basked\b|^why (?:did|does|do)\b",
    re.IGNORECASE,
)
# "Did the Americans reply?": to what, the question before tells
REPLY = re.compile(
    r"^(?:did|does|do|have|has|will|would|are|is|was|were)\b.*\b(?:repl|answer|respond|react|agree|accept|comment|object|"
    r"den(?:y|ied)|confirm|know|say|said|happen)\w*\s*\?*$",
    re.IGNORECASE,
)
DEFINITION = re.compile(r"^(?:who|what|where)\s+(?:is|are|was|were)\b", re.IGNORECASE)
COMPLETE = re.compile(r"\b(?:tell me|what did \w+ say|explain|describe)\b.*\babout\b", re.IGNORECASE)
# "And Lavrov?", "And the press secretary?"
LONE_NAME = re.compile(
    rf"^(?:and|but)?[\s,]*(?P<name>[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+){{0,3}}|the\s(?:\w+\s){{0,2}}(?:{OFFICES}))\s*\?*$"
)
SMALL_TALK = re.compile(
    r"(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|dear|thanks?|thank you|let[’']s change|new topic|"
    r"i(?: am|[’']m) (?:a |an |preparing|writing|working|researching|interested|curious)|sorry|excuse me)\b(?!.*\?)",
    re.IGNORECASE,
)
# to the program, about what it is to disregard: no part of what is asked
INSTRUCTION = re.compile(
    r"(?:please )?(?:ignore|disregard|forget|override|bypass)\b.*\b(?:instructions?|sources?|documents?|rules|corpus|"
    r"above|previous|texts?|evidence)\b|(?:system|assistant|developer)\s*:|you are now\b|(?:now )?(?:pretend|act as)\b",
    re.IGNORECASE,
)
ASKS = re.compile(r"\?|\b(?:tell me|what|who|whom|whose|when|where|why|which|how)\b", re.IGNORECASE)
POLITE = re.compile(
    r"^(?:(?:and|so|well|please|kindly|perhaps)\b[\s,]*)?(?:(?:could|can|would|will) you(?: please| kindly)?|"
    r"i (?:would|should)(?: like| be (?:very )?grateful)|i[’']d (?:like|love)|please|kindly)\b.{0,40}?\b"
    r"(?:tell me|let me know|explain(?: to me)?|say|to know|remind me|show me|find out|summari[sz]e|describe)\b[\s,:]*",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
# who somebody is; who said something, the label of a quote tells
WHO = re.compile(rf"who\b(?!.*\b(?:{SAYING}|say|says|speaks|spoke|asks|asked)\b)", re.IGNORECASE)
SAID_THAT = re.compile(rf"^.{{0,80}}? (?:{SAYING}) that ")
# "And China's?"
LONE_OWNER = re.compile(r"^(?P<name>[A-Z][\w-]+(?:\s[A-Z][\w-]+){0,2})(?:[’']s|(?<=s)[’'])\s*\?*$")
OWNER = re.compile(
    r"\b(?!(?:What|Who|Whose|Why|How|When|Where|Which|Did|Does|Do|Is|Are|Was|Were|Has|Have|Compare|That)\b)"
    r"[A-Z][\w-]+(?:\s[A-Z][\w-]+){0,2}(?:[’']s\b|(?<=s)[’'])"
)
OWNING_NATION = re.compile(rf"\b(?:the\s)?(?i:{'|'.join(map(re.escape, NATIONALITIES))})(?=\s[a-z])")
MIN_TOPIC_WORDS = 2
WHOLE_WORDS = 4  # content words of a question that is whole though it begins with "And"
TURN_QUESTIONS = 10  # an answer in the history may be so many times as long as the longest question


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question ready for retrieval: as asked, standalone, and the years it names.

    `period` is the stretch of time that it names, `said_in` that in which it asks what was said.
    `topic` is what a comparison is about, without the sides it names; else the standalone question. What only instructs
    the program `asks_nothing`.
    """

    asked: str
    standalone: str
    topic: str
    years: tuple[str, ...]
    period: Period
    compares: bool
    asks_whose: bool
    said_in: Period
    asks_nothing: bool = False


def inquiry(
    question: str,
    history: Sequence[Turn],
    *,
    max_characters: int,
    speakers: Collection[str] = (),
    publishers: Collection[str] = (),
) -> Inquiry:
    """Reads a question against the conversation so far; raises QuestionError where it cannot be asked.

    `speakers` and `publishers` are names that it may hold in lower case.
    """
    asked = " ".join(question.split())
    if not re.search(r"\w", asked):
        raise QuestionError("the question is empty; type one")
    if len(question) > max_characters:
        raise QuestionError(
            f"the question has {len(question):,} characters, more than {max_characters:,}; shorten it "
            "or raise ONRECORD_MAX_QUESTION_CHARACTERS"
        )
    longest = max((len(turn.content) for turn in history), default=0)
    if longest > TURN_QUESTIONS * max_characters:
        raise QuestionError(
            f"a turn of the history has {longest:,} characters, more than {TURN_QUESTIONS * max_characters:,}; "
            "shorten it"
        )
    asked, *told = (cased(each, speakers, publishers) for each in (asked, *(turn.content for turn in history)))
    history = [replace(turn, content=content) for turn, content in zip(history, told, strict=True)]
    read = reading(asked, standalone(core(asked), history)[:max_characters])
    return replace(read, asks_nothing=all(map(_only_instructs, SENTENCE_END.split(asked))))


def _only_instructs(sentence: str) -> bool:
    return INSTRUCTION.match(sentence) is not None and ASKS.search(sentence) is None


def reading(asked: str, complete: str) -> Inquiry:
    """A question, as asked and as completed, read for what it names."""
    is_comparison = compares(complete)
    return Inquiry(
        asked=asked,
        standalone=complete,
        topic=topic_of(complete) if is_comparison else without_period(complete),
        years=tuple(dict.fromkeys(YEAR.findall(complete))),
        period=period(complete),
        compares=is_comparison,
        asks_whose=ATTRIBUTION.search(asked) is not None,
        said_in=time_of_saying(complete),
    )


def core(question: str) -> str:
    """The question without greetings, thanks, "could you please tell me" and "ignore the documents"; itself where that
    is all there is."""
    sentences = SENTENCE_END.split(question)
    asked = (each for each in sentences if not SMALL_TALK.match(each) and not INSTRUCTION.match(each))
    kept = " ".join(asked) or question
    bare = POLITE.sub("", kept).strip()
    return bare[0].upper() + bare[1:] if re.search(r"\w{2}", bare) else question


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question as it would be asked without the conversation; itself where it refers to nothing."""
    topic, reply = "", ""
    for turn in history:
        told = " ".join(turn.content.split())
        if turn.role == "user":
            topic, reply = _replaced(core(told), topic) or topic, ""
        else:
            reply = told
    person = _person_told(topic, reply) or _person(topic)
    return _replaced(question, topic) or _with_context(OPENER.sub("", question).strip(), topic, person)


def _replaced(question: str, topic: str) -> str:
    """The question as the next topic: itself, or the topic with another part; "" where it only adds to the topic."""
    if not topic or not _refers_back(question):
        return question
    bare = OPENER.sub("", question).strip()
    year = YEAR.search(bare)
    if year and len(set(terms(bare))) <= MIN_TOPIC_WORDS:
        return _with_year(topic, bare.rstrip("?").strip(), year.group())
    owner = LONE_OWNER.match(bare)
    if owner:
        owned = OWNER if OWNER.search(topic) else OWNING_NATION
        return owned.sub(f"{owner['name']}'s", topic, count=1) if owned.search(topic) else ""
    lone = LONE_NAME.match(OPENER.sub("", question))
    if lone and NAME.search(topic):
        return NAME.sub(lone["name"], topic, count=1)
    about = ABOUT.match(question)
    if about and len(terms(about["topic"])) <= 4:
        return _with_topic(topic, about["topic"].strip())
    return ""


def _refers_back(question: str) -> bool:
    """Whether a question cannot be understood without what came before."""
    opener = OPENER.match(question)
    if opener:
        rest = question[opener.end() :]
        is_whole = len(set(terms(rest))) >= WHOLE_WORDS and NAME.search(f"- {rest}") is not None
        return not (COMPLETE.search(rest) or is_whole) or _refers_back(rest[:1].upper() + rest[1:])
    if ELLIPSIS.search(question) or LONE_OWNER.match(question):
        return True
    if PERSON_PRONOUN.search(question) and not NAME.search(question):
        return True
    content = set(terms(question))
    names = NAME.findall(question)
    if len(names) > 1 or (names and DEFINITION.search(question)) or COMPLETE.search(question):
        return PRONOUN.search(question) is not None and not names
    is_short = len(content) <= MIN_TOPIC_WORDS + 1
    return (
        len(content) < MIN_TOPIC_WORDS
        or (PRONOUN.search(question) is not None and (not names or is_short))
        or (REPLY.search(question) is not None and is_short)
    )


def _person(topic: str) -> str:
    """Whom "he" or "she" means after a question: who acts in it, else the first whom it names; "" for nobody."""
    acting = ACTING.search(topic)
    if acting:
        return acting["name"] or acting["owner"]
    names = NAME.findall(topic) or NAME.findall(f"- {topic}")
    return next((name for name in names if name.lower() not in NATIONALITIES), "")


def _person_told(topic: str, reply: str) -> str:
    """Whom "he" or "she" means after a question that asks who: the first person whom the reply names in full."""
    if not WHO.match(topic):
        return ""
    told = reply.partition("“")[2] or SAID_THAT.sub("", reply)
    return next((name for name in people(told).named_in(told) if " " in name and name not in topic), "")


def _with_year(topic: str, phrase: str, year: str) -> str:
    """The earlier question asked of another year."""
    stem = DATE_PHRASE.sub("", topic).strip().rstrip("?").strip()
    stem = YEAR.sub("", stem).strip()
    phrase = phrase if re.match(r"(?:in|since|during|before|after|by|on)\b", phrase, re.IGNORECASE) else f"in {year}"
    return f"{' '.join(stem.split())} {phrase[0].lower()}{phrase[1:]}?"


def _with_topic(topic: str, new: str) -> str:
    """The earlier question asked about something else: "what did X say about A" becomes "… about B"."""
    before, about, _ = topic.rstrip("?").strip().rpartition(" about ")
    if about:
        return f"{before} about {new}?" if _is_new(new, before) else f"{new}: {topic}"
    return f"{topic.rstrip('?').strip()}, {new}?"


def _is_new(new: str, kept: str) -> bool:
    return not set(stems(new)) <= set(stems(kept))


def _with_context(question: str, topic: str, name: str) -> str:
    """The question with the person, if one is known, in place of the pronoun, followed by the topic it refers to."""
    if name:
        question = re.sub(r"\b(?:he|she|him)\b", name, question, count=1, flags=re.IGNORECASE)
        question = re.sub(r"\b(?:his|her)\b", f"{name}'s", question, count=1, flags=re.IGNORECASE)
    return f"{question.rstrip('?').strip()}? ({topic})"
