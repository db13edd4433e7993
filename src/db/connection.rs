//! A connection to Postgres, plain or by TLS (rustls), as its address says.

use std::{path::Path, sync::Arc};

use anyhow::Context;
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
    crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject},
};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::{Address, TlsMode, in_full, wants_tls};

/// One connection, inside a read or a transaction.
pub type Conn = AsyncPgConnection;

/// Connects. Every error names its cause: it is read by people who set the service up.
pub async fn connect(text: &str) -> ConnectionResult<AsyncPgConnection> {
    let bad = |error: anyhow::Error| ConnectionError::BadConnection(format!("{error:#}"));
    let address = Address::read(text).map_err(bad)?;
    let mut config = address.config().map_err(bad)?;
    if !wants_tls(address.mode, &config) {
        return AsyncPgConnection::establish(&address.plain).await;
    }
    config.ssl_mode(if address.mode == TlsMode::Prefer { SslMode::Prefer } else { SslMode::Require });
    let tls = MakeRustlsConnect::new(client(address.mode, address.roots.as_deref()).map_err(bad)?);
    let (client, connection) = config.connect(tls).await.map_err(|error| bad(in_full(error)))?;
    AsyncPgConnection::try_from_client_and_connection(client, connection).await
}

/// Settings of every session: no statement, lock or idle transaction may block others for long, and a commit waits for
/// the disk, whatever the server's own setting becomes; one that waits for more, such as a replica, stays.
pub const SESSION: &str = "SET statement_timeout = '15s'; SET lock_timeout = '1s'; \
     SET idle_in_transaction_session_timeout = '30s'; SET timezone = 'UTC'; \
     SELECT set_config('synchronous_commit', CASE current_setting('synchronous_commit') \
         WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)";

/// A connection with the settings of a session.
pub async fn establish(url: &str) -> ConnectionResult<AsyncPgConnection> {
    let mut conn = connect(url).await?;
    conn.batch_execute(SESSION).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

fn client(mode: TlsMode, roots: Option<&Path>) -> anyhow::Result<ClientConfig> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let trusted = || {
        let roots = Arc::new(authorities(roots)?);
        WebPkiServerVerifier::builder_with_provider(roots, provider.clone()).build().context("no authority is trusted")
    };
    let any_name = |chain| Arc::new(AnyName { chain, provider: provider.clone() });
    let verifier: Arc<dyn ServerCertVerifier> = match mode {
        TlsMode::VerifyFull => trusted()?,
        TlsMode::VerifyCa => any_name(Some(trusted()?)),
        TlsMode::Disable | TlsMode::Prefer | TlsMode::Require => any_name(None),
    };
    let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(client.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

/// The authorities of a PEM file, or those of the system.
fn authorities(file: Option<&Path>) -> anyhow::Result<RootCertStore> {
    let mut store = RootCertStore::empty();
    let Some(file) = file else {
        store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        anyhow::ensure!(
            !store.is_empty(),
            "the system trusts no authority; install ca-certificates or give sslrootcert"
        );
        return Ok(store);
    };
    let said = || format!("sslrootcert {} cannot be read", file.display());
    for certificate in CertificateDer::pem_file_iter(file).with_context(said)? {
        store.add(certificate.with_context(said)?).with_context(said)?;
    }
    anyhow::ensure!(!store.is_empty(), "sslrootcert {} holds no certificate", file.display());
    Ok(store)
}

/// `require` and `verify-ca` compare no name: the first takes any certificate, the second a trusted authority's.
#[derive(Debug)]
struct AnyName {
    chain: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(verifier) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        // The name is compared last, when the chain has been found good.
        match verifier.verify_server_cert(certificate, chain, name, ocsp, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
