"""The screens of announcements: reading, writing and sending, following up."""
