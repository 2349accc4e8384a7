"""Evals: questions with their gold, grading, and the runner."""
