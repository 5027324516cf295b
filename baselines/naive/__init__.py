"""Predictors that have learned nothing: a score is worth what it is above theirs."""
