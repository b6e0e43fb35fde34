"""The tables of zia_every_method.py, in an order in which things exist when they are needed."""

from . import (administration, applications, categories, data, devices, endpoints, firewall, forwarding, inspection, logs,
               objects, people, places, reports, threats)

FAMILIES = [people, administration, objects, places, devices, applications, categories, firewall, forwarding, inspection,
            threats, data, endpoints, logs, reports]
