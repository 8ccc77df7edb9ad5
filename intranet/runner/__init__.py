"""The one-command runner: embedded servers, the supervisor and what `manage.py` does before Django starts.

Only `entry` imports Django; the rest runs before the settings are read and in processes that stay small.
"""
