//! A document as pages (PDF), by LibreOffice where it stands by: one at a time, within a time, and once for the same bytes.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use sha2::{Digest, Sha256};
use tokio::task::spawn_blocking;

use crate::{
    app::App,
    canonical::hex,
    http::{Error, Result},
};

/// Below the time that an answer has.
const SECONDS_MOST: &str = "45";
const RETRY_AFTER: u32 = 60;

/// The pages of a document (406 where there is no LibreOffice). They are kept in the data directory by the document's
/// digest, and may be deleted there at any time.
pub async fn pages(app: &App, document: Vec<u8>) -> Result<Vec<u8>> {
    let program = app.config.soffice.clone().ok_or_else(|| Error::of("pages_unavailable"))?;
    let file = app.config.store.data_dir.join("pages").join(format!("{}.pdf", hex(&Sha256::digest(&document))));
    if let Ok(kept) = tokio::fs::read(&file).await {
        return Ok(kept);
    }
    let turn = app.pages.take().await?;
    // Whoever asks no longer still leaves the pages to the next.
    let made = spawn_blocking(move || {
        let made = fs::read(&file).or_else(|_| make(&program, &document, &file));
        drop(turn);
        made
    });
    made.await.map_err(Error::internal)?.map_err(|error| {
        tracing::warn!(%error, "a paper was not made into pages");
        Error::of("pages_failed").with("retry_after", RETRY_AFTER)
    })
}

/// In a directory of its own, which is gone afterwards: LibreOffice keeps a profile, and locks it.
fn make(program: &Path, document: &[u8], file: &Path) -> io::Result<Vec<u8>> {
    let room = tempfile::tempdir()?;
    let source = room.path().join("paper.docx");
    fs::write(&source, document)?;
    let profile = format!("-env:UserInstallation=file://{}", room.path().join("profile").display());
    // `timeout` ends all that the program has started.
    let status = Command::new("timeout")
        .args(["--kill-after=5", SECONDS_MOST])
        .arg(program)
        .args([&*profile, "--headless", "--norestore", "--convert-to", "pdf", "--outdir"])
        .args([room.path(), &source])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if !status.success() {
        return Err(io::Error::other(format!("LibreOffice ended with {status}")));
    }
    let pages = fs::read(source.with_extension("pdf"))?;
    keep(&pages, file)?;
    Ok(pages)
}

/// Whole or not at all.
fn keep(pages: &[u8], file: &Path) -> io::Result<()> {
    let directory: PathBuf = file.parent().map(Path::to_owned).unwrap_or_default();
    fs::create_dir_all(&directory)?;
    let new = tempfile::NamedTempFile::new_in(&directory)?;
    fs::write(new.path(), pages)?;
    new.persist(file)?;
    Ok(())
}
