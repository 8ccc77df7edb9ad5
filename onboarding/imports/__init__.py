"""HR's file brought in: checked, mended, applied — from the command line, the screens and the API alike."""
