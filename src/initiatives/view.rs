//! Views of initiatives for one caller.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    initiative::Initiative,
    rules::{Action, State, next},
    similar::{Described, are_similar},
    store::{self, Filter},
};
use crate::{
    db::{Conn, InitiativeId},
    http::{Caller, Result},
    movements::Movement,
    people::{self, Directory, Party, PartyView},
};

/// Maximum number of initiatives of the movement, the newest, that are compared for duplicates.
const COMPARED: i64 = 5_000;

/// An initiative.
#[derive(Serialize, ToSchema)]
#[schema(as = Initiative)]
pub struct InitiativeView {
    id: InitiativeId,
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    #[schema(example = "Trả kết quả thủ tục hành chính tại nhà")]
    title: String,
    #[schema(example = "Nhân viên bưu điện trả kết quả cho người cao tuổi")]
    summary: String,
    state: State,
    /// Level of recognition, as in the plan's criteria.
    #[schema(required, example = "commune")]
    level: Option<String>,
    /// Reason of the rejection.
    #[schema(required)]
    reason: Option<String>,
    /// Id of the original that counts instead.
    #[schema(required)]
    duplicate_of: Option<InitiativeId>,
    /// Reason of the duplicate mark.
    #[schema(required, example = "Cùng một mô hình, hai đơn vị cùng đề nghị")]
    duplicate_reason: Option<String>,
    owners: Vec<PartyView>,
    /// Units that replicate it.
    replicated_to: Vec<ReplicationView>,
    proposed_at: DateTime<Utc>,
    #[schema(required)]
    decided_at: Option<DateTime<Utc>>,
    allowed_actions: Vec<Action>,
}

/// A unit that replicates an initiative of others.
#[derive(Serialize, ToSchema)]
#[schema(as = Replication)]
struct ReplicationView {
    #[schema(example = "van-phong")]
    unit: String,
    #[schema(example = "Văn phòng HĐND và UBND")]
    unit_name: String,
    used_from: NaiveDate,
    #[schema(required, example = "Áp dụng cho hồ sơ đất đai")]
    note: Option<String>,
}

/// An initiative with its possible duplicates.
#[derive(Serialize, ToSchema)]
pub struct InitiativeInFull {
    #[serde(flatten)]
    initiative: InitiativeView,
    /// Possible duplicates within the caller's scope, by similar titles: a hint for people.
    similar: Vec<SimilarInitiative>,
}

/// A possible duplicate.
#[derive(Serialize, ToSchema)]
struct SimilarInitiative {
    id: InitiativeId,
    #[schema(example = "Trả kết quả tại nhà cho người cao tuổi")]
    title: String,
    state: State,
    /// Both have a common owner.
    shares_owner: bool,
}

/// The operation of a transition.
fn operation(action: Action) -> &'static str {
    match action {
        Action::Recognise => "recognise_initiative",
        Action::Reject => "reject_initiative",
        Action::MarkDuplicate => "mark_duplicate",
        Action::Replicate => "replicate_initiative",
        Action::WithdrawReplication => "withdraw_replication",
    }
}

/// `own`: the caller proposed it.
pub fn view(
    initiative: &Initiative,
    movement: &str,
    directory: &Directory,
    caller: &Caller,
    own: bool,
) -> InitiativeView {
    let open = |action: &Action| {
        let empty = *action == Action::WithdrawReplication && initiative.replicated_to.is_empty();
        let four_eyes = *action == Action::Recognise && own;
        next(initiative.state, *action).is_some() && !empty && !four_eyes && caller.may(operation(*action))
    };
    let replications = initiative.replicated_to.iter().map(|used| {
        let unit = directory.view(Party::Unit(used.unit));
        let (used_from, note) = (used.used_from, used.note.clone());
        ReplicationView { unit: unit.code, unit_name: unit.name, used_from, note }
    });
    InitiativeView {
        id: initiative.id,
        movement: movement.into(),
        title: initiative.title.clone(),
        summary: initiative.summary.clone(),
        state: initiative.state,
        level: initiative.level.clone(),
        reason: initiative.reason.clone(),
        duplicate_of: initiative.duplicate.as_ref().map(|duplicate| duplicate.of),
        duplicate_reason: initiative.duplicate.as_ref().map(|duplicate| duplicate.reason.clone()),
        owners: initiative.owners.iter().map(|owner| directory.view(*owner)).collect(),
        replicated_to: replications.collect(),
        proposed_at: initiative.proposed_at,
        decided_at: initiative.decided_at,
        allowed_actions: Action::ALL.into_iter().filter(open).collect(),
    }
}

pub async fn full(
    conn: &mut Conn,
    caller: &Caller,
    movement: &Movement,
    directory: &Directory,
    initiative: &Initiative,
) -> Result<InitiativeInFull> {
    let own = store::proposed_by(conn, movement.locality, &[initiative.id], caller.persons()).await?;
    let shown = view(initiative, &movement.code, directory, caller, !own.is_empty());
    let scope = people::scope(conn, &movement.recall, &caller.reach(), None, caller.today()).await?;
    let others = store::list(conn, movement, &Filter { state: None, scope }, &store::SORTS.first(COMPARED)).await?;
    let this = Described { title: &initiative.title, owners: &initiative.owners };
    let similar = others.items().filter(|other| other.id != initiative.id).filter_map(|other| {
        let that = Described { title: &other.title, owners: &other.owners };
        let shares_owner = this.shares_owner(&that);
        let like = || SimilarInitiative { id: other.id, title: other.title.clone(), state: other.state, shares_owner };
        are_similar(&this, &that).then(like)
    });
    Ok(InitiativeInFull { initiative: shown, similar: similar.collect() })
}
