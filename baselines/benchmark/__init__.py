"""A benchmark of recipes: which networks to train on what, so that questions can be answered."""
