"""Scene: whom "he", "the minister" and a surname mean as a report goes on. In: its attributions in order; out: names.

A new subject takes over from the last speaker; where two people fit, or nobody, the answer is "", not a guess.
"""

import re
from dataclasses import dataclass, field

from rag.attribution import PLURAL, Attribution
from rag.people import BODIES, DETERMINERS, FEMALE, MALE, NAME, People, holder, person, uncapped

# who does what in a sentence: "Mr Raikes, who retired in March, was"
ACTOR = re.compile(
    rf"(?P<name>{NAME})(?:,[^,.\x00]{{1,80}},)?\s(?:is|was|has|had|will|would|did|does|\w+ed|\w+s)\b(?!\sby\b)"
)
# "Dimov’s deputy, Elena Koleva, was"
APPOSED = re.compile(rf"[’']s?\s(?:[\w-]+\s){{0,3}}[a-z][\w-]+,\s(?P<name>{NAME}),\s[a-z]")
# "Ukrainian officials", but "police", "analysts at Credo Bank"
OF_A_PLACE = re.compile(rf"{NAME}\s(?!(?:at|of|in|from|for|with|who)\b)\w")
OF_NAME = re.compile(r"\b(?:of|for|from|in|at|by|with|to)\s$")
POSSESSIVES = {"his": "he", "her": "she"}
PRONOUNS = {"he": MALE, "she": FEMALE, "him": MALE, "her": FEMALE}


@dataclass(slots=True)
class Scene:
    """Who is on: the last speaker, whom the latest sentence that names anybody names, and who was named before."""

    known: People
    speaker: str = ""
    named: list[str] = field(default_factory=list)
    actor: str = ""
    paragraph: list[str] = field(default_factory=list)

    def resolve(self, found: Attribution, before: str) -> str:
        """The speaker whom an attribution means; `before`: its sentence up to it."""
        subject = found.subject
        if subject.lower() in PRONOUNS:
            return self._pronoun(PRONOUNS[subject.lower()], found, before)
        if subject.lower() == "they":
            return ""
        # "the press secretary of the Russian president Dmitry Peskov"
        name = next((each for each in self.known.names.values() if subject.endswith(each)), "")
        if name and name not in self.known.things and not OF_NAME.search(subject.removesuffix(name)):
            return name
        if re.match(rf"(?:{DETERMINERS}|one)\s", subject):
            return self._described(subject, found)
        if re.fullmatch(PLURAL, subject):
            return subject if OF_A_PLACE.match(subject) else uncapped(subject)
        name = person(re.split(r"\s(?:of|from)\s", subject)[0])
        return self.known.full(name)

    def hear(self, outside: str, speaker: str) -> None:
        """Takes in a sentence (its words outside quotation marks) and whose words it gives."""
        named = self.known.named_in(outside)
        if speaker:
            self.speaker = self.actor = speaker
            named = [speaker, *(name for name in named if name != speaker)]
        elif named:
            acting = APPOSED.search(outside) or ACTOR.search(outside) or re.match(rf"(?P<name>{NAME})\s[a-z]", outside)
            acting = None if acting and re.search(r"[’']s?$", acting["name"]) else acting  # "Dimov’s deputy was"
            self.actor = self.known.full(person(acting["name"])) if acting else ""
            self.actor = self.actor if self.actor in named else ""
        self.named = named or self.named
        self.paragraph = list(dict.fromkeys([*self.paragraph, *named]))

    def _pronoun(self, gender: str, found: Attribution, before: str) -> str:
        if found.replies and self._other():
            return self._other() if self._fits(self._other(), gender) else ""
        here = [name for name in self.known.named_in(before) if self._fits(name, gender)]
        earlier = [name for name in self.named or [self.speaker] if name and self._fits(name, gender)]
        first = self.actor if self.actor in earlier else ""
        fitting = list(dict.fromkeys([*earlier, *here]))
        shown = [name for name in fitting if self.known.gender(name)]
        # of people whose gender is not shown only who spoke is surely meant
        sure = not shown and (first == self.speaker or len(fitting) == 1)
        if first and not here and (self.known.gender(first) or sure):
            return first
        if not fitting and self.speaker and self._fits(self.speaker, gender):
            return self.speaker
        if not fitting:
            fitting = [name for name in self.paragraph if self.known.gender(name) == gender]
        return fitting[0] if len(fitting) == 1 else ""

    def _described(self, subject: str, found: Attribution) -> str:
        itself = uncapped(subject)
        whose, _, rest = itself.partition(" ")
        if whose in ("his", "her"):
            owner = self._pronoun(PRONOUNS[POSSESSIVES[whose]], found, "")
            return f"{owner}'s {rest}" if owner else ""
        if whose in ("its", "their"):
            return ""
        if not re.match(r"[Tt]he\s", subject) or _is_body(subject):
            return itself
        known = holder(subject, self.known, self.speaker)
        if known == self.speaker and found.replies and self._other():
            return self._other()
        return known

    def _other(self) -> str:
        """The one other person of this paragraph than who spoke last: who is left to reply."""
        others = [name for name in self.paragraph if name != self.speaker]
        return others[0] if len(others) == 1 and self.speaker in self.paragraph else ""

    def _fits(self, name: str, gender: str) -> bool:
        return self.known.gender(name) in (gender, "") and not re.match(rf"the\s.*\b(?:{BODIES})\b", name)


def _is_body(subject: str) -> bool:
    """Whether a description is of a body: "the ministry of trade", but "the ministry spokeswoman" is of a person."""
    head = re.split(r"\s(?:of|for|from|at|in)\s", subject, maxsplit=1)[0]
    return re.search(rf"\b(?i:{BODIES})$", head) is not None
