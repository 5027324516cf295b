"""Trainings with planted conditions: what a reading of training logs is measured on."""
