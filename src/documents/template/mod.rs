//! The wording of each paper as data: an agency edits the lines, the code keeps the form. PURE.

mod fields;
mod fill;
mod lint;
mod model;
mod text;
mod walk;

use crate::documents::paper::PaperKind;

pub use fields::{Field, Holds, fields};
pub use fill::fill;
pub use lint::lint;
pub use model::{Filling, Template, Values};

/// The wording that is shipped, as its file.
pub fn default_text(paper: PaperKind) -> &'static str {
    match paper {
        PaperKind::ToTrinh => include_str!("../../../templates/to_trinh.json"),
        PaperKind::BaoCaoThanhTich => include_str!("../../../templates/bao_cao_thanh_tich.json"),
        PaperKind::BienBanHop => include_str!("../../../templates/bien_ban_hop.json"),
        PaperKind::BienBanKiemPhieu => include_str!("../../../templates/bien_ban_kiem_phieu.json"),
        PaperKind::QuyetDinh => include_str!("../../../templates/quyet_dinh.json"),
        PaperKind::BaoCaoTongKet => include_str!("../../../templates/bao_cao_tong_ket.json"),
        PaperKind::GiayKhen => include_str!("../../../templates/giay_khen.json"),
    }
}

/// The wording that is shipped.
pub fn default_template(paper: PaperKind) -> Template {
    serde_json::from_str(default_text(paper)).expect("a test reads every wording that is shipped")
}
