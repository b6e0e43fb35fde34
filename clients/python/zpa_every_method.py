"""Every method of every service of private access that the SDK has, called once or more.

What is called with what, and what must come of it, stands in the tables of zpa_methods/, one a family. The methods
are found by looking at the SDK: one that no table names is a failure, and so is one that a table names and the SDK
does not have, so that a new release shows what is missing. The tenant should be the script's own (`zuno run`): an
emergency user and the value of a switch stay, since neither can be deleted.
"""

from zscaler import ZscalerClient
from zscaler.zpa.zpa_service import ZPAService

from every_method.play import play
from zpa_methods import FAMILIES

with ZscalerClient({}) as client:
    # Most of this product's updates take other names than the readers give.
    play(client.zpa, ZPAService, FAMILIES, gone="resource.not.found", echoes=False)
