"""The tables of zcc_every_method.py, in an order in which things exist when they are needed."""

from . import devices, policies, settings

FAMILIES = [devices, policies, settings]
