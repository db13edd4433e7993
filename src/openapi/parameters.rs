//! What the parameters of paths mean. PURE.

use serde_json::{Value, json};

/// Name, meaning and example. A name has the same meaning in every path.
pub const PARAMETERS: [(&str, &str, &str); 21] = [
    ("movement", "Code of the movement", "cchc-2025-h2"),
    ("period", "Code of the reporting period", "2025-09"),
    ("unit", "Code of the unit", "phong-kinh-te"),
    ("indicator", "Code of the indicator", "CCHC-05"),
    ("award", "Code of the award", "tap-the"),
    ("agency", "Code of the agency that is asked", "cong-an-xa"),
    ("username", "Name of the account", "phong-vhxh-3"),
    ("client", "Id of the client", "phan-mem-mot-cua"),
    ("candidate", "Code of the unit, or id of the person or the household", "phong-kinh-te"),
    ("criterion", "Code of the criterion", "1.1.a"),
    ("revision", "Number of the revision, from 1", "1"),
    ("version", "Number of the version, from 1", "1"),
    ("year", "Calendar year", "2025"),
    ("locality", "Code of the locality", "10210"),
    ("list", "Number of the list, from 1", "1"),
    ("basis", "Code of the legal text", "nd-152-2025"),
    ("figure", "`base_salary`, or the award's form and who receives it", "giay_khen.person"),
    ("valid_from", "The first day", "2025-07-01"),
    ("paper", "Code of the paper", "quyet_dinh"),
    ("id", "Id of the resource", "0197a3b0-0000-7000-8000-000000000000"),
    ("code", "A problem or finding code", "not_found"),
];

/// Describes a path parameter.
pub fn explain(parameter: &mut Value) {
    let Some((_, about, example)) = PARAMETERS.iter().find(|(name, ..)| parameter["name"] == *name) else { return };
    parameter["description"] = json!(about);
    let number = parameter["schema"]["type"] == "integer";
    parameter["example"] =
        example.parse::<i64>().ok().filter(|_| number).map_or(json!(example), |number| json!(number));
}
