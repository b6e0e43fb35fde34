//! TLS as the URL asks for it, by rustls.

use std::fs;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect, TlsStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream as Encrypted;
use zuno_store::{Result, StoreError};

use crate::address::{Address, Trust};

/// How connections are encrypted.
#[derive(Clone)]
pub struct Tls(Arc<ClientConfig>);

impl Tls {
    /// What an address asks for.
    ///
    /// # Errors
    /// The authorities that it names cannot be read.
    pub fn of(address: &Address) -> Result<Tls> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let failed = |cause: Error| StoreError::because("TLS to the database cannot be set up", cause);
        let verifier = match address.trust {
            Trust::Anyone => Verifier::Anyone(Arc::clone(&provider)),
            trust => {
                let roots = Arc::new(authorities(address.authorities.as_deref())?);
                let webpki =
                    WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider)).build();
                let webpki = webpki.map_err(|cause| {
                    StoreError::because("the authorities of the database's certificate cannot be used", cause)
                })?;
                if trust == Trust::Host { Verifier::Host(webpki) } else { Verifier::Authority(webpki) }
            }
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Tls(Arc::new(config)))
    }
}

fn authorities(file: Option<&Path>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    match file {
        Some(path) => {
            let unusable = |why: String| {
                StoreError::new(format!(
                    "cannot read the authorities in {} (sslrootcert): {why}",
                    path.display()
                ))
            };
            let text = fs::read(path).map_err(|cause| unusable(cause.to_string()))?;
            for found in CertificateDer::pem_slice_iter(&text) {
                let found = found.map_err(|cause| unusable(cause.to_string()))?;
                roots.add(found).map_err(|cause| unusable(cause.to_string()))?;
            }
            if roots.is_empty() {
                return Err(unusable("it holds no certificate".into()));
            }
        }
        None => drop(roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    Ok(roots)
}

/// What is asked of a certificate, as libpq's `sslmode` has it.
#[derive(Debug)]
enum Verifier {
    Anyone(Arc<CryptoProvider>),
    Authority(Arc<WebPkiServerVerifier>),
    Host(Arc<WebPkiServerVerifier>),
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, Error> {
        match self {
            Verifier::Anyone(_) => Ok(ServerCertVerified::assertion()),
            Verifier::Host(webpki) => webpki.verify_server_cert(certificate, others, name, ocsp, now),
            Verifier::Authority(webpki) => {
                match webpki.verify_server_cert(certificate, others, name, ocsp, now) {
                    // The chain is looked at before the name.
                    Err(Error::InvalidCertificate(
                        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
                    )) => Ok(ServerCertVerified::assertion()),
                    outcome => outcome,
                }
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, Error> {
        match self {
            Verifier::Anyone(provider) => {
                let algorithms = &provider.signature_verification_algorithms;
                verify_tls12_signature(message, certificate, signed, algorithms)
            }
            Verifier::Authority(webpki) | Verifier::Host(webpki) => {
                webpki.verify_tls12_signature(message, certificate, signed)
            }
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, Error> {
        match self {
            Verifier::Anyone(provider) => {
                let algorithms = &provider.signature_verification_algorithms;
                verify_tls13_signature(message, certificate, signed, algorithms)
            }
            Verifier::Authority(webpki) | Verifier::Host(webpki) => {
                webpki.verify_tls13_signature(message, certificate, signed)
            }
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        match self {
            Verifier::Anyone(provider) => provider.signature_verification_algorithms.supported_schemes(),
            Verifier::Authority(webpki) | Verifier::Host(webpki) => webpki.supported_verify_schemes(),
        }
    }
}

/// TLS with one host.
pub struct Connector {
    tls: TlsConnector,
    /// None at a socket of this machine, where nothing is encrypted.
    host: Option<ServerName<'static>>,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Tls {
    type Stream = Stream<S>;
    type TlsConnect = Connector;
    type Error = rustls::pki_types::InvalidDnsNameError;

    fn make_tls_connect(&mut self, host: &str) -> std::result::Result<Connector, Self::Error> {
        let host = (!host.is_empty()).then(|| ServerName::try_from(host)).transpose()?;
        let host = host.map(|host| host.to_owned());
        Ok(Connector { tls: TlsConnector::from(Arc::clone(&self.0)), host })
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Connector {
    type Stream = Stream<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move {
            let host =
                self.host.ok_or_else(|| io::Error::other("there is no TLS at a socket of this machine"))?;
            self.tls.connect(host, stream).await.map(|tls| Stream(Box::new(tls)))
        })
    }
}

/// An encrypted connection.
pub struct Stream<S>(Box<Encrypted<S>>);

impl<S: AsyncRead + AsyncWrite + Unpin> TlsStream for Stream<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
