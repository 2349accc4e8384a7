"""The report: a run in, one HTML page out that needs nothing else, pleasant to read by day and by night.

Scores with intervals and baseline, right answers by kind, seconds, and each failure with question, answer, verdicts
and evidence, the cited words marked in their passage. All text of documents and answers is escaped.
"""

import html
import math
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from evals.charts import bars, histogram
from evals.judge import Accuracy
from evals.outcomes import Outcome
from evals.run import Run
from evals.scores import (
    Baseline,
    Score,
    difference_shown,
    interval_shown,
    scores,
    scores_by_kind,
    value_shown,
)

FLOORS = ("attribution", "verbatim", "offsets", "own_engine")
HEADLINES = ("correct", "abstention_recall", "faithfulness", "attribution", "verbatim", "seconds")
STYLE = """
:root { color-scheme: light dark; --paper: #fcfcfa; --ink: #1d2129; --soft: #667080; --line: #dfe2e6; --card: #ffffff;
 --blue: #3f6fb5; --track: #eceff3; --good: #24763f; --bad: #b3362b; --mark: #ffe9a3; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171c; --ink: #e4e7eb; --soft: #98a2b0; --line: #2d333c;
 --card: #1b1f26; --blue: #6f9fe0; --track: #262c35; --good: #6fcf8e; --bad: #ff8d80; --mark: #5a4a12; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.25rem 5rem; max-width: 60rem; background: var(--paper); color: var(--ink);
 font: 16px/1.6 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; } h2 { font-size: 1.2rem; margin: 2.6rem 0 .8rem; }
.soft, small { color: var(--soft); font-size: .86rem; } code { font-size: .84em; overflow-wrap: anywhere; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .8rem; margin: 1.6rem 0; }
.tile, details, .case { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; }
.tile { padding: .8rem 1rem; } .tile b { display: block; font-size: 1.5rem; line-height: 1.3; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; white-space: normal; } th { color: var(--soft); font-weight: 500; }
.good { color: var(--good); } .bad { color: var(--bad); }
svg { width: 100%; height: auto; font-size: 13px; } svg text { fill: var(--ink); } .track { fill: var(--track); }
.bar { fill: var(--blue); } .interval { stroke: var(--ink); stroke-width: 1.4; fill: none; }
.baseline { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 3 2; fill: none; }
details { margin: .7rem 0; } summary { cursor: pointer; padding: .7rem 1rem; }
summary:focus-visible { outline: 2px solid var(--blue); } details > div { padding: 0 1rem 1rem; }
h3 { font-size: .82rem; color: var(--soft); margin: 1rem 0 .2rem; font-weight: 600; }
blockquote { margin: .4rem 0; padding: .1rem 0 .1rem .9rem; border-left: 3px solid var(--line); }
mark { background: var(--mark); color: inherit; border-radius: .2rem; padding: 0 .1rem; }
.badge { border: 1px solid currentColor; border-radius: 1rem; padding: 0 .55rem; font-size: .78rem; margin-right: .4rem;
 white-space: nowrap; }
"""


def page(made: Run, *, title: str, date: str, accuracy: Accuracy, baseline: Baseline | None) -> str:
    """The whole page; `baseline` None leaves the comparisons out."""
    measured = scores(made.outcomes, baseline)
    failed = failures(made.outcomes)
    seconds = [value for each in made.outcomes for value in each.marks["seconds"]]
    first = [value for each in made.outcomes for value in each.marks["seconds_first"]]
    judge = accuracy.balanced
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{_text(title)}</title><style>{STYLE}</style></head><body>
<h1>{_text(title)}</h1>
<p class="soft">{_text(date)} · {len(made.outcomes)} questions · fingerprint
<code>{_text(str(made.fingerprint))}</code></p>
<div class="tiles">{"".join(_tile(score, accuracy) for score in measured if score.metric.name in HEADLINES)}</div>
<h2>Scores</h2>
{_table(measured)}
<p class="soft">Intervals are 95 %: Wilson for shares, bootstrap for means and medians. * rests on the judge
{_text(accuracy.judge)}, whose balanced accuracy on {judge.n} labelled pairs is {100 * judge.value:.1f} %
({100 * judge.low:.0f}–{100 * judge.high:.0f}).</p>
<h2>Right answers by kind</h2>
{bars(scores_by_kind(made.outcomes, baseline))}
<p class="soft">Lines are 95 % intervals{"; dashed is the baseline" if baseline else ""}.</p>
<h2>Seconds to the end</h2>
{histogram(seconds, "Seconds to the end")}
<h2>Seconds to first evidence</h2>
{histogram(first, "Seconds to first evidence")}
<h2>Failures ({len(failed)})</h2>
{"".join(_failure(each, reasons) for each, reasons in failed)}
<h2>What was right ({len(made.outcomes) - len(failed)})</h2>
{"".join(_failure(each, ()) for each in made.outcomes if not _reasons(each))}
</body></html>
"""


def failures(outcomes: Sequence[Outcome]) -> list[tuple[Outcome, list[str]]]:
    """The outcomes in which something is wrong, each with what."""
    return [(each, reasons) for each in outcomes if (reasons := _reasons(each))]


def _reasons(outcome: Outcome) -> list[str]:
    reasons = [] if outcome.verdict == "correct" else [outcome.verdict]
    if 0.0 in outcome.marks.get("rightly_cited", ()):
        reasons.append("gold evidence not cited")
    reasons += [f"sentence {each['verdict']}" for each in outcome.sentences if each["verdict"] != "supported"][:1]
    return reasons + [f"fails {name}" for name in FLOORS if any(value < 1 for value in outcome.marks.get(name, ()))]


def _tile(score: Score, accuracy: Accuracy) -> str:
    compared = not math.isnan(score.difference) and float(difference_shown(score)) != 0
    change = f" · {_change(score)} to baseline" if compared else ""
    if score.metric.is_judged:
        change += f" · by a judge right in {100 * accuracy.balanced.value:.0f} %"
    shown, interval = value_shown(score.metric, score.now.value), interval_shown(score.metric, score.now)
    label = _text(score.metric.label)
    return f'<div class="tile"><small>{label}</small><b>{shown}</b><small>{interval}{change}</small></div>'


def _table(measured: Sequence[Score]) -> str:
    rows = "".join(
        f"<tr><td>{_text(score.metric.label)}{'*' if score.metric.is_judged else ''}</td>"
        f"<td>{value_shown(score.metric, score.now.value)}</td><td>{interval_shown(score.metric, score.now)}</td>"
        f"<td>{score.now.n}</td><td>{value_shown(score.metric, score.before.value) if score.before else '–'}</td>"
        f"<td>{_change(score)}</td></tr>"
        for score in measured
    )
    heads = "".join(f"<th>{name}</th>" for name in ("measure", "value", "95 % interval", "n", "baseline", "change"))
    return f'<div class="wide"><table><tr>{heads}</tr>{rows}</table></div>'


def _change(score: Score) -> str:
    shown = difference_shown(score)
    if math.isnan(score.difference) or not score.metric.aim or float(shown) == 0:
        return shown
    return f'<span class="{"good" if score.difference * score.metric.aim > 0 else "bad"}">{shown}</span>'


def _failure(outcome: Outcome, reasons: Sequence[str]) -> str:
    badges = "".join(f'<span class="badge bad">{_text(reason)}</span>' for reason in reasons)
    searched = f" <small>searched as: {_text(outcome.standalone)}</small>"
    gold = "".join(
        f"<blockquote>{' <b>or</b> '.join(_quote_of(place) for place in group)}</blockquote>" for group in outcome.gold
    )
    wanted = [f"missing: {_text(', '.join(outcome.missing))}"] if outcome.missing else []
    wanted += [f"must not be said: {_text(', '.join(outcome.forbidden))}"] if outcome.forbidden else []
    return (
        f"<details><summary>{badges}<b>{_text(outcome.question)}</b> "
        f"<small>{_text(outcome.id)} · {_text(outcome.kind.replace('_', ' '))}</small></summary><div>"
        f"{searched if outcome.standalone != outcome.question else ''}"
        f"<h3>Answer</h3>{_answer(outcome)}"
        + (f'<p class="bad">{" · ".join(wanted)}</p>' if wanted else "")
        + (f"<h3>Evidence cited</h3>{''.join(map(_cited, outcome.answer['citations']))}" if outcome.sentences else "")
        + (f"<h3>Gold evidence</h3>{gold}" if gold else "<h3>The documents do not say</h3>")
        + "</div></details>"
    )


def _answer(outcome: Outcome) -> str:
    if not outcome.sentences:
        return f"<p>{_text(outcome.answer['answer'])} <small>{_text(outcome.answer['reason'])}</small></p>"
    return "".join(
        f"<p>{_verdicts(judged)}{_text(sentence['text'])}</p>"
        for sentence, judged in zip(outcome.answer["sentences"], outcome.sentences, strict=True)
    )


def _verdicts(judged: Mapping[str, Any]) -> str:
    """A badge for support, and one for each thing that is wrong beside."""
    support = judged["verdict"]
    shown = [(support, "good" if support == "supported" else "bad")]
    shown += [("wrong speaker", "bad")] if judged["attributed"] is False else []
    shown += [] if judged["quoted"] else [("not verbatim", "bad")]
    shown += [("citation not needed", "bad")] if support == "supported" and not all(judged["precise"]) else []
    return "".join(f'<span class="badge {style}">{_text(text)}</span>' for text, style in shown)


def _cited(cited: Mapping[str, Any]) -> str:
    """The passage with the cited words marked."""
    at = cited["quote_start"] - cited["start"]
    text, end = cited["text"], at + len(cited["quote"])
    if at < 0 or text[at:end] != cited["quote"]:  # nothing is marked where the offsets are wrong
        at = end = len(text)
    who = f"{cited['speaker']} · " if cited["speaker"] else ""
    first, last = cited["quote_start"], cited["quote_start"] + len(cited["quote"])
    where = f"{PurePath(cited['path']).name}, characters {first}–{last}"
    return (
        f"<blockquote>{_text(text[:at])}<mark>{_text(text[at:end])}</mark>{_text(text[end:])}<br>"
        f"<small>{_text(who)}{_text(cited['label'])} · {_text(where)}</small></blockquote>"
    )


def _quote_of(place: Mapping[str, str]) -> str:
    return f"{_text(place['quote'])} <small>{_text(place['document'])}</small>"


def _text(text: str) -> str:
    return html.escape(text)
