"""The tables of zpa_every_method.py, in an order in which things exist when they are needed."""

from . import (certificates, inspection, isolation, machines, people, policies, portals, remote_access, segments, settings,
               tags, tenant)

FAMILIES = [tenant, people, machines, certificates, segments, remote_access, portals, isolation, inspection, policies,
            tags, settings]
