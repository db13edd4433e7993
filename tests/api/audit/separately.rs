//! `thidua audit verify` goes log by log: one that cannot be read keeps no other from being verified.

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};

use crate::{embedded::Home, support::wait};

/// A locality whose chain cannot be read: what a node that is down leaves of it.
const OUT_OF_REACH: &str = "
    INSERT INTO localities (id, code, name, kind, valid_from, created_at)
        VALUES ('00000000-0000-7000-8000-000000010219', '10219', 'Xã', 'xa', '2025-07-01', now());
    INSERT INTO audit_chain (locality_id, seq, record_id, previous, hash, chained_at)
        VALUES ('00000000-0000-7000-8000-000000010219', 1, gen_random_uuid(), '', 'x', now());
    ALTER TABLE audit_chain RENAME TO kept_chain;
    CREATE VIEW audit_chain AS SELECT locality_id, seq, record_id, chained_at, hash,
        CASE locality_id WHEN '00000000-0000-7000-8000-000000010219' THEN decode(left('zz', length(hash) + 1), 'hex')
            ELSE previous END AS previous
    FROM kept_chain";

#[test]
fn a_log_that_cannot_be_read_keeps_no_other_from_being_verified() {
    let home = Home::new();
    let _service = home.serve();
    assert!(home.create_account("admin").status.success());
    let url = format!("host={} user=thidua dbname=postgres", home.cluster().display());
    wait(async {
        let mut conn = AsyncPgConnection::establish(&url).await.expect("the server of the running service");
        conn.batch_execute(OUT_OF_REACH).await.unwrap();
    });
    let verified = home.command(&["audit", "verify"]).output().unwrap();
    let told = String::from_utf8(verified.stdout).unwrap();
    let failed = String::from_utf8(verified.stderr).unwrap();
    assert!(told.starts_with("above localities: all holds"), "{told}");
    assert!(failed.contains("\nthidua: 10219: "), "{failed}");
    assert_eq!(verified.status.code(), Some(3), "not known to hold, and not known to be broken");
}
