//! Members of the council, and who they are beside their accounts.

use actix_web::{get, put, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    app::App,
    assessments::{Councils, Known, Member, members, record_member},
    db::{Conn, PersonId},
    finding::Finding,
    http::{Caller, Error, IfMatch, Json, Page, Path, Reply, Result, WriteRequest},
    people::{self, Directory, Party, PartyView},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_council_members).service(put_council_member);
}

/// A member of the council.
#[derive(Serialize, ToSchema)]
#[schema(as = CouncilMember)]
struct MemberView {
    #[schema(example = "hd.nguyen-van-a")]
    username: String,
    #[schema(required)]
    name: Option<String>,
    /// The unit they work in, where recorded: they do not judge its candidates.
    #[schema(required)]
    unit: Option<PartyView>,
    /// The person they are, where recorded: they judge neither themselves nor their unit's candidates.
    #[schema(required)]
    person: Option<PartyView>,
    /// ETag for recording it again; null before it is recorded.
    #[schema(required, example = "\"1\"")]
    etag: Option<String>,
}

/// Who a member is. What is left out is not known.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMember {
    /// Code of the unit they work in.
    #[serde(default)]
    #[schema(example = "phong-kinh-te")]
    unit: Option<String>,
    /// Id of the person they are.
    #[serde(default)]
    person: Option<PersonId>,
}

/// Members of the council
///
/// The accounts that are of the council today, each with the unit and the person recorded for it. From these, and from the
/// roles of units that they hold, follows whom they do not judge.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The members", body = Page<MemberView>), Error))]
#[get("/council-members")]
async fn list_council_members(app: Data<App>, caller: Caller) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let locality = caller.permit()?.locality;
            let members = members(conn, locality, caller.today(), caller.today()).await?;
            let sitting: Vec<Member> = members.into_iter().filter(|member| member.sits).collect();
            let persons = sitting.iter().filter_map(|member| member.known.person.map(Party::Person));
            let directory = people::directory(conn, caller.recall()?, persons, caller.today()).await?;
            Reply::ok(Page::whole(sitting.iter().map(|member| view(member, &directory)).collect()))
        })
        .await
}

fn view(member: &Member, directory: &Directory) -> MemberView {
    let Known { unit, person, version } = member.known;
    MemberView {
        username: member.username.clone(),
        name: member.name.clone(),
        unit: unit.map(|unit| directory.view(Party::Unit(unit))),
        person: person.map(|person| directory.view(Party::Person(person))),
        etag: (version > 0).then(|| crate::http::etag(version)),
    }
}

/// Record who a member of the council is
///
/// The unit that the member works in, or the person that they are: they are recused on its candidates, and a secret vote that
/// counted their ballot is void. What was recorded before stays on record. `If-None-Match: *` records it first, `If-Match` later.
#[utoipa::path(
    tag = "awards", params(IfMatch),
    responses(
        (status = 200, description = "Changed", body = MemberView),
        (status = 201, description = "Created", body = MemberView),
        Error
    )
)]
#[put("/council-members/{username}")]
async fn put_council_member(
    app: Data<App>,
    write: WriteRequest,
    username: Path<String>,
    if_match: IfMatch,
    body: Json<NewMember>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let locality = scope.locality()?;
            let members = members(conn, locality, scope.today(), scope.today()).await?;
            let found = members.into_iter().find(|member| member.sits && member.username == *username);
            let mut member = found.ok_or_else(|| Error::missing("username"))?;
            let actor = scope.permit()?;
            let before = member.known;
            match before.version {
                0 => if_match.check_absent()?,
                version => if_match.check(version)?,
            }
            let (known, directory) = checked(conn, scope, body.unjudged()).await?;
            member.known = Known { version: before.version + 1, ..known };
            if before.version > 0 {
                scope.before(&before)?;
            }
            // Before anything is written, as those do who vote.
            let councils = Councils::lock(conn, scope).await?;
            record_member(conn, &actor, member.account, member.known).await?;
            scope.after(&member.known)?;
            // Those who are left may all have voted.
            councils.disclose(conn, scope).await?;
            let location = format!("/api/v1/council-members/{}", *username);
            Ok(Reply::put(before.version == 0, location, view(&member, &directory))?.tag(member.known.version))
        })
        .await
}

async fn checked(conn: &mut Conn, caller: &Caller, new: NewMember) -> Result<(Known, Directory)> {
    let person = new.person.map(Party::Person);
    let directory = people::directory(conn, caller.recall()?, person, caller.today()).await?;
    let unit = new.unit.as_ref().map(|code| (code, directory.unit(code).map(|unit| unit.id)));
    let mut findings = Vec::new();
    if let Some((code, None)) = unit {
        findings.push(Finding::new("/unit", "unit_unknown").with("unit", code));
    }
    if let Some(id) = new.person.filter(|id| directory.person(*id).is_none()) {
        findings.push(Finding::new("/person", "person_unknown").with("person", id));
    }
    Error::check(findings)?;
    let known = Known { unit: unit.and_then(|(_, unit)| unit), person: new.person, version: 0 };
    Ok((known, directory))
}
