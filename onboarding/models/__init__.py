"""The tables of onboarding, one file per noun."""

from onboarding.models.arrivals import (
    Arrival,
    ArrivalDesk,
    ArrivalEntry,
    ArrivalStep,
    ArrivalTask,
    DeskHook,
    HookAnswer,
    HookCall,
    Responsible,
    TaskKind,
)
from onboarding.models.corrections import Correction
from onboarding.models.imports import ImportFinding, ImportRecord, ImportRun
from onboarding.models.portraits import PhotoProposal
from onboarding.models.rules import Enrolment, EnrolmentRule
from onboarding.models.welcome import Welcome

__all__ = [
    "Arrival",
    "ArrivalDesk",
    "ArrivalEntry",
    "ArrivalStep",
    "ArrivalTask",
    "Correction",
    "DeskHook",
    "Enrolment",
    "EnrolmentRule",
    "HookAnswer",
    "HookCall",
    "ImportFinding",
    "ImportRecord",
    "ImportRun",
    "PhotoProposal",
    "Responsible",
    "TaskKind",
    "Welcome",
]
