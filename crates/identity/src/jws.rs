//! The compact form of a signed JSON token: three base64url parts, taken apart strictly.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::algorithm::Algorithm;

/// The longest token looked at, in bytes; ours and the SDKs' assertions stay below 2 KiB.
const LONGEST: usize = 32 * 1024;

/// A token taken apart, its signature not yet checked.
pub(crate) struct Compact<'a> {
    /// `None`: an algorithm that is never accepted, such as `none` or `HS256`.
    pub(crate) algorithm: Option<Algorithm>,
    /// The algorithm's name as written.
    pub(crate) algorithm_name: String,
    pub(crate) kid: Option<String>,
    /// The bytes that were signed.
    pub(crate) signed: &'a [u8],
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
}

impl<'a> Compact<'a> {
    /// Takes `token` apart; the error says what is wrong with its form.
    pub(crate) fn parse(token: &'a str) -> Result<Compact<'a>, &'static str> {
        if token.len() > LONGEST {
            return Err("it is longer than 32 KiB");
        }
        let (signed, signature) = token.rsplit_once('.').ok_or("it has no dots")?;
        let (header, payload) = signed.split_once('.').ok_or("it has fewer than three parts")?;
        if payload.contains('.') {
            return Err("it has more than three parts");
        }
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| "a part of it is not base64url");
        let header: Header = serde_json::from_slice(&decode(header)?)
            .map_err(|_| "its header is not a JSON object with `alg`")?;
        if header.crit.is_some() {
            return Err("its header has `crit`, and no extension is understood here");
        }
        let algorithm = Algorithm::named(&header.alg);
        Ok(Compact {
            algorithm,
            algorithm_name: header.alg,
            kid: header.kid,
            signed: signed.as_bytes(),
            payload: decode(payload)?,
            signature: decode(signature)?,
        })
    }
}

/// The `iss` of a token nobody has verified, to learn which client claims to have written it.
pub(crate) fn unverified_issuer(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Issued {
        iss: String,
    }
    let compact = Compact::parse(token).ok()?;
    serde_json::from_slice::<Issued>(&compact.payload).ok().map(|issued| issued.iss)
}
