"""The tables of the directory, one file per noun."""

from directory.models.absences import Absence
from directory.models.audit import AuditEvent
from directory.models.employees import Employee, SignInDay
from directory.models.employments import Employment, JobFamily, JobFamilyMapping, Workplace
from directory.models.history import FactChange
from directory.models.house_rules import HouseRules, HouseRulesAcceptance
from directory.models.organisation import Organisation
from directory.models.photos import FormerPhoto
from directory.models.roles import Role, RoleGrant
from directory.models.search import SearchWord
from directory.models.tokens import ApiToken
from directory.models.units import OrgUnit

__all__ = [
    "Absence",
    "ApiToken",
    "AuditEvent",
    "Employee",
    "Employment",
    "FactChange",
    "FormerPhoto",
    "HouseRules",
    "HouseRulesAcceptance",
    "JobFamily",
    "JobFamilyMapping",
    "OrgUnit",
    "Organisation",
    "Role",
    "RoleGrant",
    "SearchWord",
    "SignInDay",
    "Workplace",
]
