"""Forecasts for people: numbers, reasons in words, and the picks that are frozen."""
