"""The tables of zpa_every_method.py, in an order in which things exist when they are needed."""

from . import (
    tenant, people, machines, segments, certificates, remote_access, portals, isolation, inspection, policies, tags, settings)

FAMILIES = [tenant, people, machines, certificates, segments, remote_access, portals, isolation, inspection, policies, tags,
            settings]
