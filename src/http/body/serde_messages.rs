//! serde's messages about misfit values, for readers who do not know Rust. PURE.

use std::borrow::Cow;

/// Vietnamese and English.
pub type Words = (Cow<'static, str>, Cow<'static, str>);

fn both(vi: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Words {
    (vi.into(), en.into())
}

/// serde's message in both languages; an unknown message stays as it is.
pub fn words(cause: &str) -> Words {
    if let Some((_, known)) = cause.strip_prefix("unknown variant ").and_then(|rest| rest.split_once("expected ")) {
        let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
        let known = known.join(", ");
        return both(format!("chỉ nhận: {known}"), format!("one of: {known}"));
    }
    let fit = ["invalid type: ", "invalid value: "].iter().find_map(|start| cause.strip_prefix(start));
    if let Some((found, expected)) = fit.and_then(|rest| rest.rsplit_once(", expected ")) {
        let ((is_vi, is_en), (must_vi, must_en)) = (found_words(found), expected_words(expected));
        return both(format!("{is_vi}, phải là {must_vi}"), format!("{is_en}, expected {must_en}"));
    }
    let vi = match cause {
        "a day of 1900 to 2199 is written YYYY-MM-DD" => "ngày viết YYYY-MM-DD, từ năm 1900 đến 2199",
        "a day of every year is written MM-DD" => "ngày hằng năm viết MM-DD, ví dụ 12-31",
        "there is no such day in this month" => "tháng ấy không có ngày này",
        "an instant of 1900 to 2199 is written YYYY-MM-DDTHH:MM:SSZ" => {
            "thời điểm viết YYYY-MM-DDTHH:MM:SSZ, từ năm 1900 đến 2199"
        }
        "cannot parse integer from empty string" => {
            return both("để trống, phải là số nguyên", "empty, expected a whole number");
        }
        "number too large to fit in target type" => return both("số quá lớn", "the number is too large"),
        "input contains invalid characters" | "input is out of range" | "premature end of input" => {
            return both("thời điểm viết YYYY-MM-DDTHH:MM:SSZ", "an instant is written YYYY-MM-DDTHH:MM:SSZ");
        }
        "invalid digit found in string" => return both("không phải số nguyên", "not a whole number"),
        "provided string was not `true` or `false`" => return both("chỉ nhận true hoặc false", "true or false"),
        _ if cause.starts_with("not a decimal") => {
            "không phải số thập phân dạng chuỗi như \"98.72\": tối đa 15 chữ số trước và 8 sau dấu chấm"
        }
        _ if cause.starts_with("UUID parsing failed") => return both("không phải mã định danh UUID", "not a UUID"),
        _ => cause,
    };
    both(vi.to_owned(), cause.to_owned())
}

/// serde's description of the found value: a kind, and a scalar's value.
fn found_words(found: &str) -> Words {
    let value = found.split_once(' ').map(|(_, value)| value.trim_matches('`')).unwrap_or_default();
    match found.split(' ').next().unwrap_or_default() {
        "null" | "unit" => both("là null", "null"),
        "boolean" => both(format!("là {value}"), value.to_owned()),
        "integer" => both(format!("là số {value}"), format!("the number {value}")),
        "floating" => {
            let value = value.trim_start_matches("point ").trim_matches('`');
            both(format!("là số {value}"), format!("the number {value}"))
        }
        "string" => both(format!("là chuỗi {value}"), format!("the text {value}")),
        "sequence" => both("là danh sách", "a list"),
        "map" => both("là đối tượng", "an object"),
        _ => both(format!("là {found}"), found.to_owned()),
    }
}

fn expected_words(expected: &str) -> Words {
    match expected {
        "a string" | "a borrowed string" | "string" => both("chuỗi", "a text"),
        "a boolean" => both("true hoặc false", "true or false"),
        "i16" | "i32" | "i64" | "isize" => both("số nguyên", "a whole number"),
        "u8" | "u16" | "u32" | "u64" | "usize" => both("số nguyên không âm", "a whole number from 0"),
        "f32" | "f64" => both("số", "a number"),
        "a sequence" | "a list" => both("danh sách", "a list"),
        "a map" | "an object" => both("đối tượng", "an object"),
        "a verdict, a list of verdicts, or true or false" => {
            both("một kết quả, một danh sách kết quả, hoặc true, false", expected.to_owned())
        }
        "a whole number from 0 or an object" => both("số nguyên không âm hoặc đối tượng", expected.to_owned()),
        "a formatted UUID string" => both("mã định danh UUID", "a UUID"),
        "an RFC 3339 formatted date and time string" => {
            both("thời điểm viết YYYY-MM-DDTHH:MM:SSZ", "an instant written YYYY-MM-DDTHH:MM:SSZ")
        }
        _ if expected.starts_with("a whole number such as 5") => {
            both("số nguyên như 5, hoặc chuỗi như \"1.5\" nếu chỉ tiêu có phần thập phân", expected.to_owned())
        }
        _ if expected.starts_with("struct ") => both("đối tượng", "an object"),
        _ if expected.starts_with("a whole number, as an integer") => {
            both("số nguyên, dạng số hoặc chuỗi chữ số", expected.to_owned())
        }
        _ => both(expected.to_owned(), expected.to_owned()),
    }
}
