"""The published service endpoints with pyZscaler's own reader, at the older host that it still asks.

Its ZIA client signs in with an API key and a password first, at an address that is not the OneAPI's; the reader itself
needs no sign-in, and is used without.
"""

from pyzscaler.zia import ZIA

from expect import equal, true


class Reader(ZIA):
    """A ZIA client that has not signed in."""

    def _build_session(self, **kwargs):
        super(ZIA, self)._build_session(**kwargs)

    def _deauthenticate(self):
        pass


with Reader(cloud="zscaler") as zia:
    everything = zia.vips.list_public_se("zscaler")
    equal("continents", len(everything), 3)
    entries = [entry for continent in everything.values() for city in continent.values() for entry in city]
    equal("entries", len(entries), 935)
    true("every value is a text", all(isinstance(value, str) for entry in entries for value in entry.values()))
    for continent, city in (("emea", "amsterdam"), ("apac", "tokyo"), ("amer", "atlanta")):
        found = zia.vips.list_public_se("zscaler", continent=continent)
        true(f"{city} is in {continent}", any(city in name for name in found), list(found))
    for cloud in ("zscalerone", "zscalertwo", "zscalerthree", "zscloud"):
        true(f"{cloud} has data centres", len(zia.vips.list_public_se(cloud)) == 3)
    for what, addresses in (("central authority", zia.vips.list_ca("zscalertwo")), ("PAC servers", zia.vips.list_pac("zscalertwo"))):
        true(what, addresses and all(address.count(".") == 3 for address in addresses), addresses)
