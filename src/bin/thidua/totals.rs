//! `thidua totals`: checks what is kept of movements.

use std::process::ExitCode;

use thidua::{clock::Clock, config::Store, db::Memory, progress};

use crate::{
    database::open,
    output::{in_words, print, words},
};

pub async fn check_totals(mend: bool, store: &Store) -> anyhow::Result<ExitCode> {
    let db = open(store).await?;
    let now = Clock::system().now();
    let checked = progress::check_totals(&db, &Memory::default(), now).await;
    let checked = checked.map_err(|error| in_words(&error))?;
    let counted: Vec<_> = checked.iter().filter_map(|(.., wrong)| wrong.as_ref()).collect();
    let wrong: Vec<_> = counted.iter().copied().flatten().collect();
    let differs = words("số tổng khác báo cáo", "totals differ from the reports");
    for wrong in &wrong {
        let progress::Wrong { locality, movement, period, indicator } = wrong;
        print(&format!("{locality} {movement} {period} {indicator}: {differs}\n"));
    }
    if mend && !wrong.is_empty() {
        progress::mend_totals(&db).await.map_err(|error| in_words(&error))?;
    }
    let sum = words("phong trào đã kiểm tra; số tổng sai", "movements checked; totals that differ");
    print(&format!("{} {sum}: {}\n", counted.len(), wrong.len()));
    let anew = checked.len() - counted.len();
    if anew > 0 {
        let later =
            words("phong trào đang được tính lại, hãy kiểm tra sau", "movements are being counted anew; check again");
        print(&format!("{anew} {later}\n"));
    }
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
