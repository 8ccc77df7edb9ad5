"""Where people find help where they work: the on-call telephone, and the place and hours of somebody who helps."""
