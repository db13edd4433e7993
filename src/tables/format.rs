//! The formats that rows come in.

use serde::{Deserialize, Serialize};

use super::{Reading, Table, csv, json, xlsx};
use crate::http::{Error, Permit, Result};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Json,
    Ndjson,
    Csv,
    Xlsx,
}

/// Each with its media type and what files of it are called.
const FORMATS: [(Format, &str, &str); 4] = [
    (Format::Json, "application/json", "json"),
    (Format::Ndjson, "application/x-ndjson", "ndjson"),
    (Format::Csv, "text/csv", "csv"),
    (Format::Xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
];

impl Format {
    pub fn of_media_type(name: &str) -> Option<Self> {
        FORMATS.iter().find(|(_, media_type, _)| *media_type == name).map(|(format, ..)| *format)
    }

    pub fn media_type(self) -> &'static str {
        FORMATS.iter().find(|(format, ..)| *format == self).map_or("", |(_, media_type, _)| media_type)
    }

    /// The format of a file's extension, case-insensitive; spreadsheets call a table set apart by tabs `.txt`.
    pub fn of_extension(name: &str) -> Option<Self> {
        if ["txt", "tsv"].iter().any(|table| table.eq_ignore_ascii_case(name)) {
            return Some(Self::Csv);
        }
        FORMATS.iter().find(|(.., extension)| extension.eq_ignore_ascii_case(name)).map(|(format, ..)| *format)
    }

    /// Reads a file on a blocking thread; a cancelled request leaves its permit to the reader until it ends.
    pub async fn read_aside<R: Table + Send + 'static>(self, bytes: Vec<u8>, turn: Permit) -> Result<Reading<R>> {
        let read = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            self.read(&bytes)
        });
        read.await.map_err(Error::internal)?
    }

    pub fn read<R: Table>(self, bytes: &[u8]) -> Result<Reading<R>> {
        match self {
            Self::Json => json::read_list(bytes),
            Self::Ndjson => json::read_lines(bytes),
            Self::Csv => csv::read(bytes).map_err(json::unreadable),
            Self::Xlsx => xlsx::read(bytes).map_err(json::unreadable),
        }
    }
}
