//! The address of Postgres as people write it, with the two settings of TLS taken out.

use proptest::prelude::*;
use rstest::rstest;
use secrecy::{ExposeSecret, SecretString};
use thidua::db::{
    Address,
    TlsMode::{self, Disable, Prefer, Require, VerifyCa, VerifyFull},
    describe, with_password,
};

#[rstest]
#[case("host=db user=u", "host=db user=u", Prefer, None)]
#[case("host=db  user=u ", "host=db  user=u ", Prefer, None)]
#[case("host=db sslmode=disable user=u", "host=db user=u", Disable, None)]
#[case("sslmode = require host = db", "host = db", Require, None)]
#[case("host=db sslmode='verify-full' sslrootcert='/a b/c.pem'", "host=db", VerifyFull, Some("/a b/c.pem"))]
#[case("host=db sslrootcert=/a\\ b.pem sslmode=verify-ca", "host=db", VerifyCa, Some("/a b.pem"))]
#[case("password='sslmode=disable' host=db sslmode=require", "password='sslmode=disable' host=db", Require, None)]
#[case("password='it\\'s' sslmode=require", "password='it\\'s'", Require, None)]
#[case("host=db sslmode=require sslrootcert=/a.pem", "host=db", VerifyCa, Some("/a.pem"))]
#[case("host=db sslmode=verify-full sslrootcert=system", "host=db", VerifyFull, None)]
#[case("postgres://u@db/x", "postgres://u@db/x", Prefer, None)]
#[case("postgres://u:p%3F@db/x?sslmode=require", "postgres://u:p%3F@db/x", Require, None)]
#[case(
    "postgresql://u@a,b/x?target_session_attrs=read-write&sslmode=verify-full&connect_timeout=2",
    "postgresql://u@a,b/x?target_session_attrs=read-write&connect_timeout=2",
    VerifyFull,
    None
)]
#[case(
    "postgres://u@db/x?sslrootcert=%2Fetc%2Fca.pem&sslmode=verify-ca",
    "postgres://u@db/x",
    VerifyCa,
    Some("/etc/ca.pem")
)]
fn an_address_is_read(#[case] text: &str, #[case] plain: &str, #[case] mode: TlsMode, #[case] roots: Option<&str>) {
    let read = Address::read(text).unwrap();
    assert_eq!(read, Address { plain: plain.into(), mode, roots: roots.map(Into::into) });
}

#[rstest]
#[case("host=db sslmode=verify-all", "sslmode=verify-all is not known")]
#[case("postgres://db/x?sslmode=", "sslmode= is not known")]
#[case("nothing", "neither a URL nor")]
#[case("host='db", "a quote")]
fn what_cannot_be_read_is_said(#[case] text: &str, #[case] words: &str) {
    let said = Address::read(text).unwrap_err().to_string();
    assert!(said.contains(words), "{said}");
}

#[rstest]
#[case("host=db user=u dbname=x password=bi-mat", "database x at db:5432 as u")]
#[case("postgres://u:bi-mat@a:1,b:2/x", "database x at a:1, b:2 as u")]
#[case("host=/run/pg user=u password=bi-mat", "database u at /run/pg as u")]
fn an_address_is_told_without_its_password(#[case] text: &str, #[case] told: &str) {
    assert_eq!(describe(&text.to_owned().into()).unwrap(), told);
}

proptest! {
    #[test]
    fn a_password_is_added_whatever_it_holds(password in "[ -~áàạ]{1,20}") {
        for address in ["host=db user=u", "postgres://u@db/x", "postgres://u@db/x?sslmode=disable"] {
            let whole: SecretString = with_password(&address.to_owned().into(), &password);
            let config = Address::read(whole.expose_secret()).unwrap().config().unwrap();
            prop_assert_eq!(config.get_password(), Some(password.as_bytes()));
        }
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,60}") {
        Address::read(&text).ok();
    }
}
