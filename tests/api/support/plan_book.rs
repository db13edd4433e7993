//! A plan's workbook, filled in as an official does it: sheet by sheet, by the headings.

use thidua::{
    movements::plan::sheet::{template, xlsx},
    tables::{self, Page, cells::Cell},
};

pub struct PlanBook {
    pages: Vec<Page>,
}

impl PlanBook {
    pub fn of(file: &[u8]) -> Self {
        let mut pages = tables::pages(file).unwrap();
        pages.retain(|page| page.name != "Hướng dẫn");
        Self { pages }
    }

    /// A small plan that is written in the template with the words of the paper.
    pub fn filled() -> Self {
        let mut book = Self::of(&template().unwrap());
        for (name, content) in [
            ("Mã phong trào", "cchc-2026"),
            ("Tên phong trào", "Đẩy mạnh cải cách hành chính năm 2026"),
            ("Loại văn bản", "ke_hoach"),
            ("Cơ quan ban hành", "UBND xã Hồng Vân"),
            ("Nơi ban hành", "Hồng Vân"),
            ("Số, ký hiệu", "12/KH-UBND"),
            ("Số, ký hiệu rõ", "có"),
            ("Ngày ban hành", "05/01/2026"),
            ("Ngày ban hành rõ", "có"),
            ("Từ ngày", "1/1/2026"),
            ("Đến ngày", "31/12/2026"),
        ] {
            book.fact("Kế hoạch", name, content);
        }
        for (name, content) in [
            ("Nguồn", "Kế hoạch nêu"),
            ("Báo cáo mỗi", "Quý"),
            ("Kỳ tính từ", "calendar"),
            ("Hạn sau (ngày làm việc)", "5"),
            ("Giờ hạn", "17:00"),
            ("Nộp muộn", "Nhận và ghi là nộp muộn"),
        ] {
            book.fact("Kỳ báo cáo", name, content);
        }
        book.row("Loại đơn vị", &[("Mã", "division"), ("Tên", "Phòng, ban")]);
        for (code, name) in [("CT-01", "Tỷ lệ hồ sơ trả kết quả đúng hạn"), ("CT-02", "Tỷ lệ hồ sơ trực tuyến")]
        {
            book.row(
                "Chỉ tiêu",
                &[
                    ("Mã", code),
                    ("Mục", "II.1"),
                    ("Tên", name),
                    ("Cách đo", "Tỷ lệ"),
                    ("Tử số là gì", "Hồ sơ đạt"),
                    ("Mẫu số là gì", "Hồ sơ đã giải quyết"),
                    ("Chiều", "càng cao càng tốt"),
                    ("Mức ràng buộc", "Phấn đấu"),
                    ("So sánh", "≥"),
                    ("Mục tiêu", "100"),
                    ("Nguồn mục tiêu", "Kế hoạch nêu"),
                    ("Cộng theo thời gian", "Cộng dồn các kỳ"),
                    ("Cộng theo đơn vị", "Cộng các đơn vị"),
                    ("Ai báo cáo", "division"),
                ],
            );
        }
        book.row(
            "Nhóm",
            &[
                ("Mã", "phong"),
                ("Mục", "III.1"),
                ("Tên", "Các phòng, ban"),
                ("Xét ai", "Tập thể"),
                ("Loại", "division"),
            ],
        );
        book.row(
            "Tiêu chí",
            &[
                ("Nhóm", "phong"),
                ("Mã", "1"),
                ("Cách chấm", "Tính theo số liệu"),
                ("Nội dung", "Hồ sơ đúng hạn"),
                ("Nguồn", "Kế hoạch nêu"),
                ("Điểm tối đa", "60"),
                ("Theo chỉ tiêu", "CT-01"),
                ("Thang điểm", "0→0; 97,5→40; 100→60"),
                ("Giữa hai mốc", "Nội suy"),
                ("Thiếu số liệu", "Tính 0 điểm"),
            ],
        );
        book.row(
            "Tiêu chí",
            &[
                ("Nhóm", "phong"),
                ("Mã", "2"),
                ("Cách chấm", "Chấm điểm"),
                ("Nội dung", "Có cách làm mới"),
                ("Nguồn", "Kế hoạch nêu"),
                ("Điểm tối đa", "40"),
                ("Chấm ở bước", "Thẩm định"),
            ],
        );
        book.row(
            "Khen thưởng",
            &[
                ("Mã", "tap-the"),
                ("Mục", "III.2"),
                ("Hình thức", "giay_khen"),
                ("Theo chuyên đề", "có"),
                ("Xét ai", "Tập thể"),
                ("Các nhóm", "phong"),
                ("Số lượng", "3"),
                ("Vượt số lượng", "Không được vượt"),
                ("Đề nghị trước", "20/12/2026"),
                ("Ai quyết định", "chair"),
                ("Nguồn", "Kế hoạch nêu"),
                ("Nguồn cách xếp hạng", "Cơ quan đề xuất"),
                ("Xếp hạng", "Xếp hạng chung"),
                ("So điểm", "Điểm chính xác"),
            ],
        );
        book
    }

    fn page(&mut self, sheet: &str) -> &mut Page {
        self.pages.iter_mut().find(|page| page.name == sheet).unwrap_or_else(|| panic!("no sheet {sheet}"))
    }

    /// Writes beside a name.
    pub fn fact(&mut self, sheet: &str, name: &str, content: &str) {
        let line = self.page(sheet).lines.iter_mut().find(|(_, cells)| cells[0] == Cell::of_text(name));
        let (_, cells) = line.unwrap_or_else(|| panic!("no line {name}"));
        cells.resize(cells.len().max(2), Cell::Blank);
        cells[1] = Cell::of_text(content);
    }

    /// Writes below the headings of a line, and answers where.
    pub fn cell(&mut self, sheet: &str, line: usize, title: &str, content: &str) -> String {
        let page = self.page(sheet);
        let at = page.lines[0].1.iter().position(|cell| *cell == Cell::of_text(title));
        let at = at.unwrap_or_else(|| panic!("no column {title}"));
        if page.lines.iter().all(|(number, _)| *number != line) {
            page.lines.push((line, Vec::new()));
        }
        let (_, cells) = page.lines.iter_mut().find(|(number, _)| *number == line).unwrap();
        cells.resize(cells.len().max(at + 1), Cell::Blank);
        cells[at] = Cell::of_text(content);
        format!("{sheet}!{}", tables::address(at, line))
    }

    pub fn row(&mut self, sheet: &str, cells: &[(&str, &str)]) {
        let line = self.page(sheet).lines.last().map_or(2, |(line, _)| line + 1);
        for (title, content) in cells {
            self.cell(sheet, line, title, content);
        }
    }

    /// The lines of a sheet, whatever stood there.
    pub fn lines(&mut self, sheet: &str, lines: &[&[&str]]) {
        let cells = |line: &&[&str]| line.iter().map(|text| Cell::of_text(text)).collect();
        self.page(sheet).lines = lines.iter().map(cells).enumerate().map(|(at, cells)| (at + 1, cells)).collect();
    }

    pub fn rename(&mut self, sheet: &str, name: &str) {
        self.page(sheet).name = name.to_owned();
    }

    pub fn file(&self) -> Vec<u8> {
        xlsx(&self.pages).unwrap()
    }
}
