"""Every method of every service of ZIdentity that the SDK has, called once or more.

What is called with what, and what must come of it, stands in the tables of zidentity_methods/, one a family. The methods are
found by looking at the SDK: one that no table names is a failure, and so is one that a table names and the SDK does not
have.
"""

from zscaler import ZscalerClient
from zscaler.zid.zid_service import ZIdService

from every_method.play import play
from zidentity_methods import FAMILIES

with ZscalerClient({}) as client:
    play(client.zid, ZIdService, FAMILIES, gone="RESOURCE_NOT_FOUND")
