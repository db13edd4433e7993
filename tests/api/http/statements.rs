//! What a service sends to Postgres can be counted.

use diesel::{QueryableByName, sql_types::Text};
use diesel_async::RunQueryDsl;
use serde_json::json;
use thidua::db::{Conn, statement};

use crate::support::{TestApp, wait};

#[test]
fn the_statements_of_a_request_are_counted_and_those_of_the_test_are_not() {
    let app = TestApp::start();
    let read = app.statements(|| app.agency().get("/units").ok());
    let texts = |word: &str| read.iter().filter(|text| text.contains(word)).count();
    assert_eq!((texts("unit_versions"), texts("BEGIN"), texts("INSERT INTO accounts")), (1, 0, 0), "{read:#?}");
    let unit = json!({"name": "Tổ 1", "kind": "service", "parent": "van-phong", "valid_from": "2025-08-01"});
    let written = app.statements(|| app.admin().put("/units/to-1", unit).if_none_match_any().created());
    let times = |text: &str| written.iter().filter(|sent| *sent == text).count();
    assert_eq!((times("BEGIN"), times("COMMIT"), times("ROLLBACK")), (1, 1, 0), "{written:#?}");
}

#[test]
fn a_statement_of_text_is_prepared_once_for_its_connection() {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        value: String,
    }
    const TWICE: &str = "SELECT $2 || $1 || $2 AS value";
    const PREPARED: &str = "SELECT count(*)::text AS value FROM pg_prepared_statements WHERE statement LIKE $1";
    let app = TestApp::start();
    let run = async |conn: &mut Conn| {
        let mut said = Vec::new();
        for word in ["a", "b", "c"] {
            let twice = statement(TWICE).bind::<Text, _>(word).bind::<Text, _>("-");
            said.push(twice.get_result::<Row>(conn).await?.value);
        }
        let prepared = statement(PREPARED).bind::<Text, _>(format!("{TWICE}%")).get_result::<Row>(conn).await?;
        Ok((said, prepared.value))
    };
    let (said, prepared) = wait(app.service().db.read(run)).expect("the statements run");
    assert_eq!(said, ["-a-", "-b-", "-c-"]);
    assert_eq!(prepared, "1");
}
