"""The tables of zdx_every_method.py, in an order in which things exist when they are needed."""

from . import experience, troubleshooting

FAMILIES = [experience, troubleshooting]
