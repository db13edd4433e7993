//! A table of accounts: one row is an account, with a role where it names one. PURE.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    finding::Finding,
    http::Role,
    tables::{Line, Named, Table, cells},
    text::folded,
};

/// An account and a role of it; several rows give one account several roles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccountRow)]
pub struct AccountRow {
    #[schema(min_length = 3, max_length = 63, pattern = "^[a-z0-9][a-z0-9._-]{2,62}$", example = "phong-vhxh-3")]
    pub username: String,
    /// What its holder is called; what is left out stays.
    #[serde(default)]
    #[schema(max_length = 120, example = "Nguyễn Thị Hòa")]
    pub display_name: Option<String>,
    /// `reporter`, `unit_head` or `auditor`, or its Vietnamese name.
    #[serde(default)]
    #[schema(example = "reporter")]
    pub role: Option<String>,
    /// Code or name of the unit, for reporter and unit_head.
    #[serde(default)]
    #[schema(example = "phong-vhxh")]
    pub unit: Option<String>,
}

/// The roles by their names; the last six are named so that they are refused for what they are.
const ROLES: [(Role, &[&str]); 9] = [
    (Role::Reporter, &["reporter", "can bo lap bao cao", "nguoi lap bao cao", "lap bao cao"]),
    (Role::UnitHead, &["unit head", "thu truong don vi", "thu truong", "lanh dao don vi"]),
    (Role::Auditor, &["auditor", "kiem tra", "giam sat"]),
    (Role::CouncilMember, &["council member", "thanh vien hoi dong", "hoi dong"]),
    (Role::StandingAgency, &["standing agency", "co quan thuong truc"]),
    (Role::Chair, &["chair", "chu tich", "chu tich ubnd"]),
    (Role::LocalityAdmin, &["locality admin", "quan tri", "quan tri xa"]),
    (Role::CityViewer, &["city viewer"]),
    (Role::CityAdmin, &["city admin"]),
];

/// Roles that a file may give.
const GIVEN: [Role; 3] = [Role::Reporter, Role::UnitHead, Role::Auditor];

impl AccountRow {
    /// The role that the row names (finding): who approves, judges, decides or administers is appointed one by one.
    pub fn role(&self) -> Result<Option<Role>, Finding> {
        let Some(named) = &self.role else { return Ok(None) };
        let name = folded(named);
        let role = ROLES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(role, _)| *role);
        match role {
            Some(role) if GIVEN.contains(&role) => Ok(Some(role)),
            Some(_) => Err(Finding::new("/role", "role_not_imported").with("role", named)),
            None => Err(Finding::new("/role", "role_unknown").with("role", named)),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Username,
    DisplayName,
    Role,
    Unit,
}

impl Table for AccountRow {
    type Column = Column;

    const COLUMNS: &'static [Named<Column>] = {
        use Column::*;
        &[
            (Username, "username", "Tên đăng nhập", &["tai khoan", "ten tai khoan"]),
            (DisplayName, "display_name", "Họ và tên", &["ho ten", "ten", "ten hien thi"]),
            (Role, "role", "Vai trò", &[]),
            (Unit, "unit", "Đơn vị", &["ma don vi", "don vi cong tac", "phong ban"]),
        ]
    };
    const NEEDED: &'static [Column] = &[Column::Username];
    const BESIDE: &'static [&'static str] =
        &["ghi chu", "chuc vu", "chuc danh", "email", "dien thoai", "so dien thoai"];

    fn of_line(mut line: Line<'_, Self>) -> Option<Result<Self, Vec<Finding>>> {
        if !Self::COLUMNS.iter().any(|(column, ..)| line.says(*column)) {
            return None;
        }
        let row = Self {
            username: line.needed(Column::Username, cells::text),
            display_name: line.read(Column::DisplayName, cells::text),
            role: line.read(Column::Role, cells::text),
            unit: line.read(Column::Unit, cells::text),
        };
        Some(line.done(row))
    }
}
