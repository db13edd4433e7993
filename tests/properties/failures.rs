//! What an error of Postgres means, with its fields and where another node of a distributed database hands on no more
//! than a message.

use actix_web::ResponseError;
use diesel::result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError, QueryResult};
use proptest::prelude::*;
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
