"""The audit as a whole: settings, composition, provenance, and the Python interface."""
