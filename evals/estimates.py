"""Estimates: observations in, a value with its n and 95 % interval out; and the difference of two runs, paired.

Intervals: Wilson (1927) for proportions; for means and medians the bootstrap percentiles (Efron 1979) of 2000
resamples with a fixed seed.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z = 1.959964  # of a two-sided 95 % interval
RESAMPLES = 2000
SEED = 20191127

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its sample size and 95 % interval; all but n are not a number where n is 0."""

    value: float
    n: int
    low: float
    high: float

    def __str__(self) -> str:
        if not self.n:
            return "    – (n=0)"
        return f"{100 * self.value:5.1f} % [{100 * self.low:.0f}, {100 * self.high:.0f}] (n={self.n})"


@dataclass(frozen=True, slots=True)
class Difference:
    """The change of a measure from one run to another over the questions that both have.

    `total` is the sum of the changes of the questions, `error` its standard error sqrt(n) · sd, `better` and
    `worse` how many rose and fell.
    """

    total: float
    n: int
    error: float
    better: int
    worse: int


NOTHING = Estimate(math.nan, 0, math.nan, math.nan)


def proportion(values: Sequence[float]) -> Estimate:
    """The share of ones among zeros and ones, with Wilson's interval."""
    n = len(values)
    if not n:
        return NOTHING
    share = sum(values) / n
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z / (1 + Z**2 / n) * math.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2))
    # at 0 and 1 the interval ends there; rounding must not put it beyond
    return Estimate(share, n, min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half)))


def mean(values: Sequence[float]) -> Estimate:
    """The mean, with a bootstrap interval."""
    return _bootstrapped(values, lambda rows: rows.mean(axis=1))


def median(values: Sequence[float]) -> Estimate:
    """The median, with a bootstrap interval."""
    return _bootstrapped(values, lambda rows: np.median(rows, axis=1))


def balanced_accuracy(of_true: Sequence[float], of_false: Sequence[float]) -> Estimate:
    """The mean of the accuracies on two classes, each a list of ones (judged right) and zeros; resampled by class."""
    if not of_true or not of_false:
        return NOTHING
    halves = [_resampled(values).mean(axis=1) for values in (of_true, of_false)]
    low, high = np.percentile((halves[0] + halves[1]) / 2, [2.5, 97.5])
    value = (sum(of_true) / len(of_true) + sum(of_false) / len(of_false)) / 2
    return Estimate(value, len(of_true) + len(of_false), float(low), float(high))


def paired(now: Mapping[str, float], before: Mapping[str, float]) -> Difference:
    """The difference over the questions, by id, that both runs have."""
    changes = np.array([now[name] - before[name] for name in sorted(now.keys() & before.keys())])
    if not changes.size:
        return Difference(0.0, 0, 0.0, 0, 0)
    spread = float(changes.std(ddof=1)) if changes.size > 1 else 0.0
    # a change as small as the rounding of the stored values is none
    better, worse = int((changes > 1e-3).sum()), int((changes < -1e-3).sum())
    return Difference(float(changes.sum()), changes.size, math.sqrt(changes.size) * spread, better, worse)


def _bootstrapped(values: Sequence[float], statistic: Callable[[Floats], Floats]) -> Estimate:
    if not values:
        return NOTHING
    low, high = np.percentile(statistic(_resampled(values)), [2.5, 97.5])
    value = float(statistic(np.asarray(values, dtype=np.float64)[None, :])[0])
    return Estimate(value, len(values), float(low), float(high))


def _resampled(values: Sequence[float]) -> Floats:
    """Shape (RESAMPLES, len(values)): the values drawn with replacement, the same draw each time."""
    drawn = np.random.default_rng(SEED).integers(len(values), size=(RESAMPLES, len(values)))
    resampled: Floats = np.asarray(values, dtype=np.float64)[drawn]
    return resampled
