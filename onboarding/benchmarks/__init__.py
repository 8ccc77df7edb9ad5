"""What onboarding is measured by; one file per subject."""

from onboarding.benchmarks import enrolment

__all__ = ["enrolment"]
