//! `thidua documents`: writes papers, in any process and time zone the same, and checks their form.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

const PAPERS: [&str; 7] = [
    "to_trinh",
    "bao_cao_thanh_tich",
    "bien_ban_hop",
    "bien_ban_kiem_phieu",
    "quyet_dinh",
    "bao_cao_tong_ket",
    "giay_khen",
];

fn example(paper: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("examples/papers/{paper}.json"))
}

fn documents(args: &[&str], zone: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thidua"));
    command.env("TZ", zone).env("LC_ALL", "C.UTF-8").arg("documents").args(args).output().unwrap()
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn every_process_in_every_time_zone_writes_the_same_bytes() {
    for paper in PAPERS {
        for kind in [&["write"][..], &["write", "--xlsx"]] {
            let values = example(paper);
            let args: Vec<&str> = kind.iter().copied().chain([path(&values)]).collect();
            let [here, there] = ["Asia/Ho_Chi_Minh", "America/Anchorage"].map(|zone| documents(&args, zone));
            assert!(here.status.success(), "{}", String::from_utf8_lossy(&here.stderr));
            assert!(here.stdout.starts_with(b"PK") && here.stdout == there.stdout, "{paper} differs");
        }
    }
}

#[test]
fn a_right_paper_is_checked_with_exit_0_and_a_wrong_figure_with_exit_1() {
    let values = example("quyet_dinh");
    let written = documents(&["write", path(&values)], "UTC").stdout;
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &written).unwrap();
    let right = documents(&["check", path(file.path()), "--values", path(&values)], "UTC");
    assert_eq!((right.status.code(), &*right.stdout), (Some(0), &b"errors: 0, warnings: 0\n"[..]));
    let other = fs::read_to_string(&values).unwrap().replace("90,98", "90,97");
    let others = tempfile::NamedTempFile::new().unwrap();
    fs::write(others.path(), other).unwrap();
    let wrong = documents(&["check", path(file.path()), "--values", path(others.path())], "UTC");
    let said = String::from_utf8(wrong.stdout).unwrap();
    assert_eq!(wrong.status.code(), Some(1), "{said}");
    assert!(said.contains("form_figure: The figure 90,98"), "{said}");
}

#[test]
fn the_wording_that_is_printed_is_right_and_a_changed_one_is_linted() {
    let template = documents(&["template", "quyet_dinh"], "UTC");
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), &template.stdout).unwrap();
    assert_eq!(documents(&["lint", path(file.path())], "UTC").status.code(), Some(0));
    let changed = String::from_utf8(template.stdout).unwrap().replace("{{nguoi_ky}}", "{{nguoi_ki}}");
    fs::write(file.path(), changed).unwrap();
    let linted = documents(&["lint", path(file.path())], "UTC");
    let said = String::from_utf8(linted.stdout).unwrap();
    assert_eq!(linted.status.code(), Some(1), "{said}");
    assert!(said.contains("Did you mean nguoi_ky?"), "{said}");
}
