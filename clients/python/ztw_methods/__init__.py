"""The tables of ztw_every_method.py, in an order in which things exist when they are needed."""

from . import administration, clouds, connectors, objects, policies

FAMILIES = [administration, connectors, objects, policies, clouds]
