//! Access matrix: every operation of the document has its row here, and one without a row is refused. The document
//! shows the table as `x-roles`, and a test walks it, operation × role. PURE.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A role of an account, in one locality (or above localities, for the city's).
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
    /// Creates localities.
    CityAdmin,
}

impl Role {
    /// Roles of one unit and its descendants.
    pub fn is_of_unit(self) -> bool {
        matches!(self, Self::Reporter | Self::UnitHead)
    }

    /// Roles that decide, judge or administer: one administrator gives them, a second one confirms. An administrator alone
    /// could vote in the council through an account of their own making.
    pub fn needs_confirmation(self) -> bool {
        let of_locality = [Self::StandingAgency, Self::CouncilMember, Self::Chair, Self::LocalityAdmin];
        of_locality.contains(&self) || self.is_of_city()
    }

    /// Roles above localities.
    pub fn is_of_city(self) -> bool {
        matches!(self, Self::CityViewer | Self::CityAdmin)
    }
}

/// Scopes of machine clients; each covers a kind of operation.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema, clap::ValueEnum,
)]
pub enum Scope {
    #[serde(rename = "units:read")]
    #[value(name = "units:read")]
    UnitsRead,
    #[serde(rename = "movements:read")]
    #[value(name = "movements:read")]
    MovementsRead,
    #[serde(rename = "submissions:read")]
    #[value(name = "submissions:read")]
    SubmissionsRead,
    #[serde(rename = "submissions:draft")]
    #[value(name = "submissions:draft")]
    SubmissionsDraft,
    #[serde(rename = "submissions:submit")]
    #[value(name = "submissions:submit")]
    SubmissionsSubmit,
    #[serde(rename = "progress:read")]
    #[value(name = "progress:read")]
    ProgressRead,
    #[serde(rename = "rankings:read")]
    #[value(name = "rankings:read")]
    RankingsRead,
    #[serde(rename = "events:read")]
    #[value(name = "events:read")]
    EventsRead,
}

impl Scope {
    /// The scopes of a text in the form of RFC 6749, section 3.3; unknown names are ignored.
    pub fn read(text: &str) -> impl Iterator<Item = Self> {
        text.split(' ').filter_map(|name| serde_json::from_value(name.into()).ok())
    }

    pub fn write(scopes: &[Self]) -> String {
        let names = scopes.iter().filter_map(|scope| serde_json::to_value(scope).ok()?.as_str().map(str::to_owned));
        names.collect::<Vec<_>>().join(" ")
    }
}

/// A granted right: a person's role, or a machine's scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    Role(Role),
    Scope(Scope),
}

/// Who may use an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without a token.
    Public,
    /// Anybody with a valid token.
    SignedIn,
    Roles(&'static [Role]),
    /// People in these roles, and machines with this scope.
    RolesOr(&'static [Role], Scope),
}

impl Access {
    pub fn roles(self) -> &'static [Role] {
        match self {
            Public => &[],
            SignedIn => ALL,
            Roles(roles) | RolesOr(roles, _) => roles,
        }
    }

    pub fn scope(self) -> Option<Scope> {
        match self {
            RolesOr(_, scope) => Some(scope),
            _ => None,
        }
    }

    pub fn answers(self, held: Authority) -> bool {
        match (self, held) {
            (Public | SignedIn, _) => true,
            (_, Authority::Role(role)) => self.roles().contains(&role),
            (_, Authority::Scope(scope)) => self.scope() == Some(scope),
        }
    }
}

use Access::{Public, Roles, RolesOr, SignedIn};
use Role::{Auditor, Chair, CityAdmin, CityViewer, CouncilMember, LocalityAdmin, Reporter, StandingAgency, UnitHead};
use Scope::{
    EventsRead, MovementsRead, ProgressRead, RankingsRead, SubmissionsDraft, SubmissionsRead, SubmissionsSubmit,
    UnitsRead,
};

pub const ALL: &[Role] =
    &[Reporter, UnitHead, StandingAgency, CouncilMember, Chair, Auditor, LocalityAdmin, CityViewer, CityAdmin];
const OF_UNIT: &[Role] = &[Reporter, UnitHead];
const DRAFT: &[Role] = &[Reporter, UnitHead, StandingAgency];
const SUBMIT: &[Role] = &[UnitHead, StandingAgency];
const AGENCY: &[Role] = &[StandingAgency];
const CHAIR: &[Role] = &[Chair];
const PUBLISH: &[Role] = &[StandingAgency, Chair];
const ORGANISE: &[Role] = &[LocalityAdmin];
const PLAN: &[Role] = &[StandingAgency, Chair, LocalityAdmin];
const PEOPLE: &[Role] = &[UnitHead, StandingAgency, CouncilMember, Chair, Auditor, LocalityAdmin];
const REGISTER: &[Role] = &[StandingAgency, LocalityAdmin];
const JUDGE: &[Role] = &[StandingAgency, CouncilMember, Chair, Auditor];
const SCORE: &[Role] = &[StandingAgency, CouncilMember];
const DOUBT: &[Role] = &[StandingAgency, CouncilMember, Chair];
const PANEL: &[Role] = &[StandingAgency, CouncilMember, Chair, Auditor, LocalityAdmin];
const DOSSIER: &[Role] = &[UnitHead, StandingAgency, CouncilMember, Chair, Auditor];
const CITY: &[Role] = &[CityViewer, CityAdmin];
const LOG: &[Role] = &[Chair, Auditor, CityViewer, CityAdmin];
const FEED: &[Role] = &[StandingAgency, Auditor, LocalityAdmin, CityAdmin];
const ADMIN: &[Role] = &[LocalityAdmin, CityAdmin];
const ACCOUNTS: &[Role] = &[LocalityAdmin, CityAdmin, Auditor];

/// Who may ask for figures of reports that nobody has decided on: the agency and those who judge with it, a unit for itself.
/// The city and the administrators read what is approved.
pub const UNDECIDED: Access =
    RolesOr(&[Reporter, UnitHead, StandingAgency, CouncilMember, Chair, Auditor], SubmissionsRead);

/// The matrix: operation × access.
pub const MATRIX: &[(&str, Access)] = &[
    ("log_in", Public),
    ("refresh_token", Public),
    ("redeem_code", Public),
    ("create_token", Public),
    ("get_vocabulary", Public),
    ("get_me", SignedIn),
    ("log_out", SignedIn),
    ("change_password", SignedIn),
    ("list_accounts", Roles(ACCOUNTS)),
    ("create_account", Roles(ADMIN)),
    ("import_accounts", Roles(ADMIN)),
    ("get_account", Roles(ACCOUNTS)),
    ("patch_account", Roles(ADMIN)),
    ("create_codes", Roles(ADMIN)),
    ("reset_password", Roles(ADMIN)),
    ("confirm_code", Roles(ADMIN)),
    ("list_role_grants", Roles(ACCOUNTS)),
    ("get_role_grant", Roles(ACCOUNTS)),
    ("create_role_grant", Roles(ADMIN)),
    ("confirm_role_grant", Roles(ADMIN)),
    ("create_delegation", Roles(ALL)),
    ("end_role_grant", Roles(ALL)),
    ("list_clients", Roles(ACCOUNTS)),
    ("create_client", Roles(ADMIN)),
    ("get_client", Roles(ACCOUNTS)),
    ("patch_client", Roles(ADMIN)),
    ("create_client_secret", Roles(ADMIN)),
    ("list_localities", Roles(CITY)),
    ("create_locality", Roles(&[CityAdmin])),
    ("list_units", RolesOr(ALL, UnitsRead)),
    ("list_unit_kinds", RolesOr(ALL, UnitsRead)),
    ("get_unit_tree", RolesOr(ALL, UnitsRead)),
    ("get_unit", RolesOr(ALL, UnitsRead)),
    ("put_unit", Roles(ORGANISE)),
    ("patch_unit", Roles(ORGANISE)),
    ("merge_unit", Roles(ORGANISE)),
    ("import_units", Roles(ORGANISE)),
    ("list_people", Roles(PEOPLE)),
    ("get_person", Roles(PEOPLE)),
    ("create_person", Roles(REGISTER)),
    ("patch_person", Roles(REGISTER)),
    ("import_people", Roles(REGISTER)),
    ("list_households", Roles(PEOPLE)),
    ("get_household", Roles(PEOPLE)),
    ("create_household", Roles(REGISTER)),
    ("patch_household", Roles(REGISTER)),
    ("get_calendar", RolesOr(ALL, MovementsRead)),
    ("put_calendar", Roles(REGISTER)),
    ("lint_plan", Roles(PLAN)),
    ("get_plan_template", Roles(PLAN)),
    ("lint_plan_sheet", Roles(PLAN)),
    ("create_movement", Roles(AGENCY)),
    ("replace_movement", Roles(AGENCY)),
    ("delete_movement", Roles(AGENCY)),
    ("list_movements", RolesOr(ALL, MovementsRead)),
    ("get_movement", RolesOr(ALL, MovementsRead)),
    ("get_plan", RolesOr(ALL, MovementsRead)),
    ("create_plan_version", Roles(CHAIR)),
    ("list_plan_versions", RolesOr(ALL, MovementsRead)),
    ("get_plan_version", RolesOr(ALL, MovementsRead)),
    ("compare_plan_versions", RolesOr(ALL, MovementsRead)),
    ("launch_movement", Roles(CHAIR)),
    ("close_movement", Roles(CHAIR)),
    ("conclude_movement", Roles(CHAIR)),
    ("list_indicators", RolesOr(ALL, MovementsRead)),
    ("get_indicator", RolesOr(ALL, MovementsRead)),
    ("list_groups", RolesOr(ALL, MovementsRead)),
    ("list_awards", RolesOr(ALL, MovementsRead)),
    ("get_award", RolesOr(ALL, MovementsRead)),
    ("list_periods", RolesOr(ALL, MovementsRead)),
    ("close_period", Roles(AGENCY)),
    ("reopen_period", Roles(AGENCY)),
    ("postpone_period", Roles(AGENCY)),
    ("list_submissions", RolesOr(ALL, SubmissionsRead)),
    ("get_submission", RolesOr(ALL, SubmissionsRead)),
    ("draft_submission", RolesOr(DRAFT, SubmissionsDraft)),
    ("export_submissions", RolesOr(ALL, SubmissionsRead)),
    ("get_template", RolesOr(ALL, SubmissionsRead)),
    ("import_submissions", RolesOr(DRAFT, SubmissionsDraft)),
    ("get_import", RolesOr(DRAFT, SubmissionsDraft)),
    ("submit_submission", RolesOr(SUBMIT, SubmissionsSubmit)),
    ("withdraw_submission", RolesOr(SUBMIT, SubmissionsSubmit)),
    ("approve_submission", Roles(AGENCY)),
    ("approve_submissions", Roles(AGENCY)),
    ("return_submission", Roles(AGENCY)),
    ("reopen_submission", Roles(AGENCY)),
    ("excuse_lateness", Roles(AGENCY)),
    ("list_revisions", RolesOr(ALL, SubmissionsRead)),
    ("get_revision", RolesOr(ALL, SubmissionsRead)),
    ("compare_revisions", RolesOr(ALL, SubmissionsRead)),
    ("get_review", RolesOr(ALL, SubmissionsRead)),
    ("get_form", RolesOr(DRAFT, SubmissionsDraft)),
    ("get_inbox", RolesOr(ALL, SubmissionsRead)),
    ("create_evidence", RolesOr(DRAFT, SubmissionsDraft)),
    ("list_evidence", RolesOr(ALL, SubmissionsRead)),
    ("get_evidence", RolesOr(ALL, SubmissionsRead)),
    ("get_evidence_file", RolesOr(ALL, SubmissionsRead)),
    ("get_completeness", RolesOr(ALL, SubmissionsRead)),
    ("get_city_progress", Roles(CITY)),
    ("list_progress", RolesOr(ALL, ProgressRead)),
    ("get_progress", RolesOr(ALL, ProgressRead)),
    ("list_sources", RolesOr(ALL, SubmissionsRead)),
    ("get_trend", RolesOr(ALL, ProgressRead)),
    ("get_summary", RolesOr(ALL, ProgressRead)),
    ("list_concerns", Roles(ALL)),
    ("create_concern", Roles(OF_UNIT)),
    ("get_concern", Roles(ALL)),
    ("consolidate_concern", Roles(AGENCY)),
    ("decide_concern", Roles(CHAIR)),
    ("reply_concern", Roles(AGENCY)),
    ("list_activities", Roles(ALL)),
    ("create_activity", Roles(DRAFT)),
    ("get_activity", Roles(ALL)),
    ("list_activity_versions", Roles(ALL)),
    ("correct_activity", Roles(DRAFT)),
    ("withdraw_activity", Roles(DRAFT)),
    ("list_initiatives", Roles(ALL)),
    ("create_initiative", Roles(DRAFT)),
    ("get_initiative", Roles(ALL)),
    ("recognise_initiative", Roles(AGENCY)),
    ("reject_initiative", Roles(AGENCY)),
    ("mark_duplicate", Roles(AGENCY)),
    ("replicate_initiative", Roles(AGENCY)),
    ("withdraw_replication", Roles(AGENCY)),
    ("list_nominations", Roles(DOSSIER)),
    ("get_nomination", Roles(DOSSIER)),
    ("list_holds", Roles(JUDGE)),
    ("nominate", Roles(SUBMIT)),
    ("import_nominations", Roles(SUBMIT)),
    ("withdraw_nomination", Roles(SUBMIT)),
    ("verify_nomination", Roles(AGENCY)),
    ("reject_nomination", Roles(AGENCY)),
    ("hold_nomination", Roles(AGENCY)),
    ("release_nomination", Roles(AGENCY)),
    ("list_assessments", Roles(JUDGE)),
    ("list_remarks", Roles(DOSSIER)),
    ("assess_criterion", Roles(SCORE)),
    ("adopt_self_scores", Roles(AGENCY)),
    ("return_assessment", Roles(DOUBT)),
    ("create_recusal", Roles(&[CouncilMember])),
    ("get_judging", Roles(JUDGE)),
    ("get_document_template", Roles(PANEL)),
    ("put_document_template", Roles(AGENCY)),
    ("get_law", Roles(ALL)),
    ("put_legal_basis", Roles(AGENCY)),
    ("put_legal_figure", Roles(AGENCY)),
    ("list_council_members", Roles(PANEL)),
    ("put_council_member", Roles(REGISTER)),
    ("list_sessions", Roles(JUDGE)),
    ("create_session", Roles(AGENCY)),
    ("get_session", Roles(JUDGE)),
    ("get_session_document", Roles(JUDGE)),
    ("put_session_vote", Roles(AGENCY)),
    ("close_session", Roles(AGENCY)),
    ("list_rankings", RolesOr(JUDGE, RankingsRead)),
    ("create_ranking", Roles(AGENCY)),
    ("get_ranking", RolesOr(JUDGE, RankingsRead)),
    ("get_ranking_entry", RolesOr(JUDGE, RankingsRead)),
    ("compare_ranking_entries", RolesOr(JUDGE, RankingsRead)),
    ("compare_rankings", RolesOr(JUDGE, RankingsRead)),
    ("get_ranking_bundle", RolesOr(JUDGE, RankingsRead)),
    ("verify_ranking", RolesOr(JUDGE, RankingsRead)),
    ("get_ranking_robustness", RolesOr(JUDGE, RankingsRead)),
    ("export_ranking_draws", RolesOr(JUDGE, RankingsRead)),
    ("get_public_awards", Public),
    ("get_certificate", Public),
    ("get_credential", Public),
    ("get_status_list", Public),
    ("list_proposals", Roles(JUDGE)),
    ("create_proposal", Roles(AGENCY)),
    ("get_proposal", Roles(JUDGE)),
    ("get_readiness", Roles(JUDGE)),
    ("return_proposal", Roles(CHAIR)),
    ("withdraw_proposal", Roles(AGENCY)),
    ("put_consultation", Roles(AGENCY)),
    ("post_proposal", Roles(AGENCY)),
    ("get_posting", Roles(ALL)),
    ("create_objection", Roles(ALL)),
    ("answer_objection", Roles(AGENCY)),
    ("decide_proposal", Roles(CHAIR)),
    ("get_decision", Roles(JUDGE)),
    ("get_proposal_document", Roles(JUDGE)),
    ("get_decision_document", Roles(JUDGE)),
    ("get_decision_bonus", Roles(JUDGE)),
    ("register_decision", Roles(AGENCY)),
    ("put_signed_file", Roles(AGENCY)),
    ("get_signed_file", Roles(JUDGE)),
    ("list_certificates", Roles(JUDGE)),
    ("create_certificates", Roles(AGENCY)),
    ("replace_certificate", Roles(AGENCY)),
    ("publish_decision", Roles(PUBLISH)),
    ("revoke_award", Roles(CHAIR)),
    ("correct_award", Roles(CHAIR)),
    ("list_award_notices", Roles(DOSSIER)),
    ("list_events", RolesOr(FEED, EventsRead)),
    ("list_audit_records", Roles(LOG)),
    ("get_audit_head", Roles(LOG)),
    ("verify_audit", Roles(LOG)),
];

/// The row of an operation; without a row nobody has access.
pub fn access(operation: &str) -> Access {
    MATRIX.iter().find(|(id, _)| *id == operation).map_or(Roles(&[]), |(_, access)| *access)
}
