"""Showing: finished records and outcomes as pages and files; no model, no torch."""
