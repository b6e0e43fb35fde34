"""Browsers that run elsewhere: banners, root certificates, regions and profiles of isolation."""

from every_method.fixtures import self_signed
from every_method.rows import deleted, found, listed, made, read, updated

ROOT, _ = self_signed("root.harbour.example")

ROWS = [
    made("banner", "cbi_banner.add_cbi_banner", {
        "name": "Harbour banner", "primary_color": "#36be00", "text_color": "#ffffff", "banner": True,
        "notification_title": "Heads up", "notification_text": "This page runs elsewhere.", "persist": True}),
    read("cbi_banner.get_cbi_banner", "banner"),
    listed("cbi_banner.list_cbi_banners", "banner"),
    updated("cbi_banner.update_cbi_banner", "banner", {
        "name": "Harbour banner", "primary_color": "#000000", "text_color": "#ffffff", "banner": True,
        "notification_title": "Heads up", "notification_text": "Far away.", "persist": False}),
    made("root", "cbi_certificate.add_cbi_certificate", {"name": "Harbour root", "pem": ROOT}),
    read("cbi_certificate.get_cbi_certificate", "root"),
    listed("cbi_certificate.list_cbi_certificates", "root"),
    updated("cbi_certificate.update_cbi_certificate", "root", {"name": "Harbour's root", "pem": ROOT}),
    found("frankfurt", "cbi_region.list_cbi_regions", where=lambda each: each.name == "Frankfurt"),
    found("other region", "cbi_region.list_cbi_regions", where=lambda each: each.name != "Frankfurt"),
    made("isolation", "cbi_profile.add_cbi_profile", {
        "name": "Harbour isolation", "description": "for guests", "banner_id": "$banner",
        "region_ids": ["$frankfurt", "$other region"], "certificate_ids": ["$root"],
        "security_controls": {"copy_paste": "none", "document_viewer": True},
        "user_experience": {"session_persistence": True}},
         hidden=("banner_id",)),
    read("cbi_profile.get_cbi_profile", "isolation"),
    listed("cbi_profile.list_cbi_profiles", "isolation"),
    updated("cbi_profile.update_cbi_profile", "isolation", {
        "name": "Harbour isolation", "description": "for all guests", "banner": {"id": "$banner"},
        "regions": [{"id": "$frankfurt"}, {"id": "$other region"}], "certificates": [{"id": "$root"}]}),
    found("isolation rule profile", "cbi_zpa_profile.list_isolation_profiles",
          where=lambda each: each.name == "Harbour isolation"),
    listed("cbi_zpa_profile.list_cbi_zpa_profiles", "isolation rule profile"),
]

AFTER = [
    deleted("cbi_profile.delete_cbi_profile", "isolation"),
    deleted("cbi_certificate.delete_cbi_certificate", "root"),
    deleted("cbi_banner.delete_cbi_banner", "banner"),
]
