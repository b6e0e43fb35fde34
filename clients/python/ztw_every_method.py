"""Every method of every service of Cloud & Branch Connector that the SDK has, called once or more.

What is called with what, and what must come of it, stands in the tables of ztw_methods/, one a family. The
methods are found by looking at the SDK: one that no table names is a failure, and so is one that a table names and the SDK
does not have.
"""

from zscaler import ZscalerClient
from zscaler.utils import reformat_params
from zscaler.ztw.ztw_service import ZTWService

from every_method.play import play
from ztw_methods import FAMILIES

with ZscalerClient({}) as client:
    play(client.ztw, ZTWService, FAMILIES, gone="RESOURCE_NOT_FOUND", renamed=reformat_params)
