//! Advisory locks: what transactions wait for if no row represents it. All kinds are in this file, so that no two of
//! them share a key. They exclude on one server only: every instance connects to the same one.

use diesel::{QueryableByName, sql_types::Text};
use diesel_async::RunQueryDsl;

use super::{AccountId, Conn, LocalityId, MovementId, statement};
use crate::problem::Result;

/// Held by a session during migrations. It has a number of its own: the other keys are hashes of texts.
pub(super) const MIGRATIONS: i64 = 7_411_200_625;

/// A lock that is held until the transaction ends.
#[derive(Debug, Clone, Copy)]
pub enum Lock<'a> {
    /// The organisation tree of a locality.
    Tree(LocalityId),
    /// The audit chain of a locality.
    Chain(LocalityId),
    /// The numbers of a locality's events.
    EventNumbers(LocalityId),
    /// The concerns of a locality.
    Concerns(LocalityId),
    /// Who is registered in a locality, while a file is compared with it.
    People(LocalityId),
    /// The rights given in a locality, or above localities (the nil id).
    Rights(LocalityId),
    /// The guesses of an account's password.
    Guesses { username: &'a str },
    /// The accounts of an external issuer's people that would get this username.
    NewAccount { username: &'a str },
    /// The official run of an award.
    Ranking { movement: MovementId, award: &'a str },
    /// The council's session on an award: closing it excludes ballots and counts.
    Council { movement: MovementId, award: &'a str },
    /// The proposals and decisions on an award.
    Award { movement: MovementId, award: &'a str },
    /// The work that an Idempotency-Key names.
    Answer { locality: LocalityId, account: AccountId, key: &'a str },
}

impl Lock<'_> {
    /// The first word separates the kinds.
    fn words(self) -> String {
        match self {
            Self::Tree(locality) => format!("units:{locality}"),
            Self::Chain(locality) => format!("audit:{locality}"),
            Self::EventNumbers(locality) => format!("events:{locality}"),
            Self::Concerns(locality) => format!("concerns:{locality}"),
            Self::People(locality) => format!("people:{locality}"),
            Self::Rights(locality) => format!("rights:{locality}"),
            Self::Guesses { username } => format!("login:{username}"),
            Self::NewAccount { username } => format!("account:{username}"),
            Self::Ranking { movement, award } => format!("ranking:{movement}:{award}"),
            Self::Council { movement, award } => format!("council:{movement}:{award}"),
            Self::Award { movement, award } => format!("award:{movement}:{award}"),
            Self::Answer { locality, account, key } => format!("answer:{locality}:{account}:{key}"),
        }
    }
}

/// Waits for the lock, and holds it exclusively until the transaction ends.
pub async fn advisory_lock(conn: &mut Conn, lock: Lock<'_>) -> Result<()> {
    let take = statement("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))");
    take.bind::<Text, _>(lock.words()).execute(conn).await?;
    Ok(())
}

/// Waits for the lock, and holds it until the transaction ends beside others who share it.
pub async fn share_advisory_lock(conn: &mut Conn, lock: Lock<'_>) -> Result<()> {
    let take = statement("SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))");
    take.bind::<Text, _>(lock.words()).execute(conn).await?;
    Ok(())
}

/// Takes the lock exclusively until the transaction ends; false, without a wait, if another session holds it.
pub async fn try_advisory_lock(conn: &mut Conn, lock: Lock<'_>) -> Result<bool> {
    #[derive(QueryableByName)]
    struct Taken {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        taken: bool,
    }
    let take = statement("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS taken");
    Ok(take.bind::<Text, _>(lock.words()).get_result::<Taken>(conn).await?.taken)
}
