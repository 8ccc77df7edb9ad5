"""What people answer to an announcement: what their service needs, and who volunteers."""
