"""Groups, who is in them, and audiences, one file per noun."""

from groups.models.audiences import Audience, AudienceTerm
from groups.models.groups import Group
from groups.models.memberships import Follow, Invitation, Membership, MembershipRequest, OptOut, Takeover

__all__ = [
    "Audience",
    "AudienceTerm",
    "Follow",
    "Group",
    "Invitation",
    "Membership",
    "MembershipRequest",
    "OptOut",
    "Takeover",
]
