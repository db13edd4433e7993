//! Accounts as they are shown.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::Row;
use crate::{
    db::AccountId,
    http::{FindingView, Locale},
    identity::{codes::IssuedCode, notices},
};

/// An account of a person.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountView {
    id: AccountId,
    #[schema(example = "phong-vhxh-1")]
    username: String,
    /// What its holder is called.
    #[schema(required, example = "Nguyễn Thị Hòa")]
    display_name: Option<String>,
    /// The account is disabled and every request is refused.
    disabled: bool,
    /// The password was set on the command line and must be changed.
    must_change_password: bool,
    created_at: DateTime<Utc>,
}

impl From<Row> for AccountView {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            username: row.username,
            display_name: row.display_name,
            disabled: row.disabled_at.is_some(),
            must_change_password: row.must_change_password,
            created_at: row.created_at,
        }
    }
}

/// An account with the one-time code with which its owner sets the password.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountWithCode {
    account: AccountView,
    #[serde(flatten)]
    code: IssuedCode,
    /// What happens next, in the order in which it must happen.
    notices: Vec<FindingView>,
}

impl AccountWithCode {
    pub fn of(row: Row, code: IssuedCode, locale: Locale) -> Self {
        let next = notices::of_code(&row.username, code.valid_until, code.confirmation_needed);
        Self { account: row.into(), code, notices: vec![FindingView::of(&next, locale)] }
    }
}
