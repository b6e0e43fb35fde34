"""Every method of every service of Client Connector that the SDK has, called once or more.

What is called with what, and what must come of it, stands in the tables of zcc_methods/, one a family. The
methods are found by looking at the SDK: one that no table names is a failure, and so is one that a table names and the SDK
does not have. The tenant should be the script's own (`zuno
run`): two devices go for good.
"""

from zscaler import ZscalerClient
from zscaler.zcc.zcc_service import ZCCService

from every_method.play import play
from zcc_methods import FAMILIES

with ZscalerClient({}) as client:
    play(client.zcc, ZCCService, FAMILIES, gone="RESOURCE_NOT_FOUND")
