"""What onboarding is measured by; one file per subject."""

from onboarding.benchmarks import enrolment, imports

__all__ = ["enrolment", "imports"]
