"""Every method of every service of Digital Experience that the SDK has, called once or more.

What is called with what, and what must come of it, stands in the tables of zdx_methods/, one a family. The
methods are found by looking at the SDK: one that no table names is a failure, and so is one that a table names and the SDK
does not have.
"""

from zscaler import ZscalerClient
from zscaler.zdx.zdx_service import ZDXService

from every_method.play import play
from zdx_methods import FAMILIES

with ZscalerClient({}) as client:
    play(client.zdx, ZDXService, FAMILIES, gone="RESOURCE_NOT_FOUND")
