//! The older sign-ins of client connector and digital experience: a key's id and secret for a token.

use std::sync::Arc;

use http::Method;
use zuno_identity::{KeyRefused, KeySignIn, SessionToken};
use zuno_model::Fault;

use super::attempts::broken;
use crate::api::stranger;
use crate::entry_point::EntryPoint;
use crate::request::Request;
use crate::respond::{Response, respond};
use crate::{Clock, Cloud};

const MEDIA: &str = "application/json";
const MEDIA_OF_CLIENT_CONNECTOR: &str = "application/json;charset=UTF-8";

/// Answers client connector's login.
pub fn client_connector(cloud: &Arc<Cloud>, request: &Request) -> Response {
    if request.head.method != Method::POST {
        return respond(405, None, "");
    }
    if !request.is_json() {
        return respond(415, None, "");
    }
    let media = Some(MEDIA_OF_CLIENT_CONNECTOR);
    match sign_in(cloud, request, KeySignIn::of_client_connector(&request.body), EntryPoint::ClientConnector)
    {
        Ok(Some(token)) => respond(200, media, token.in_client_connector()),
        // Guessed: the members are those of a good answer.
        Ok(None) => respond(
            401,
            media,
            "{\n  \"jwtToken\" : null,\n  \"message\" : \"Invalid apiKey or secretKey\"\n}",
        ),
        Err(cause) => broken(&cause),
    }
}

/// Answers digital experience's requests for a token, for the keys that verify one, and whether one counts.
pub fn digital_experience(cloud: &Arc<Cloud>, request: &Request) -> Response {
    const ENTRY_POINT: EntryPoint = EntryPoint::DigitalExperience;
    match (request.path.as_str(), &request.head.method) {
        ("/v1/oauth/token", &Method::POST) => {
            match sign_in(cloud, request, KeySignIn::of_digital_experience(&request.body), ENTRY_POINT) {
                Ok(Some(token)) => respond(200, Some(MEDIA), token.in_digital_experience()),
                // The status is documented, the body guessed.
                Ok(None) => respond(
                    401,
                    Some(MEDIA),
                    r#"{"code":"UNAUTHORIZED","message":"invalid key_id or key_secret"}"#,
                ),
                Err(cause) => broken(&cause),
            }
        }
        ("/v1/oauth/jwks", &Method::GET) => match cloud.signer() {
            Ok(_) => respond(200, Some(MEDIA), cloud.keyring.jwks().to_string()),
            Err(cause) => broken(&cause.into()),
        },
        ("/v1/oauth/validate", &Method::GET) => match cloud.caller(request, ENTRY_POINT) {
            Ok(Some(_)) => respond(200, Some(MEDIA), r#"{"valid":true}"#),
            Ok(None) => stranger(request, ENTRY_POINT),
            Err(cause) => broken(&cause),
        },
        _ => respond(405, None, ""),
    }
}

fn sign_in(
    cloud: &Cloud,
    request: &Request,
    shown: Result<KeySignIn, KeyRefused>,
    entry_point: EntryPoint,
) -> Result<Option<SessionToken>, Fault> {
    let Ok(shown) = shown else { return Ok(None) };
    let Some(found) = cloud.found(&cloud.tenants()?, shown.id(), entry_point)? else { return Ok(None) };
    let (tenant, measures) = (found.tenant.id.0, entry_point == EntryPoint::DigitalExperience);
    let prove = move |client: &_, pepper: &_, now| {
        shown.proves(client, pepper, now)
            || (measures && shown.measures(tenant, client, pepper, now, Clock::real()))
    };
    match cloud.attempt(&found, entry_point, request.address(), prove, |_| Ok(()))? {
        Some(()) => cloud.session_token(&found, entry_point).map(Some),
        None => Ok(None),
    }
}
