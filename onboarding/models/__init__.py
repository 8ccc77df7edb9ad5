"""The tables of onboarding, one file per noun."""

from onboarding.models.corrections import Correction
from onboarding.models.imports import ImportFinding, ImportRecord, ImportRun
from onboarding.models.portraits import PhotoProposal
from onboarding.models.rules import Enrolment, EnrolmentRule
from onboarding.models.welcome import Welcome

__all__ = [
    "Correction",
    "Enrolment",
    "EnrolmentRule",
    "ImportFinding",
    "ImportRecord",
    "ImportRun",
    "PhotoProposal",
    "Welcome",
]
