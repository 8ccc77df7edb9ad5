"""Who works here: employees, units, employments, photos, roles, the audit log and the organisation's settings."""
