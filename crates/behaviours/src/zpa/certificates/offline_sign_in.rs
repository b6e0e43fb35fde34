//! `offline-sign-in`: who signs in while the cloud cannot be reached does so at a service under the tenant's offline
//! domain; its addresses follow from the domain, and identity providers are given its certificate and metadata as files.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::escape::escape;
use serde_json::{Value, json};
use zuno_catalogue::handles::zpa::business_continuity_settings as settings;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Context, Outcome, Stored};
use zuno_model::{Fault, Id, Kind, Record};

use crate::x509::derived::Subject;

const YEAR: i64 = 365 * 86_400;

/// The guarantee for one resource.
#[derive(Default)]
pub struct OfflineSignIn;

/// The service's addresses, as identity providers' own metadata has them.
fn addresses(domain: &str, id: &Id) -> Value {
    let base = format!("https://samlsp.{domain}/auth");
    json!({
        "spEntityId": format!("{base}/metadata/{id}"),
        "spPostUrl": format!("{base}/{id}/sso"),
        "certificateUrl": format!("{base}/{id}/certificate"),
        "spMetadataUrl": format!("{base}/{id}/metadata"),
        "spBaseUrl": base,
    })
}

/// The certificate that signs: the tenant's own, or one made for the domain.
fn certificate(cx: &Context<'_>, stored: &Stored) -> Result<String, Fault> {
    let own = settings::SITESP_SIGNING_CERTIFICATE.of(&stored.record).unwrap_or_default();
    if !own.is_empty() {
        return Ok(own.to_owned());
    }
    let made = settings::CREATION_TIME.of(&stored.record).unwrap_or_default();
    let subject = Subject {
        seed: format!("{} offline {}", cx.tenant().customer_id, stored.id),
        common_name: format!("samlsp.{}", settings::OFFLINE_DOMAIN.of(&stored.record).unwrap_or_default()),
        organisation: None,
        valid: (made, made + 10 * YEAR),
        signs: false,
    };
    Ok(subject.make(None).map_err(Fault::broken)?.pem)
}

/// SAML 2.0 metadata of a service provider.
fn metadata(addresses: &Value, pem: &str) -> String {
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(&body).map_or(body, |bytes| STANDARD.encode(bytes));
    let entity = escape(addresses.text("spEntityId").unwrap_or_default());
    let post = escape(addresses.text("spPostUrl").unwrap_or_default());
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{entity}\">\n  \
         <md:SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n    \
         <md:KeyDescriptor use=\"signing\">\n      \
         <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\
         <ds:X509Data><ds:X509Certificate>{der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\n    \
         </md:KeyDescriptor>\n    \
         <md:AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
         Location=\"{post}\" index=\"0\"/>\n  \
         </md:SPSSODescriptor>\n\
         </md:EntityDescriptor>\n"
    )
}

impl Behaviour for OfflineSignIn {
    fn on_read(&self, _: &Context<'_>, _: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let told = addresses(settings::OFFLINE_DOMAIN.of(record).unwrap_or_default(), id);
        record.insert(settings::META_DATA.into(), told);
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let customer = Id::from(cx.tenant().customer_id);
        let nobody = || Fault::NotFound { kind: Kind(settings::KIND.into()), id: customer };
        let stored = cx.all(settings::KIND, None)?.into_iter().next().ok_or_else(nobody)?;
        let pem = certificate(cx, &stored)?;
        if cx.operation()?.name == "certificate" {
            return Ok(Outcome::Text("application/x-x509-ca-cert", pem, Some("sp_cert.crt".into())));
        }
        let told = addresses(settings::OFFLINE_DOMAIN.of(&stored.record).unwrap_or_default(), &stored.id);
        Ok(Outcome::Text("application/xml", metadata(&told, &pem), Some("metadata.xml".into())))
    }
}

#[cfg(test)]
mod tests {
    use zuno_model::Id;

    use super::{addresses, metadata};

    #[test]
    fn metadata_holds_the_certificate_in_one_line_and_escapes_addresses() {
        let told = addresses("a&b.example", &Id::from(61));
        let text = metadata(&told, "-----BEGIN CERTIFICATE-----\nAAEC\nAwQF\n-----END CERTIFICATE-----\n");
        assert!(text.contains(">AAECAwQF<") && text.contains("samlsp.a&amp;b.example/auth/61/sso"), "{text}");
    }
}
