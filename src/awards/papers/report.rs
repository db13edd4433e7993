//! The report of one candidate on its achievements (báo cáo thành tích), with the figures of the run.

use std::collections::BTreeMap;

use super::grounds::{Cited, Grounds, Row, called, row};
use crate::{
    awards::recipient_of,
    documents::Values,
    movements::plan::Stage,
    nominations::Nomination,
    people::Directory,
    rankings::{
        CriterionScore, Figures,
        wording::{number, percent},
    },
};

/// Of the candidate's unit, which gives it number and day and signs it.
pub fn report(grounds: &Grounds, cited: &Cited, directory: &Directory, of: &Nomination) -> Values {
    let mut values = grounds.head(cited);
    let (party, recipient) = (directory.view(of.candidate), recipient_of(directory, of));
    let unit = directory.unit_of(of.candidate).and_then(|unit| directory.units.by_id(unit));
    let locality = values.texts.get("xa").cloned().unwrap_or_default();
    let unit = unit.map_or_else(|| format!("Ủy ban nhân dân {locality}"), |unit| unit.name.clone());
    let texts = [
        ("kinh_gui", format!("Hội đồng thi đua - khen thưởng {locality}")),
        ("luu", initials(&unit)),
        ("co_quan", unit),
        ("chuc_vu", "Thủ trưởng đơn vị".to_owned()),
        ("nguoi_ky", String::new()),
        ("ten", called(of.candidate, &recipient)),
        ("thanh_tich", of.achievement.trim().to_owned()),
    ];
    values.texts.extend(texts.map(|(name, text)| (name.to_owned(), text)));
    let found = cited.entry(&party.code).map(|entry| entry.criteria.iter().map(|score| result(cited, score)).collect());
    values.lists = BTreeMap::from([
        ("tieu_chi".to_owned(), found.unwrap_or_default()),
        ("sang_kien".to_owned(), initiatives(cited, &party.code)),
    ]);
    values
}

/// `PKT` of `Phòng Kinh tế`.
fn initials(name: &str) -> String {
    let letters = name.split_whitespace().filter_map(|word| word.chars().next()).filter(|first| first.is_alphabetic());
    letters.flat_map(char::to_uppercase).collect()
}

fn result(cited: &Cited, score: &CriterionScore) -> Row {
    let mut criteria = cited.inputs.groups.iter().flat_map(|group| &group.criteria);
    let text = criteria.find(|criterion| criterion.code == score.code).and_then(|criterion| criterion.text.as_ref());
    let text = text.map_or_else(|| score.code.clone(), |text| text.vi.trim_end_matches(['.', ';']).to_owned());
    let points = score.points.as_ref().map(|points| number(points).vi).unwrap_or_default();
    let is_penalty = matches!(score.figures, Figures::Penalty(_)) && !points.is_empty();
    row([
        ("ma", score.code.clone()),
        ("ten", text),
        ("diem", if is_penalty { format!("-{points}") } else { points }),
        ("toi_da", score.max.map(|max| number(max).vi).unwrap_or_default()),
        ("ket_qua", said(score)),
    ])
}

/// What gave the points, in a few words.
fn said(score: &CriterionScore) -> String {
    let stage = |stage: Option<Stage>| match stage {
        Some(Stage::Own) => "Điểm tự chấm",
        Some(Stage::Council) => "Điểm của hội đồng",
        Some(Stage::Appraisal) | None => "Điểm thẩm định",
    };
    match &score.figures {
        _ if score.dropped => "Không xét".to_owned(),
        Figures::Gate(gate) => if gate.passed { "Đạt" } else { "Không đạt" }.to_owned(),
        Figures::Check(check) => match check.passed {
            Some(true) => "Có".to_owned(),
            Some(false) => "Không".to_owned(),
            None => "Chưa trả lời".to_owned(),
        },
        Figures::Indicators(figures) => match &figures.attainment {
            Some(attained) => format!("Mức hoàn thành {}%", percent(&attained.0).vi),
            None => "Không xét".to_owned(),
        },
        Figures::Assessed(given) => stage(given.from).to_owned(),
        Figures::Bonus(given) | Figures::Penalty(given) => match &given.measured {
            Some(figure) => measured(figure.value.as_deref()),
            None => stage(given.from).to_owned(),
        },
        Figures::Initiatives(counted) => {
            let counted = counted.initiatives.iter().filter(|one| one.points.is_some()).count();
            format!("{counted:02} sáng kiến")
        }
        Figures::Reporting(kept) => format!("Đúng hạn {} trong {} kỳ", kept.on_time + kept.excused, kept.due),
        Figures::Measured(figure) => measured(figure.value.as_deref()),
        Figures::Sum(_) => "Cộng các tiêu chí thành phần".to_owned(),
    }
}

fn measured(value: Option<&str>) -> String {
    value.map_or_else(|| "Chưa có số liệu".to_owned(), |value| format!("Kết quả {}", number(value).vi))
}

/// Those that the run counts, with a day of recognition.
fn initiatives(cited: &Cited, code: &str) -> Vec<Row> {
    let counted = cited.entry(code).into_iter().flat_map(|entry| &entry.criteria);
    let counted = counted.filter_map(|score| match &score.figures {
        Figures::Initiatives(figures) => Some(&figures.initiatives),
        _ => None,
    });
    let days = cited.inputs.candidates.iter().filter(|one| one.code == code).flat_map(|one| &one.initiatives);
    let days: BTreeMap<_, _> = days.map(|one| (one.id, one.recognised_on)).collect();
    let shown = counted.flatten().filter(|one| one.points.is_some()).filter_map(|one| {
        let day = days.get(&one.id).copied().flatten()?;
        Some(row([("ten", one.title.clone()), ("ngay", day.format("%d/%m/%Y").to_string())]))
    });
    shown.collect()
}
