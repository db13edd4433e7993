//! Files of which all rows are stored, or none.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Format, Notice, Reading, Table, notices, rejected};
use crate::{
    app::App,
    finding::Finding,
    http::{Error, Locale, Result, Upload},
};

/// What became of the rows of a file.
#[derive(Serialize, ToSchema)]
pub struct ImportedRows {
    /// Rows that say anything.
    received: usize,
    /// Rows of what was not known.
    created: usize,
    updated: usize,
    /// Rows that say what is known already.
    unchanged: usize,
    /// What is to be known of rows and is no fault: totals and signatures passed over, rows that the sheet hides,
    /// columns that were not read.
    notices: Vec<Notice>,
}

impl Format {
    /// The format of a file that is sent (415).
    pub fn of<const MOST: usize>(file: &Upload<MOST>) -> Result<Self> {
        Self::of_media_type(&file.media_type).ok_or_else(|| Error::of("import_media_type"))
    }

    /// Reads a file that is sent, when its turn has come.
    pub async fn receive<R: Table + Send + 'static, const MOST: usize>(
        self,
        app: &App,
        file: Upload<MOST>,
    ) -> Result<Reading<R>> {
        let turn = app.imports.take().await?;
        self.read_aside(file.bytes().await?, turn).await
    }
}

impl<R> Reading<R> {
    /// Refuses more rows than `most`, and rows that cannot be read.
    pub fn check(&self, most: usize) -> Result<()> {
        if self.received() > most {
            let many = Finding::new("", "rows_too_many").with("most", most);
            return Err(Error::of("file_unreadable").because(vec![many]));
        }
        if self.refused.is_empty() { Ok(()) } else { Err(self.rejected(&self.refused)) }
    }

    /// Completes every row, or refuses those of which something is wrong.
    pub fn complete(&mut self, mut row: impl FnMut(&mut R) -> Result<(), Finding>) -> Result<()> {
        let mut refused = Vec::new();
        for (number, content) in &mut self.rows {
            refused.extend(row(content).err().map(|wrong| (*number, vec![wrong])));
        }
        if refused.is_empty() { Ok(()) } else { Err(self.rejected(&refused)) }
    }

    /// All rows or none, and these cannot be stored.
    pub fn rejected(&self, refused: &[(usize, Vec<Finding>)]) -> Error {
        rejected(refused, self.received())
    }

    /// The answer: how many rows had which effect, and what is to be known of them.
    pub fn imported(&self, (created, updated, unchanged): (usize, usize, usize), locale: Locale) -> ImportedRows {
        let notices = notices(&self.notices, ("columns_beside", &self.unread_columns()), locale);
        ImportedRows { received: self.received(), created, updated, unchanged, notices }
    }
}
