"""The record of an audit: one SQLite file of tidy rows, pictures and provenance."""
