"""The API of announcements, one file per stage."""
