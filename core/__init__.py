"""What every app may lean on and that knows no domain: registry, policies, fragments, text, pages, public ids."""
