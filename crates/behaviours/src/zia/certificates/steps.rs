//! The steps by which an intermediate certificate of the tenant's own comes to be, and which of them may follow which.

use zuno_model::Fault;

use super::request::refused;

/// How far a certificate has come, in the order of the wizard (documented: the words and their order).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// It has a name and a type.
    Named,
    /// It has a key.
    Keyed,
    /// The module that keeps its key was believed.
    Attested,
    /// It has a request.
    Requested,
    /// Its certificate came back.
    Signed,
    /// So did what stands above it.
    Chained,
    /// It can be used.
    Ready,
}

impl Step {
    /// The step of a word. What is reached by looking at the key or the attestation alone is no step of its own here: a
    /// read changes nothing (guessed).
    pub fn of(word: &str) -> Step {
        match word {
            "KEYGEN_DONE" | "PUBKEY_DONE" | "ATTESTATION_DONE" => Step::Keyed,
            "ATTESTATION_VERIFY_DONE" => Step::Attested,
            "CSRGEN_DONE" => Step::Requested,
            "INTCERT_UPLOAD_DONE" => Step::Signed,
            "CERTCHAIN_UPLOAD_DONE" => Step::Chained,
            "CERT_READY" => Step::Ready,
            _ => Step::Named,
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Step::Named => "GENERAL_DONE",
            Step::Keyed => "KEYGEN_DONE",
            Step::Attested => "ATTESTATION_VERIFY_DONE",
            Step::Requested => "CSRGEN_DONE",
            Step::Signed => "INTCERT_UPLOAD_DONE",
            Step::Chained => "CERTCHAIN_UPLOAD_DONE",
            Step::Ready => "CERT_READY",
        }
    }

    /// That a key may be made: once, since it cannot be changed (documented; the words: guessed).
    ///
    /// # Errors
    /// There is one.
    pub fn may_have_a_key(self) -> Result<(), Fault> {
        if self == Step::Named { Ok(()) } else { Err(refused("Key pair is already generated")) }
    }

    /// That the key may be asked about or used (documented; the words: guessed).
    ///
    /// # Errors
    /// There is none.
    pub fn has_a_key(self) -> Result<(), Fault> {
        if self >= Step::Keyed { Ok(()) } else { Err(refused("Key pair is not generated")) }
    }

    /// That a request may be told (documented: it must have been made; the words are those of an upload).
    ///
    /// # Errors
    /// There is none.
    pub fn has_a_request(self) -> Result<(), Fault> {
        if self >= Step::Requested { Ok(()) } else { Err(refused("No CSR found")) }
    }

    /// That the signed certificate may be told, finalised or given a chain (documented; the words: guessed).
    ///
    /// # Errors
    /// There is none.
    pub fn has_a_certificate(self) -> Result<(), Fault> {
        if self >= Step::Signed { Ok(()) } else { Err(refused("Signed certificate is not uploaded")) }
    }

    /// That it is a draft, of which everything but key, type and region may change (documented; the words: guessed).
    ///
    /// # Errors
    /// It is ready.
    pub fn is_draft(self) -> Result<(), Fault> {
        if self < Step::Ready { Ok(()) } else { Err(refused("A finalized certificate cannot be modified")) }
    }
}

#[cfg(test)]
mod tests {
    use super::Step;

    #[test]
    fn a_word_leads_back_to_its_step() {
        use Step::{Attested, Chained, Keyed, Named, Ready, Requested, Signed};
        for step in [Named, Keyed, Attested, Requested, Signed, Chained, Ready] {
            assert_eq!(Step::of(step.word()), step);
        }
        assert_eq!(Step::of("PUBKEY_DONE"), Keyed);
    }
}
