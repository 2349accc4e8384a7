"""Evals: questions with their gold, metrics, the judge of support, the runner with its report, and the gate."""
