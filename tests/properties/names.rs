//! Names as people write them, beside the names as they are.

use proptest::prelude::*;
use rstest::rstest;
use thidua::text::{agrees, folded, unaccented};

#[rstest]
#[case("Thôn Trâm", "Thôn Trâm", true)]
#[case("THÔN TRÂM", "Thôn Trâm", true)]
#[case("thon tram", "Thôn Trâm", true)]
#[case("thôn tram", "Thôn Trâm", true)]
#[case("Thôn Trầm", "Thôn Trâm", false)]
#[case("Thôn Trám", "Thôn Trâm", false)]
#[case("Thôn Tràm", "Thôn Trầm", false)]
#[case("Phòng Văn hoá", "Phòng Văn hóa", true)]
#[case("Phòng Văn hoà", "Phòng Văn hóa", false)]
#[case("Đoàn Thanh niên", "Đoàn Thanh niên", true)]
#[case("Ðoàn Thanh niên", "Đoàn Thanh niên", true)]
#[case("Doan Thanh nien", "Đoàn Thanh niên", true)]
#[case("VH-XH", "VHXH", true)]
#[case("Thôn 1", "Thôn 10", false)]
fn a_tone_that_is_written_is_meant(#[case] said: &str, #[case] name: &str, #[case] expected: bool) {
    assert_eq!(agrees(said, name), expected, "{said} for {name}");
}

proptest! {
    #[test]
    fn every_name_is_its_own_with_and_without_its_diacritics(name in "[A-ZĐ][a-zàáảãạăằâấđêềôốơờưứ ]{0,20}[0-9]{0,2}") {
        prop_assert!(agrees(&name, &name));
        prop_assert!(agrees(&unaccented(&name), &name));
        prop_assert!(agrees(&folded(&name), &name));
        prop_assert!(agrees(&name.to_uppercase(), &name));
    }
}
