"""Thin widgets: ``set_*`` in, signals out."""
