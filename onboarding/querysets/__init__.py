"""The named reads of onboarding, one file per noun."""
