"""Verbs of saying: the one list that speakers, sentences and verification share, as regular expressions.

A verb of STATING makes what stands with it speech by itself ("she said the dam was safe"). The others do so
with a clause or with quoted words: "he replied that …", but not "he answered questions".
"""

STATING = (
    "said|says|say|stated|states|noted|notes|told|tells|added|adds|stressed|stresses|emphasi[sz]ed|emphasi[sz]es|"
    "explained|explains|revealed|announced|announces|warned|warns|remarked|"
    "pointed out|points out|underlined|insisted|insists|admitted|admits|acknowledged|acknowledges|reiterated|"
    "confirmed|confirms|asserted|alleged|alleges|denied|denies|described|describes|urged|urges|promised|vowed|"
    r"pledged|testified|drew attention to|made (?:it )?clear|(?<!be\s)named(?=\s[^.]{1,60}\sas\s)"
)
VOICING = (
    "claimed|claims|claim|insist|recalled|recalls|put it|puts it|replied|replies|answered|answers|"
    "responded|responds|commented|comments|concluded|concludes|continued|continues|declared|declares|argued|argues|observed|"
    "observes|wrote|writes|called|calls|joked|quipped|recounted|went on|suggested|suggests|complained|"
    "conceded|maintained|asked|asks|wondered|demanded|inquired|shouted|cried|whispered"
)
THINKING = "believed|believes|believe|think|thinks|thought|suspects|suspected|hopes|hoped|fears|feared"
SAYING = f"{STATING}|{VOICING}"
REPORTING = f"{SAYING}|{THINKING}"
# neutral in a draft: they say no more than "said"
SAYING_WORDS = (
    "state note tell add stress explain claim comment argue warn believe think ask report describe call emphasize "
    "express point mention answer according"
).split()
# who replies is not who spoke last
REPLYING = "replied|replies|answered|answers|responded|responds|retorted"
# after a question in quotation marks
ASKING = f"asked|asks|wondered|demanded|inquired|shouted|cried|said|says|told|{REPLYING}"
