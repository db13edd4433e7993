//! Which form of an answer a client gets by its `Accept`.

use proptest::prelude::*;
use rstest::rstest;
use thidua::http::media_type;

const CSV: &str = "text/csv";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[rstest]
#[case("", Some(CSV))]
#[case("*/*", Some(CSV))]
#[case("text/csv", Some(CSV))]
#[case("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Some(XLSX))]
#[case("text/csv, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet;q=0.1", Some(CSV))]
#[case("text/csv;q=0.1, application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Some(XLSX))]
#[case("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet, text/csv", Some(CSV))]
#[case("application/*, text/csv;q=0.9", Some(XLSX))]
#[case("application/*;q=0.5, */*;q=0.4", Some(XLSX))]
#[case("text/csv;q=0, */*", Some(XLSX))]
#[case("*/*;q=0.2, text/csv;q=0.1", Some(XLSX))]
#[case("text/csv ; charset=utf-8 ; q=0.3 , application/*;q=0.2", Some(CSV))]
#[case("Text/CSV;Q=0.3, application/*;q=0.4", Some(XLSX))]
#[case("image/png", None)]
#[case("application/json, text/html", None)]
#[case("text/csv;q=0", None)]
#[case("*/*;q=0.0", None)]
#[case("text/csv;q=many", Some(CSV))]
#[case("csv", Some(CSV))]
#[case(", ,", Some(CSV))]
fn the_form_follows_the_weights(#[case] accept: &str, #[case] form: Option<&str>) {
    assert_eq!(media_type(accept, &[CSV, XLSX]), form);
}

proptest! {
    #[test]
    fn any_text_is_read(accept in ".*") {
        media_type(&accept, &[CSV, XLSX]);
    }

    #[test]
    fn the_order_of_a_list_does_not_matter(csv in 0_u16..=1000, xlsx in 0_u16..=1000, rest in 0_u16..=1000) {
        let q = |thousandths: u16| f32::from(thousandths) / 1000.0;
        let mut list = [format!("{CSV};q={}", q(csv)), format!("{XLSX};q={}", q(xlsx)), format!("*/*;q={}", q(rest))];
        let expected = match (csv, xlsx) {
            (0, 0) => None,
            (csv, xlsx) if csv >= xlsx => Some(CSV),
            _ => Some(XLSX),
        };
        prop_assert_eq!(media_type(&list.join(", "), &[CSV, XLSX]), expected);
        list.reverse();
        prop_assert_eq!(media_type(&list.join(", "), &[CSV, XLSX]), expected);
    }
}
