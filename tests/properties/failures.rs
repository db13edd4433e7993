//! What an error of Postgres means, with its fields and where another node of a distributed database hands on no more
//! than a message.

use actix_web::ResponseError;
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError, QueryResult};
use proptest::prelude::*;
use rstest::rstest;
use thidua::{db::OnConstraint, http::Error};

struct Said {
    message: String,
    constraint: Option<String>,
}

impl DatabaseErrorInformation for Said {
    fn message(&self) -> &str {
        &self.message
    }

    fn constraint_name(&self) -> Option<&str> {
        self.constraint.as_deref()
    }

    fn details(&self) -> Option<&str> {
        None
    }

    fn hint(&self) -> Option<&str> {
        None
    }

    fn table_name(&self) -> Option<&str> {
        None
    }

    fn column_name(&self) -> Option<&str> {
        None
    }

    fn statement_position(&self) -> Option<i32> {
        None
    }
}

/// The code of what comes of such an error where the violation of `name` is a conflict.
fn code(name: &str, message: impl Into<String>, constraint: Option<&str>) -> &'static str {
    let said = Said { message: message.into(), constraint: constraint.map(str::to_owned) };
    let failed: QueryResult<()> = Err(DieselError::DatabaseError(DatabaseErrorKind::Unknown, Box::new(said)));
    failed.on_constraint(name, || Error::of("username_taken")).unwrap_err().code()
}

const UNIQUE: &str = "duplicate key value violates unique constraint \"submissions_unit_period_key\"";
const OF_A_SHARD: &str = "duplicate key value violates unique constraint \"submissions_unit_period_key_102082\"";

#[test]
fn a_violation_is_known_by_the_field_or_by_the_message() {
    let meant = |message, constraint| code("submissions_unit_period_key", message, constraint);
    assert_eq!(meant(UNIQUE, Some("submissions_unit_period_key")), "username_taken");
    assert_eq!(meant(UNIQUE, None), "username_taken");
    assert_eq!(meant("Schlüssel doppelt", Some("submissions_unit_period_key")), "username_taken");
}

#[test]
fn the_number_of_a_shard_is_no_part_of_a_name() {
    let meant = |message, constraint| code("submissions_unit_period_key", message, constraint);
    assert_eq!(meant(OF_A_SHARD, Some("submissions_unit_period_key_102082")), "username_taken");
    assert_eq!(meant(OF_A_SHARD, None), "username_taken");
    let foreign = "insert or update on table \"submissions_102050\" violates foreign key constraint \
                   \"submissions_unit_fkey_102050\"";
    assert_eq!(code("submissions_unit_fkey", foreign, None), "username_taken");
    let check = "new row for relation \"units_102009\" violates check constraint \"units_valid_check_102009\"";
    assert_eq!(code("units_valid_check", check, None), "username_taken");
}

#[test]
fn another_constraint_stays_an_error() {
    let meant = |message, constraint| code("submissions_pkey", message, constraint);
    assert_eq!(meant(UNIQUE, Some("submissions_unit_period_key")), "internal");
    assert_eq!(meant(OF_A_SHARD, None), "internal");
    assert_eq!(meant("relation \"submissions_pkey\" does not exist", None), "internal");
    assert_eq!(meant("", None), "internal");
}

#[test]
fn a_node_that_is_down_is_passing() {
    let said = "connection to the remote node thidua@10.0.0.7:5432 failed with the following error: refused";
    let failed = DieselError::DatabaseError(DatabaseErrorKind::Unknown, Box::new(said.to_owned()));
    assert_eq!(Error::from(failed).status_code(), 503);
}

#[rstest]
#[case::full("could not extend file \"base/16384/16397\": No space left on device", "storage_full")]
#[case::full_in_part("could not extend file \"base/5/6\": wrote only 4096 of 8192 bytes at block 3", "storage_full")]
#[case::full_sort("could not write to file \"base/pgsql_tmp/pgsql_tmp9.0\": No space left on device", "storage_full")]
#[case::full_log("could not write to file \"pg_wal/xlogtemp.9\": No space left on device", "storage_full")]
#[case::full_memory(
    "could not resize shared memory segment \"/PostgreSQL.1\" to 8 bytes: No space left on device",
    "storage_full"
)]
#[case::quota("could not write to file \"base/5/6\": Disk quota exceeded", "storage_full")]
#[case::sorts_are_limited("temporary file size exceeds temp_file_limit (1024kB)", "storage_full")]
#[case::memory("out of memory", "busy")]
#[case::shared_memory("out of shared memory", "busy")]
#[case::clients("sorry, too many clients already", "busy")]
#[case::clients_of_role("too many connections for role \"thidua\"", "busy")]
#[case::reserved("remaining connection slots are reserved for roles with the SUPERUSER attribute", "busy")]
#[case::files("could not open file \"base/5/6\": Too many open files in system", "busy")]
#[case::broken("error communicating with the server", "busy")]
#[case::closed("connection closed", "busy")]
#[case::odd("unexpected message from server", "busy")]
#[case::unreachable("error connecting to server", "busy")]
#[case::crash("terminating connection because of crash of another server process", "busy")]
#[case::killed("terminating connection due to administrator command", "busy")]
#[case::starting("the database system is starting up", "busy")]
#[case::stopping("the database system is shutting down", "busy")]
#[case::recovering("the database system is in recovery mode", "busy")]
#[case::locked("canceling statement due to lock timeout", "busy")]
#[case::slow("canceling statement due to statement timeout", "busy")]
#[case::cancelled("canceling statement due to user request", "busy")]
#[case::deadlock("deadlock detected", "busy")]
#[case::defect("column \"x\" does not exist", "internal")]
#[case::defect_of_types("error serializing parameter 0", "internal")]
fn what_passes_and_what_does_not_is_known_by_the_message(#[case] said: &str, #[case] code: &str) {
    let failed = DieselError::DatabaseError(DatabaseErrorKind::Unknown, Box::new(said.to_owned()));
    let error = Error::from(failed);
    assert_eq!(error.code(), code);
    let answer = error.error_response();
    assert_eq!(answer.headers().contains_key("retry-after"), code != "internal", "{said}");
}

proptest! {
    #[test]
    fn every_name_is_found_whatever_its_shard(name in "[a-z]{1,8}(_[a-z]{1,8}){0,4}_(key|pkey|fkey|check)", shard: u32) {
        let of_shard = format!("{name}_{shard}");
        let message = format!("duplicate key value violates unique constraint \"{of_shard}\"");
        for constraint in [None, Some(name.as_str()), Some(of_shard.as_str())] {
            prop_assert_eq!(code(&name, message.clone(), constraint), "username_taken");
        }
    }
}
