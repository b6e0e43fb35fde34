"""The tables of zidentity_every_method.py, in an order in which things exist when they are needed."""

from . import clients, people

FAMILIES = [people, clients]
