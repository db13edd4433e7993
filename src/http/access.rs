//! Who may do what: every operation of the document has its row here, and one without a row is refused.
//! The table is shown in the document as `x-roles` and walked by a test, operation × role.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a grant lets an account be, in one locality (or above localities, for the city's).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, clap::ValueEnum,
)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Role {
    /// Cán bộ lập báo cáo: drafts its unit's reports.
    Reporter,
    /// Thủ trưởng đơn vị: submits, nominates.
    UnitHead,
    /// Cơ quan thường trực: checks, approves, runs the movement.
    StandingAgency,
    /// Thành viên hội đồng.
    CouncilMember,
    /// Chủ tịch UBND: launches, decides.
    Chair,
    /// Reads everything.
    Auditor,
    /// Units, people, accounts.
    LocalityAdmin,
    /// Reads across localities.
    CityViewer,
    /// Makes localities.
    CityAdmin,
}

impl Role {
    /// Roles that hold in one unit and what lies below it.
    pub fn is_of_unit(self) -> bool {
        matches!(self, Self::Reporter | Self::UnitHead)
    }

    /// Roles above localities.
    pub fn is_of_city(self) -> bool {
        matches!(self, Self::CityViewer | Self::CityAdmin)
    }
}

/// Who an operation answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without a token.
    Public,
    /// Anybody with a valid token.
    SignedIn,
    Roles(&'static [Role]),
}

use Access::{Public, Roles, SignedIn};
use Role::{Auditor, Chair, CityAdmin, CityViewer, CouncilMember, LocalityAdmin, Reporter, StandingAgency, UnitHead};

pub const ALL: &[Role] =
    &[Reporter, UnitHead, StandingAgency, CouncilMember, Chair, Auditor, LocalityAdmin, CityViewer, CityAdmin];
const DRAFT: &[Role] = &[Reporter, UnitHead, StandingAgency];
const SUBMIT: &[Role] = &[UnitHead, StandingAgency];
const AGENCY: &[Role] = &[StandingAgency];
const CHAIR: &[Role] = &[Chair];
const ORGANISE: &[Role] = &[LocalityAdmin];
const PLAN: &[Role] = &[StandingAgency, Chair, LocalityAdmin];
const PEOPLE: &[Role] = &[UnitHead, StandingAgency, CouncilMember, Chair, Auditor, LocalityAdmin];
const REGISTER: &[Role] = &[StandingAgency, LocalityAdmin];
const JUDGE: &[Role] = &[StandingAgency, CouncilMember, Chair, Auditor];
const DOSSIER: &[Role] = &[UnitHead, StandingAgency, CouncilMember, Chair, Auditor];
const CITY: &[Role] = &[CityViewer, CityAdmin];
const LOG: &[Role] = &[Chair, Auditor, CityViewer, CityAdmin];

/// Operation × who may.
pub const MATRIX: &[(&str, Access)] = &[
    ("log_in", Public),
    ("get_me", SignedIn),
    ("list_localities", Roles(CITY)),
    ("create_locality", Roles(&[CityAdmin])),
    ("list_units", Roles(ALL)),
    ("get_unit_tree", Roles(ALL)),
    ("get_unit", Roles(ALL)),
    ("put_unit", Roles(ORGANISE)),
    ("patch_unit", Roles(ORGANISE)),
    ("list_people", Roles(PEOPLE)),
    ("get_person", Roles(PEOPLE)),
    ("create_person", Roles(REGISTER)),
    ("patch_person", Roles(REGISTER)),
    ("lint_plan", Roles(PLAN)),
    ("create_movement", Roles(AGENCY)),
    ("list_movements", Roles(ALL)),
    ("get_movement", Roles(ALL)),
    ("get_plan", Roles(ALL)),
    ("launch_movement", Roles(CHAIR)),
    ("close_movement", Roles(CHAIR)),
    ("conclude_movement", Roles(CHAIR)),
    ("list_indicators", Roles(ALL)),
    ("get_indicator", Roles(ALL)),
    ("list_groups", Roles(ALL)),
    ("list_awards", Roles(ALL)),
    ("list_periods", Roles(ALL)),
    ("close_period", Roles(AGENCY)),
    ("reopen_period", Roles(AGENCY)),
    ("list_submissions", Roles(ALL)),
    ("get_submission", Roles(ALL)),
    ("draft_submission", Roles(DRAFT)),
    ("submit_submission", Roles(SUBMIT)),
    ("withdraw_submission", Roles(SUBMIT)),
    ("approve_submission", Roles(AGENCY)),
    ("return_submission", Roles(AGENCY)),
    ("reopen_submission", Roles(AGENCY)),
    ("excuse_lateness", Roles(AGENCY)),
    ("list_revisions", Roles(ALL)),
    ("get_revision", Roles(ALL)),
    ("list_progress", Roles(ALL)),
    ("get_progress", Roles(ALL)),
    ("list_initiatives", Roles(ALL)),
    ("create_initiative", Roles(DRAFT)),
    ("get_initiative", Roles(ALL)),
    ("recognise_initiative", Roles(AGENCY)),
    ("reject_initiative", Roles(AGENCY)),
    ("list_nominations", Roles(DOSSIER)),
    ("get_nomination", Roles(DOSSIER)),
    ("nominate", Roles(SUBMIT)),
    ("withdraw_nomination", Roles(SUBMIT)),
    ("verify_nomination", Roles(AGENCY)),
    ("reject_nomination", Roles(AGENCY)),
    ("hold_nomination", Roles(AGENCY)),
    ("release_nomination", Roles(AGENCY)),
    ("list_assessments", Roles(JUDGE)),
    ("assess_criterion", Roles(AGENCY)),
    ("adopt_self_scores", Roles(AGENCY)),
    ("list_rankings", Roles(JUDGE)),
    ("create_ranking", Roles(AGENCY)),
    ("get_ranking", Roles(JUDGE)),
    ("get_ranking_entry", Roles(JUDGE)),
    ("compare_ranking_entries", Roles(JUDGE)),
    ("list_audit_records", Roles(LOG)),
    ("get_audit_head", Roles(LOG)),
    ("verify_audit", Roles(LOG)),
];

/// The row of an operation; without a row nobody may.
pub fn access(operation: &str) -> Access {
    MATRIX.iter().find(|(id, _)| *id == operation).map_or(Roles(&[]), |(_, access)| *access)
}
