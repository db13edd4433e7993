//! What each paper's wording may name, and what it must. PURE.

use crate::documents::paper::PaperKind;

/// A name that a wording may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub holds: Holds,
    /// The paper is none without it: the wording must use it, and whoever fills it must give it.
    pub required: bool,
    /// What it is, in Vietnamese and in English.
    pub about: (&'static str, &'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Text,
    Day,
    /// Rows with these members.
    Rows(&'static [&'static str]),
}

const fn text(name: &'static str, vi: &'static str, en: &'static str) -> Field {
    Field { name, holds: Holds::Text, required: true, about: (vi, en) }
}

const fn day(name: &'static str, vi: &'static str, en: &'static str) -> Field {
    Field { name, holds: Holds::Day, required: true, about: (vi, en) }
}

const fn rows(name: &'static str, members: &'static [&'static str], vi: &'static str, en: &'static str) -> Field {
    Field { name, holds: Holds::Rows(members), required: true, about: (vi, en) }
}

const fn optional(field: Field) -> Field {
    Field { required: false, ..field }
}

const COMMUNE: Field = text("xa", "tên xã, như «xã Hồng Vân»", "the commune, such as «xã Hồng Vân»");
const PLACE: Field = text("dia_danh", "địa danh ghi trước ngày", "the place before the date");
const NUMBER: Field = optional(text("so", "số văn bản; chưa cấp thì để trống", "the paper's number, once it has one"));
const DAY: Field = optional(day("ngay", "ngày ban hành; chưa có thì để trống", "the paper's day, once it has one"));
const MOVEMENT: Field = text("phong_trao", "tên phong trào thi đua", "the movement's name");
const AWARD: Field = text("hinh_thuc", "hình thức khen thưởng, như «Giấy khen»", "the form of award");
const ISSUER: Field =
    text("co_quan", "cơ quan ban hành, như «Phòng Văn hóa - Xã hội»", "the body that issues the paper");
const ADDRESSEE: Field = text("kinh_gui", "nơi nhận ở dòng «Kính gửi»", "whom the paper is addressed to");
const ARCHIVE: Field = optional(text("luu", "nơi lưu sau «VT», như «VHXH»", "where a copy is kept beside «VT»"));
const TITLE: Field = text("chuc_vu", "chức vụ người ký, như «Chủ tịch»", "the signer's office");
const FOR: Field = optional(text("ky_thay", "dòng «KT. …», «TL. …», «TUQ. …»", "the line «KT. …», «TL. …», «TUQ. …»"));
const NAME: Field =
    text("nguoi_ky", "họ tên người ký, không ghi học hàm, học vị", "the signer's name, without a title");
const LAW: Field = rows("can_cu", &["ten"], "các căn cứ ban hành", "the legal bases");
const RECIPIENTS: Field = optional(rows("noi_nhan", &["ten"], "các nơi nhận khác", "further recipients"));
const LIST: Field = rows(
    "danh_sach",
    &["ten", "don_vi", "hang", "diem", "xep_loai", "thanh_tich", "tien_thuong", "phieu"],
    "những tập thể, cá nhân được đề nghị hoặc được khen",
    "whoever is proposed or awarded",
);
const AMOUNT: Field = text("so_luong", "số lượng, như «05 tập thể»", "how many, such as «05 tập thể»");
const MONEY: Field = optional(text("tong_tien", "tổng tiền thưởng, bằng số", "all the money"));
const DIFFERENCES: Field = optional(rows(
    "khac_biet",
    &["ten", "noi_dung", "ly_do"],
    "khác biệt giữa kết quả tính điểm và danh sách đề nghị, với lý do",
    "how the proposal differs from the ranking, and why",
));
const PRESENT: Field = rows("co_mat", &["ten"], "thành viên có mặt", "the members present");
const WRITTEN: Field = optional(rows("gui_phieu", &["ten"], "thành viên gửi phiếu", "votes in writing"));
const ABSENT: Field = optional(rows("vang_mat", &["ten"], "thành viên vắng mặt", "members absent"));
const ROLL: [Field; 3] = [
    text("tong_so", "tổng số thành viên hội đồng", "how many members the council has"),
    text("so_co_mat", "số thành viên có mặt", "how many are present"),
    text("so_gui_phieu", "số thành viên gửi phiếu bằng văn bản", "how many vote in writing"),
];
const VOTES: Field = rows(
    "ket_qua",
    &["ten", "don_vi", "phat_ra", "thu_ve", "hop_le", "khong_hop_le", "dong_y", "khong_dong_y", "ty_le", "ket_luan"],
    "kết quả bỏ phiếu từng trường hợp",
    "the votes on each candidate",
);
const CHAIR: Field = optional(text("chu_tri", "họ tên người chủ trì", "who presides"));
const SECRETARY: Field = optional(text("thu_ky", "họ tên thư ký", "the secretary"));
const HELD: Field = day("ngay_hop", "ngày họp", "the day of the session");
const FOUND: Field = rows(
    "tieu_chi",
    &["ma", "ten", "diem", "toi_da", "ket_qua"],
    "kết quả theo từng tiêu chí",
    "the result by criterion",
);

const PROPOSAL: [Field; 13] =
    [COMMUNE, PLACE, NUMBER, DAY, MOVEMENT, AWARD, FOR, NAME, LAW, LIST, AMOUNT, DIFFERENCES, RECIPIENTS];
const ACHIEVEMENTS: [Field; 16] = [
    COMMUNE,
    PLACE,
    NUMBER,
    DAY,
    MOVEMENT,
    AWARD,
    ISSUER,
    ADDRESSEE,
    ARCHIVE,
    TITLE,
    FOR,
    NAME,
    text("ten", "tên tập thể, cá nhân", "the candidate's name"),
    text("thanh_tich", "thành tích do đơn vị nêu", "the achievement in the candidate's words"),
    FOUND,
    optional(rows("sang_kien", &["ten", "ngay"], "sáng kiến đã được công nhận", "the initiatives recognised")),
];
const SESSION: [Field; 17] = [
    COMMUNE,
    PLACE,
    NUMBER,
    DAY,
    MOVEMENT,
    AWARD,
    HELD,
    PRESENT,
    WRITTEN,
    ABSENT,
    ROLL[0],
    ROLL[1],
    ROLL[2],
    VOTES,
    CHAIR,
    SECRETARY,
    optional(text("y_kien", "ý kiến thảo luận", "what was said")),
];
const COUNT: [Field; 13] = [
    COMMUNE,
    PLACE,
    NUMBER,
    DAY,
    MOVEMENT,
    AWARD,
    HELD,
    ROLL[0],
    ROLL[1],
    ROLL[2],
    VOTES,
    CHAIR,
    optional(text("to_truong", "họ tên tổ trưởng tổ kiểm phiếu", "who heads the count")),
];
const DECISION: [Field; 14] = [
    COMMUNE,
    PLACE,
    NUMBER,
    DAY,
    MOVEMENT,
    AWARD,
    LAW,
    optional(text("to_trinh", "số, ngày tờ trình, như «12/TTr-VHXH ngày 10 tháng 12 năm 2025»", "the submission")),
    LIST,
    AMOUNT,
    MONEY,
    FOR,
    TITLE,
    NAME,
];
const FINAL: [Field; 19] = [
    COMMUNE,
    PLACE,
    NUMBER,
    DAY,
    MOVEMENT,
    AWARD,
    ADDRESSEE,
    TITLE,
    FOR,
    NAME,
    LIST,
    AMOUNT,
    RECIPIENTS,
    day("tu_ngay", "ngày đầu của phong trào", "the movement's first day"),
    day("den_ngay", "ngày cuối của phong trào", "the movement's last day"),
    text("so_don_vi", "số đơn vị tham gia", "how many units take part"),
    rows(
        "chi_tieu",
        &["ma", "ten", "ke_hoach", "thuc_hien", "ty_le", "ket_luan"],
        "các chỉ tiêu của xã",
        "the commune's indicators",
    ),
    optional(rows("kho_khan", &["ten"], "khó khăn, kiến nghị", "difficulties and proposals")),
    optional(rows("sang_kien", &["ten", "don_vi"], "sáng kiến để nhân rộng", "initiatives to spread")),
];
const CERTIFICATE: [Field; 10] = [
    COMMUNE,
    PLACE,
    optional(text("so", "số quyết định", "the decision's number")),
    DAY,
    MOVEMENT,
    FOR,
    TITLE,
    NAME,
    rows(
        "nguoi_nhan",
        &["ten", "thanh_tich", "so_vang", "ma"],
        "người nhận, thành tích, số sổ vàng, đường dẫn kiểm tra",
        "recipients, achievements, ordinals, links for checking",
    ),
    optional(AWARD),
];

/// The names that a paper's wording may use.
pub fn fields(paper: PaperKind) -> &'static [Field] {
    match paper {
        PaperKind::ToTrinh => &PROPOSAL,
        PaperKind::BaoCaoThanhTich => &ACHIEVEMENTS,
        PaperKind::BienBanHop => &SESSION,
        PaperKind::BienBanKiemPhieu => &COUNT,
        PaperKind::QuyetDinh => &DECISION,
        PaperKind::BaoCaoTongKet => &FINAL,
        PaperKind::GiayKhen => &CERTIFICATE,
    }
}
