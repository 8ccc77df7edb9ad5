"""HR's file, read and judged row by row. Knows the directory's facts; writes nothing."""
