//! The command line speaks the language of its reader, and says everything at once.

use std::{
    fs,
    process::{Command, Output},
};

use rstest::rstest;
use serde_json::{Value, json};

const PLAN: &str = include_str!("../../plans/example-calendar.json");

/// Lints a file of this content, with these arguments and this environment.
fn lint(content: &[u8], args: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), content).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_thidua"));
    command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env_remove("LANG").envs(environment.iter().copied());
    let Output { status, stdout, stderr } =
        command.args(["plan", "lint"]).args(args).arg(file.path()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), format!("{}{}", text(stderr), text(stdout)))
}

fn broken(changes: &[(&str, Value)]) -> Vec<u8> {
    let mut plan: Value = serde_json::from_str(PLAN).unwrap();
    for (pointer, value) in changes {
        *plan.pointer_mut(pointer).unwrap() = value.clone();
    }
    plan.to_string().into_bytes()
}

#[rstest]
#[case::plain(&[], &[], "en")]
#[case::of_the_system(&[], &[("LANG", "vi_VN.UTF-8")], "vi")]
#[case::other_languages_are_english(&[], &[("LANG", "fr_FR.UTF-8")], "en")]
#[case::all_over_the_rest(&[], &[("LANG", "vi_VN.UTF-8"), ("LC_ALL", "C.UTF-8")], "en")]
#[case::messages_over_lang(&[], &[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "vi_VN")], "vi")]
#[case::empty_is_unset(&[], &[("LC_ALL", ""), ("LANG", "vi")], "vi")]
#[case::asked_for(&["--lang", "vi"], &[("LC_ALL", "en_US.UTF-8")], "vi")]
#[case::asked_for_in_english(&["--lang", "en"], &[("LC_ALL", "vi_VN.UTF-8")], "en")]
fn findings_are_in_the_readers_language(
    #[case] args: &[&str],
    #[case] environment: &[(&str, &str)],
    #[case] language: &str,
) {
    let (code, said) = lint(&broken(&[("/awards/0/quota", json!(0))]), args, environment);
    assert_eq!(code, Some(1), "{said}");
    let expected = match language {
        "vi" => "lỗi /awards/0/quota quota_zero: Khen thưởng",
        _ => "error /awards/0/quota quota_zero: Award",
    };
    assert!(said.contains(expected), "{said}");
}

#[test]
fn errors_stand_before_warnings_and_both_are_counted() {
    let (code, said) =
        lint(&broken(&[("/awards/0/quota", json!(0)), ("/indicators/0/target/value", json!(null))]), &[], &[]);
    let kinds: Vec<&str> = said.lines().filter_map(|line| line.split(' ').next()).collect();
    assert_eq!((code, kinds.first(), kinds.last()), (Some(1), Some(&"error"), Some(&"errors:")), "{said}");
    assert!(kinds[1..kinds.len() - 1].iter().all(|kind| *kind == "warning"), "{said}");
    assert!(said.ends_with("errors: 1, warnings: 4\n"), "{said}");
    let (code, said) = lint(PLAN.as_bytes(), &[], &[]);
    assert!(code == Some(0) && said.ends_with("errors: 0, warnings: 4\n"), "{said}");
}

#[test]
fn a_plan_that_does_not_fit_is_told_whole() {
    let changes = [("/span/from", json!(1)), ("/awards/0/quota", json!("năm")), ("/reporting/every", json!("tuần"))];
    let (code, said) = lint(&broken(&changes), &["--lang", "vi"], &[]);
    assert_eq!(code, Some(1), "{said}");
    for place in ["lỗi /span/from wrong_type:", "lỗi /awards/0/quota wrong_type:", "lỗi /reporting/every wrong_type:"]
    {
        assert!(said.contains(place), "{place} in {said}");
    }
    assert!(said.contains("3 lỗi"), "{said}");
}

#[test]
fn what_does_not_fit_hides_nothing_of_the_rest_of_a_plan() {
    let changes = [("/span/to", json!(1)), ("/awards/0/quota", json!(0))];
    let (_, said) = lint(&broken(&changes), &["--lang", "vi"], &[]);
    for place in ["lỗi /span/to wrong_type:", "lỗi /awards/0/quota quota_zero:"] {
        assert!(said.contains(place), "{place} in {said}");
    }
}

/// What a command says on its way, in each language: none of its words is of the other.
#[rstest]
#[case(&["plan", "lint", "/khong-co.json"], "không có tệp này", "there is no such file")]
#[case(&["import", "/khong-co.csv", "--movement", "m", "--locality", "l", "--account", "a"], "không đọc được", "cannot read")]
#[case(&["import", "/khong-co.pdf", "--movement", "m", "--locality", "l", "--account", "a"], "không phải .json", "is no .json")]
#[case(&["migrate"], "không có cơ sở dữ liệu", "holds no database")]
#[case(&["migrate", "--database-url", "postgres://ai-do@127.0.0.1:1/khong"], "làm việc trên cơ sở dữ liệu khong tại", "works on database khong")]
#[case(&["account", "create", "--username", "u", "--role", "chair", "--database-url", "postgres://ai-do@127.0.0.1:1/khong"], "làm việc trên", "works on")]
fn commands_speak_the_readers_language(#[case] args: &[&str], #[case] vi: &str, #[case] en: &str) {
    let dir = tempfile::tempdir().unwrap();
    for (language, said, unsaid) in [("vi_VN.UTF-8", vi, en), ("en_US.UTF-8", en, vi)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thidua"));
        command.env_remove("LC_ALL").env_remove("LC_MESSAGES").env_remove("DATABASE_URL").env("LANG", language);
        command.env("THIDUA_DATA_DIR", dir.path());
        let Output { stdout, stderr, .. } = command.args(args).stdin(std::process::Stdio::null()).output().unwrap();
        let text = String::from_utf8([stdout, stderr].concat()).unwrap();
        assert!(text.contains(said) && !text.contains(unsaid), "{language}: {text}");
    }
}

#[test]
fn a_plan_saved_by_notepad_is_read() {
    let (code, said) = lint(format!("\u{feff}{PLAN}").as_bytes(), &[], &[]);
    assert_eq!(code, Some(0), "{said}");
}

/// Runs `thidua plan`; its exit code, what it writes, and what it says beside.
fn plan_command(args: &[&str]) -> (Option<i32>, Vec<u8>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thidua"));
    let Output { status, stdout, stderr } = command.args(["--lang", "vi", "plan"]).args(args).output().unwrap();
    (status.code(), stdout, String::from_utf8(stderr).unwrap())
}

#[test]
fn a_plan_goes_to_a_workbook_and_back_on_the_command_line() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("plan.json"), PLAN).unwrap();
    let (code, book, said) = plan_command(&["to-sheet", &path("plan.json")]);
    assert_eq!((code, said.as_str()), (Some(0), ""));
    fs::write(path("plan.xlsx"), book).unwrap();
    let (code, plan, said) = plan_command(&["from-sheet", &path("plan.xlsx")]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(serde_json::from_slice::<Value>(&plan).unwrap(), serde_json::from_str::<Value>(PLAN).unwrap());
    assert!(said.ends_with("0 lỗi, 4 cảnh báo\n"), "{said}");
}

#[test]
fn what_is_wrong_in_a_workbook_is_told_with_its_cell() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("ke-hoach.xlsx");
    let (code, template, _) = plan_command(&["template"]);
    assert_eq!(code, Some(0));
    fs::write(&path, template).unwrap();
    let (code, plan, said) = plan_command(&["from-sheet", path.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert_eq!(serde_json::from_slice::<Value>(&plan).unwrap(), json!({"format": "thidua.plan/2"}));
    assert!(
        said.starts_with("lỗi Kế hoạch!B3 /code cell_blank: Ô Kế hoạch!B3 (Mã phong trào) để trống. Điền ô này, ví dụ"),
        "{said}"
    );
    for command in [&["load", path.to_str().unwrap(), "--locality", "10210"][..], &["lint", path.to_str().unwrap()]] {
        let (code, _, said) = plan_command(command);
        assert_eq!(code, Some(3), "{said}");
        assert!(said.contains("thidua plan from-sheet"), "{said}");
    }
    fs::write(&path, "không phải bảng tính").unwrap();
    let (code, plan, said) = plan_command(&["from-sheet", path.to_str().unwrap()]);
    assert_eq!((code, plan.len()), (Some(1), 0));
    assert!(said.starts_with("lỗi sheet_unreadable:"), "{said}");
    assert_eq!(plan_command(&["from-sheet", "/khong-co.xlsx"]).0, Some(3));
}
