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
from onboarding.models.imports import ImportChange, ImportFinding, ImportLeaver, ImportRecord, ImportRun, KnownHeading
from onboarding.models.invitations import Invitation, InvitationHabit, InvitationRun
from onboarding.models.local_help import LocalHelp
from onboarding.models.portraits import PhotoProposal
from onboarding.models.rules import Enrolment, EnrolmentRule
from onboarding.models.scim import ScimClient, ScimGroup, ScimHeld, ScimMember, ScimShut, ScimToken, ScimUser
from onboarding.models.sign_in_codes import SignInCode
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
    "ImportChange",
    "ImportFinding",
    "ImportLeaver",
    "ImportRecord",
    "ImportRun",
    "Invitation",
    "InvitationHabit",
    "InvitationRun",
    "KnownHeading",
    "LocalHelp",
    "PhotoProposal",
    "Responsible",
    "ScimClient",
    "ScimGroup",
    "ScimHeld",
    "ScimMember",
    "ScimShut",
    "ScimToken",
    "ScimUser",
    "SignInCode",
    "TaskKind",
    "Welcome",
]
