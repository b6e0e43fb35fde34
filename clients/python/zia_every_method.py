"""Every method of every service of internet access that the SDK has, called once or more.

What is called with what, and what must come of it, stands in the tables of zia_methods/, one a family. The
methods are found by looking at the SDK: one that no table names is a failure, and so is one that a table names and the SDK
does not have.
"""

from zscaler import ZscalerClient
from zscaler.utils import reformat_params
from zscaler.zia.zia_service import ZIAService

from every_method.play import play
from zia_methods import FAMILIES

with ZscalerClient({"sandboxToken": "only-for-this-run", "sandboxCloud": "zscaler"}) as client:
    play(client.zia, ZIAService, FAMILIES, gone="RESOURCE_NOT_FOUND", renamed=reformat_params)
