"""The summary by e-mail: once a day or week, of what its reader has neither seen nor been mailed."""
