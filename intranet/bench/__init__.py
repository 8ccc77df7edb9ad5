"""Measuring: every figure beside its floor in the same run."""
