//! Which database servers the service works with.

use rstest::rstest;
use thidua::db::is_english;

#[rstest]
#[case("C", true)]
#[case("C.UTF-8", true)]
#[case("POSIX", true)]
#[case("en_US.UTF-8", true)]
#[case("en_GB@euro", true)]
#[case("vi_VN.UTF-8", false)]
#[case("de_DE", false)]
#[case("", false)]
fn only_a_server_whose_messages_are_english_is_taken(#[case] lc_messages: &str, #[case] taken: bool) {
    assert_eq!(is_english(lc_messages), taken);
}
