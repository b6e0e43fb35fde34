"""Certificates of both sorts: what machines and clients are enrolled with, and what browsers are shown."""

from every_method.fixtures import self_signed
from every_method.rows import deleted, found, listed, made, read, updated

ISLAND, ISLAND_KEY = self_signed("island.harbour.example")
WEB, WEB_KEY = self_signed("web.harbour.example")

ROWS = [
    listed("enrollment_certificates.list_enrolment", "connector certificate"),
    read("enrollment_certificates.get_enrolment", "connector certificate"),
    made("given", "enrollment_certificates.add_enrollment_cert", {
        "name": "Harbour root", "description": "signed elsewhere", "certificate": ISLAND,
        "private_key": ISLAND_KEY}, hidden=("private_key",)),
    read("enrollment_certificates.get_enrolment", "given"),
    updated("enrollment_certificates.update_enrollment", "given", {
        "name": "Harbour root", "description": "signed on the island"}),
    found("tenant's root", "enrollment_certificates.get_enrolment_by_name", args=["Root"]),
    made("own root", "enrollment_certificates.generate_self_signed", {
        "name": "Harbour clients", "description": "signs itself", "root_certificate_id": "$tenant's root",
        "client_cert_type": "NONE"}, hidden=("root_certificate_id",)),
    read("enrollment_certificates.get_enrolment", "own root"),
    made("request", "enrollment_certificates.generate_csr", {
        "name": "Harbour request", "description": "to be signed elsewhere"}),
    deleted("enrollment_certificates.delete_enrollment_certificate", "request"),
    deleted("enrollment_certificates.delete_enrollment_certificate", "own root"),
    deleted("enrollment_certificates.delete_enrollment_certificate", "given"),

    made("certificate", "certificates.add_certificate", {
        "name": "web.harbour.example", "description": "for browsers", "cert_blob": WEB + WEB_KEY},
         hidden=("cert_blob",), like={"c_name": "web.harbour.example", "san": ["web.harbour.example"]}),
    read("certificates.get_certificate", "certificate"),
    listed("certificates.list_certificates", "certificate"),
    listed("certificates.list_issued_certificates", "certificate"),
    updated("certificates.update_certificate", "certificate", {
        "name": "web.harbour.example", "description": "for all browsers"}),
]

AFTER = [
    deleted("certificates.delete_certificate", "certificate"),
]
