"""Estimators, their training and evaluation, their files and their registry."""
