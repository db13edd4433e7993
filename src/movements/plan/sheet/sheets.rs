//! The sheets of a plan's workbook, as one table of data: the reader, the writer, the template and its guide go by it.
//! PURE.

use super::columns::{
    Column,
    Holds::{
        Codes, Day, Decimal, Decimals, Figure, Flag, Knots, Lines, LooseDay, Moment, Period, Text, Whole, Wholes, Word,
        WordOrCode, WordOrCodes,
    },
    Shape, Sheet, col,
};

const CODE: Column = col("Mã", "code", Text, "Chữ không dấu, số, dấu chấm, gạch nối; không trùng.");
const NAME: Column = col("Tên", "name/vi", Text, "Tên như văn bản ghi.");
const NAME_EN: Column = col("Tên (tiếng Anh)", "name/en", Text, "Có thể bỏ trống.").or(&["tên tiếng anh"]);
const SECTION: Column = col("Mục", "section", Text, "Mục của văn bản.").or(&["đề mục"]).eg("II.2");
const SOURCE: Column = col("Nguồn", "source", Word("source"), "Văn bản nêu, hay cơ quan đề xuất.").eg("Kế hoạch nêu");
const TARGET: [Column; 3] = [
    col("So sánh", "target/comparator", Word("comparator"), "Đạt khi từ, trên, không quá hay dưới mục tiêu.").eg("≥"),
    col("Mục tiêu", "target/value", Figure, "Số (tỷ lệ: phần trăm) hoặc tên mức độ; (trống) nếu văn bản không nêu.")
        .eg("95"),
    col("Nguồn mục tiêu", "target/source", Word("source"), "Văn bản nêu, hay cơ quan đề xuất.").eg("Kế hoạch nêu"),
];
const OF_INDICATOR: Column = col("Chỉ tiêu", "", Text, "Mã ở trang Chỉ tiêu.").or(&["mã chỉ tiêu"]).eg("CT-01");
const OF_GROUP: Column = col("Nhóm", "", Text, "Mã ở trang Nhóm.").or(&["mã nhóm"]).eg("1.1");
const OF_AWARD: Column =
    col("Hình thức khen", "", Text, "Mã ở trang Khen thưởng.").or(&["khen thưởng", "mã khen thưởng"]).eg("tap-the");
const NAMED: &[Column] = &[CODE, NAME, NAME_EN];

/// The sheet on which the targets of units stand side by side.
pub const TARGETS: &str = "Chỉ tiêu giao";
/// The sheet of what no other holds.
pub const REST: &str = "Khác";

/// All sheets, in their order; a list stands before what is within its items.
pub const SHEETS: &[Sheet] = &[
    Sheet {
        name: "Kế hoạch",
        about: "Văn bản và thời gian của phong trào, mỗi dòng một mục.",
        shape: Shape::Facts,
        columns: &[
            col("Định dạng", "format", Text, "Giữ nguyên.").eg("thidua.plan/2"),
            col("Mã phong trào", "code", Text, "Chữ thường không dấu, số, gạch nối; không trùng trong xã.")
                .eg("cchc-2026"),
            col("Mã chung", "template", Text, "Mã mà các xã cùng phong trào dùng chung; có thể bỏ trống."),
            col("Tên phong trào", "title/vi", Text, "Tên như văn bản ghi.").eg("Đẩy mạnh cải cách hành chính năm 2026"),
            col("Tên phong trào (tiếng Anh)", "title/en", Text, "Có thể bỏ trống."),
            col("Loại văn bản", "document/kind", WordOrCode("document_kind"), "").eg("Kế hoạch"),
            col("Cơ quan ban hành", "document/issuer", Text, "").eg("UBND xã Hồng Vân"),
            col("Nơi ban hành", "document/place", Text, "").eg("Hồng Vân"),
            col("Số, ký hiệu", "document/number/value", Text, "").or(&["số văn bản"]).eg("56/KH-UBND"),
            col("Số, ký hiệu rõ", "document/number/certain", Flag, "Có, nếu bản giấy đọc rõ; không thì Không.")
                .eg("Có"),
            col("Ngày ban hành", "document/issued_on/value", LooseDay, "Ngày/tháng/năm.").eg("05/08/2025"),
            col("Ngày ban hành rõ", "document/issued_on/certain", Flag, "Có, nếu bản giấy đọc rõ; không thì Không.")
                .eg("Có"),
            col("Nơi nhận", "document/recipients", Lines, "Mỗi nơi một dòng trong ô.").eg("UBND Thành phố\nLưu: VT"),
            col("Từ ngày", "span/from", Day, "Ngày đầu của phong trào.").eg("01/07/2025"),
            col("Đến ngày", "span/to", Day, "Ngày cuối của phong trào.").or(&["đến hết ngày"]).eg("31/12/2025"),
            col("Mục ghi thời gian", "span/section", Text, "Mục của văn bản.").eg("II.4"),
        ],
    },
    Sheet {
        name: "Loại đơn vị",
        about: "Các loại đơn vị tham gia; trùng với loại đã ghi khi tạo đơn vị.",
        shape: Shape::List("/unit_kinds"),
        columns: NAMED,
    },
    Sheet {
        name: "Chỉ tiêu",
        about: "Mỗi dòng một chỉ tiêu.",
        shape: Shape::List("/indicators"),
        columns: &[
            CODE.or(&["mã chỉ tiêu"]).eg("CT-01"),
            SECTION,
            NAME.or(&["tên chỉ tiêu", "chỉ tiêu"]).eg("Tỷ lệ hồ sơ trả kết quả đúng hạn"),
            col("Cách đo", "kind", Word("indicator_kind"), "Tỷ lệ, số lượng, mức độ, chỉ số hay thứ hạng.")
                .or(&["loại"])
                .eg("Tỷ lệ"),
            col("Đơn vị tính", "unit", Text, "percent, dossiers, hoặc chữ tùy ý.").eg("percent"),
            col("Số chữ số thập phân", "decimals", Whole, "Để trống: số nguyên."),
            col("Tử số là gì", "numerator/vi", Text, "Chỉ với tỷ lệ.").or(&["tử số"]).eg("Hồ sơ đúng hạn"),
            col("Mẫu số là gì", "denominator/vi", Text, "Chỉ với tỷ lệ.").or(&["mẫu số"]).eg("Hồ sơ đã giải quyết"),
            col("Các mức độ", "levels", Codes, "Chỉ với mức độ, từ thấp đến cao.").eg("not_started; in_progress; done"),
            col("Tự đếm", "counts", Word("counts"), "Số đếm mà hệ thống tự tính."),
            col("Chiều", "direction", Word("direction"), "").or(&["chiều hướng"]).eg("Càng cao càng tốt"),
            col("Mức ràng buộc", "modality", Word("modality"), "Phấn đấu, phải, tối thiểu hay chỉ nêu rõ.")
                .eg("Phấn đấu"),
            TARGET[0],
            TARGET[1],
            TARGET[2],
            col("So sánh mức sàn", "floor/comparator", Word("comparator"), "Chỉ khi có mức sàn."),
            col("Mức sàn", "floor/value", Figure, "Dưới mức này là không đạt."),
            col("Nguồn mức sàn", "floor/source", Word("source"), "Chỉ khi có mức sàn."),
            col("Cộng theo thời gian", "over_time", Word("over_time"), "Cộng dồn, hay lấy kỳ cuối.")
                .eg("Cộng dồn các kỳ"),
            col("Cộng theo đơn vị", "over_units", Word("over_units"), "Cộng các đơn vị, hay một số chung.")
                .eg("Cộng các đơn vị"),
            col(
                "Ai báo cáo",
                "reported_by",
                Codes,
                "Mã loại đơn vị, hoặc unit:MÃ ĐƠN VỊ; cách nhau bằng dấu chấm phẩy; (trống) khi tự đếm.",
            )
            .eg("division; unit:van-phong"),
            col(
                "Báo cáo mỗi",
                "every",
                WordOrCodes("every"),
                "Khi thưa hơn kỳ báo cáo: quý, sáu tháng, năm, hoặc mã các kỳ.",
            ),
            col(
                "Đơn vị chưa giao",
                "unassigned",
                Word("unassigned"),
                "Khi có chỉ tiêu giao: đơn vị không được giao thì sao.",
            ),
            col("Đánh giá đơn vị", "units_judged", Word("units_judged"), "Khi có chỉ tiêu giao: gộp, hay từng đơn vị."),
            col("Tử được vượt mẫu", "may_exceed", Flag, "Có hoặc không."),
            col("Đánh giá lĩnh vực", "fields_judged", Word("fields_judged"), "Khi có lĩnh vực."),
            col("Minh chứng", "evidence", Word("evidence"), "").eg("Bắt buộc"),
            col("Nhỏ nhất", "bounds/from", Decimal, "Số nhỏ hơn bị từ chối."),
            col("Lớn nhất", "bounds/to", Decimal, "Số lớn hơn bị từ chối."),
            col("Cảnh báo gấp", "jump_warning", Decimal, "Gấp chừng này lần số trước thì phải giải thích.").eg("10"),
            col("Ô trống nghĩa là", "blank_means", Word("blank_means"), ""),
            col("Cách hiểu", "note/vi", Text, "Cơ quan hiểu câu chưa rõ của văn bản thế nào."),
            NAME_EN,
            col("Tử số (tiếng Anh)", "numerator/en", Text, ""),
            col("Mẫu số (tiếng Anh)", "denominator/en", Text, ""),
            col("Cách hiểu (tiếng Anh)", "note/en", Text, ""),
        ],
    },
    Sheet {
        name: TARGETS,
        about: "Mỗi dòng một đơn vị hoặc cụm (hai ô trống: toàn xã), mỗi cột một chỉ tiêu: dòng đầu ghi mã chỉ tiêu, \
                dòng thứ hai ghi kỳ (2026-Q1) hoặc lũy kế (đến 2026-Q2); không ghi kỳ là cả phong trào.",
        shape: Shape::Targets,
        columns: &[
            col("Đơn vị", "unit", Text, "Mã đơn vị.").or(&["mã đơn vị"]).eg("thon-1"),
            col("Cụm", "set", Text, "Mã cụm, thay cho đơn vị.").or(&["mã cụm"]),
        ],
    },
    Sheet {
        name: "Kỳ báo cáo",
        about: "Báo cáo khi nào, mỗi dòng một mục.",
        shape: Shape::Facts,
        columns: &[
            col("Nguồn", "reporting/source", Word("source"), "Văn bản nêu, hay cơ quan đề xuất.").eg("Kế hoạch nêu"),
            col("Báo cáo mỗi", "reporting/every", Word("every"), "").eg("Tháng"),
            col("Kỳ tính từ", "reporting/windows", Word("windows"), "Hoặc bỏ trống và ghi hai dòng dưới.")
                .eg("calendar"),
            col("Ngày chốt", "reporting/windows/cutoff_day", Whole, "Ngày cuối kỳ trong tháng, 1 đến 28."),
            col("Ngày chốt năm", "reporting/windows/year_end", Text, "Tháng-ngày.").eg("12-31"),
            col("Hạn sau (ngày làm việc)", "reporting/due/working_days", Whole, "Số ngày làm việc sau ngày chốt.")
                .eg("3"),
            col("Hạn vào ngày", "reporting/due/day", Whole, "Thay cho dòng trên: ngày trong tháng."),
            col("Tháng của hạn", "reporting/due/month", Word("due_month"), "Tháng cuối kỳ, hay tháng sau."),
            col("Giờ hạn", "reporting/due/at", Text, "").eg("17:00"),
            col("Gặp ngày nghỉ", "reporting/due/moves", Word("due_moves"), "Lùi sang ngày làm việc, hay giữ nguyên."),
            col("Nhận từ ngày", "reporting/due/opens_day", Whole, "Nộp sớm nhất vào ngày này."),
            col("Nộp muộn", "reporting/late", Word("late"), "").eg("Nhận và ghi là nộp muộn"),
        ],
    },
    Sheet {
        name: "Nhóm",
        about: "Ai được xét theo cùng một bộ tiêu chí.",
        shape: Shape::List("/groups"),
        columns: &[
            CODE.or(&["mã nhóm"]).eg("1.1"),
            SECTION.eg("III.1"),
            NAME.or(&["tên nhóm"]).eg("Các cơ quan, đơn vị"),
            col("Xét ai", "candidates", Word("candidate_kind"), "Tập thể, cá nhân hay hộ gia đình.").eg("Tập thể"),
            col("Loại", "kinds", Codes, "Mã loại đơn vị hoặc loại cá nhân.").eg("division; office"),
            col("Cụm", "sets", Codes, "Mã cụm, khi nhóm chỉ gồm các cụm này."),
            col("Tính từ ngày", "window/from", Day, "Khi thành tích tính rộng hơn phong trào."),
            col("Tính đến ngày", "window/to", Day, ""),
            col("Mục ghi thời gian", "window/section", Text, ""),
            NAME_EN,
        ],
    },
    Sheet {
        name: "Tiêu chí",
        about: "Mỗi dòng một tiêu chí của một nhóm.",
        shape: Shape::Within { list: "/groups", member: "criteria", parent: OF_GROUP },
        columns: &[
            CODE.or(&["mã tiêu chí"]).eg("1.1.a"),
            col("Cách chấm", "kind", Word("criterion_kind"), "").or(&["loại"]).eg("Chấm điểm"),
            col("Nội dung", "text/vi", Text, "Như văn bản ghi.")
                .or(&["tiêu chí", "tên tiêu chí"])
                .eg("Có cách làm mới"),
            SOURCE,
            col("Nguồn điểm", "points_source", Word("source"), "Điểm do văn bản nêu, hay cơ quan đề xuất.")
                .eg("Cơ quan đề xuất"),
            col("Điểm tối đa", "max", Decimal, "").or(&["điểm"]).eg("40"),
            col("Thuộc mục", "in", Text, "Mã của mục tính tổng chứa tiêu chí này."),
            col("Bù điểm", "rescale", Flag, "Mục tính tổng: phần còn lại bù cho phần không áp dụng."),
            col("Được bỏ", "may_drop", Flag, "Chấm điểm: có thể không áp dụng với người được xét."),
            col("Chấm ở bước", "from", Word("stage"), "Chỉ với chấm điểm.").eg("Thẩm định"),
            col("Kỳ xét", "period", Period, "Mã kỳ.").eg("2025-H2"),
            col("Trọng số", "weights", Decimals, "Mã chỉ tiêu: trọng số.").eg("CT-01: 2; CT-02: 1,5"),
            col("Trọng số còn lại", "otherwise", Decimal, "Của mọi chỉ tiêu không nêu; 0 là bỏ qua.").eg("1"),
            col("Thiếu số liệu", "missing", Word("missing"), "").eg("Tính 0 điểm"),
            col("Điểm theo cấp", "points", Decimals, "Chỉ với sáng kiến: cấp công nhận: điểm.")
                .eg("commune: 5; unit: 2"),
            col("Theo chỉ tiêu", "indicator", Text, "Mã chỉ tiêu mà thang điểm đọc.").eg("CT-01"),
            col("Thang điểm", "scale/knots", Knots, "Số → điểm, tăng dần; > là lớn hơn hẳn.").eg("0→0; 80→20; >95→40"),
            col("Giữa hai mốc", "scale/between", Word("between"), "Theo bậc, hay nội suy.").eg("Nội suy"),
            col("Dưới mốc đầu", "scale/below", Decimal, "Theo bậc: điểm khi chưa tới mốc đầu."),
            col("Thang đọc", "scale/of", Word("scale_of"), "Bỏ trống: đọc chính số liệu."),
            col("So với", "scale/against", Text, "best, mean hoặc indicator:MÃ."),
            col("Gốc so sánh", "scale/origin", Decimal, "Chỉ khi so với best."),
            col("Nội dung (tiếng Anh)", "text/en", Text, ""),
        ],
    },
    Sheet {
        name: "Khen thưởng",
        about: "Mỗi dòng một hình thức khen thưởng.",
        shape: Shape::List("/awards"),
        columns: &[
            CODE.or(&["mã khen thưởng"]).eg("tap-the"),
            SECTION.eg("III.2"),
            col("Hình thức", "form", WordOrCode("award_form"), "").eg("Giấy khen"),
            col("Theo chuyên đề", "thematic", Flag, "Kết quả không làm căn cứ cho danh hiệu cao hơn.").eg("Có"),
            col("Xét ai", "candidates", Word("candidate_kind"), "Tập thể, cá nhân hay hộ gia đình.").eg("Tập thể"),
            col("Các nhóm", "groups", Codes, "Mã các nhóm.").or(&["nhóm"]).eg("1.1; 1.2"),
            col("Số lượng", "quota", Whole, "Một số cho tất cả; hoặc bỏ trống và ghi một trong các cột sau.").eg("5"),
            col("Mỗi nhóm", "quota/each_group", Whole, "Số lượng của từng nhóm."),
            col("Số lượng theo nhóm", "quota/groups", Wholes, "Mã nhóm: số lượng.").eg("1.1: 3; 1.2: 2"),
            col("Tỷ lệ (%)", "quota/share", Decimal, "Phần trăm của số được tính.").or(&["tỷ lệ"]),
            col("Tỷ lệ tính trên", "quota/of", Word("share_of"), "Đơn vị, hay hồ sơ đã xác minh."),
            col("Làm tròn tỷ lệ", "quota/round", Word("round"), "Khi có tỷ lệ."),
            col("Mỗi đơn vị nhiều nhất", "per_unit", Whole, ""),
            col("Chung hạn mức", "pool", Text, "Mã chung của các hình thức cùng hạn mức mỗi đơn vị."),
            col("Vượt số lượng", "beyond_quota", Word("beyond_quota"), "").eg("Được vượt khi có lý do"),
            col(
                "Đề nghị trước",
                "propose_before",
                Moment,
                "Ngày/tháng/năm giờ:phút; chỉ ghi ngày là trước 0 giờ ngày đó.",
            )
            .eg("15/12/2025"),
            col("Ai quyết định", "decided_by", Text, "").eg("chair"),
            SOURCE,
            col("Nguồn cách xếp hạng", "ranking/source", Word("source"), "").eg("Cơ quan đề xuất"),
            col("Xếp hạng", "ranking/blocks", Word("blocks"), "Chung, hay theo nhóm.").eg("Xếp hạng chung"),
            col("So điểm", "ranking/compare/on", Word("compare_on"), "Điểm chính xác, hay đã làm tròn.")
                .eg("Điểm chính xác"),
            col("Số chữ số làm tròn", "ranking/compare/digits", Whole, "Chỉ khi so điểm đã làm tròn."),
            col("Khi bằng điểm", "ranking/ties", Codes, "Theo thứ tự.").eg("kind:indicators; kind:initiatives"),
            col("Số lần thử", "ranking/robustness/draws", Whole, "Kiểm tra độ vững; có thể bỏ trống."),
            col("Biên độ thử", "ranking/robustness/spread", Decimal, ""),
            col("Số gieo", "ranking/robustness/seed", Whole, ""),
            col("Hội đồng đủ họp", "council/quorum", Text, "Chỉ khi có hội đồng.").eg("2/3"),
            col("Hội đồng thông qua", "council/pass", Text, "").eg(">1/2"),
            col("Tính trên", "council/of", Word("council_base"), ""),
            col("Bỏ phiếu", "council/ballot", Word("ballot"), ""),
            col("Gộp phiếu", "council/combine", Word("combine"), ""),
            col("Bỏ phiếu mỗi đầu", "council/trim", Whole, ""),
            col("Phiếu ít nhất", "council/min_ballots", Whole, ""),
        ],
    },
    Sheet {
        name: "Xếp loại",
        about: "Các mức xếp loại của một hình thức khen thưởng, từ cao đến thấp.",
        shape: Shape::Within { list: "/awards", member: "classes", parent: OF_AWARD },
        columns: &[
            CODE.eg("xuat-sac"),
            NAME.eg("Xuất sắc"),
            col("Từ điểm", "from", Decimal, "").eg("90"),
            col("Trên điểm", "above", Decimal, "Thay cho từ điểm: lớn hơn hẳn."),
            NAME_EN,
        ],
    },
    Sheet {
        name: "Giải",
        about: "Các giải của một hình thức khen thưởng, từ cao đến thấp.",
        shape: Shape::Within { list: "/awards", member: "places", parent: OF_AWARD },
        columns: &[
            CODE.eg("nhat"),
            NAME.eg("Nhất"),
            col("Số giải", "count", Whole, "").eg("1"),
            col("Tiền thưởng", "money", Decimal, "Đồng.").eg("5000000"),
            NAME_EN,
        ],
    },
    Sheet {
        name: "Nội dung",
        about: "Mục đích, yêu cầu, nội dung, giải pháp, trách nhiệm: những câu chỉ để giữ và hiển thị.",
        shape: Shape::List("/clauses"),
        columns: &[
            SECTION.eg("I.1"),
            col("Loại", "kind", Word("clause_kind"), "").eg("Mục đích"),
            col("Trách nhiệm của", "role", Text, "Chỉ với trách nhiệm thực hiện."),
            col("Nội dung", "text/vi", Text, "Câu như văn bản ghi.").eg("Đẩy mạnh cải cách hành chính"),
            col("Nội dung (tiếng Anh)", "text/en", Text, ""),
        ],
    },
    Sheet {
        name: "Căn cứ",
        about: "Các văn bản làm căn cứ.",
        shape: Shape::List("/document/bases"),
        columns: &[
            col("Số, ký hiệu", "number", Text, "").or(&["số"]).eg("326/QĐ-UBND"),
            col("Ngày", "date", Day, "").eg("18/07/2025"),
            col("Cơ quan ban hành", "issuer", Text, "").eg("UBND xã Hồng Vân"),
            col("Về việc", "subject", Text, "").or(&["trích yếu"]),
        ],
    },
    Sheet {
        name: "Loại cá nhân",
        about: "Các loại cá nhân được xét.",
        shape: Shape::List("/person_kinds"),
        columns: NAMED,
    },
    Sheet {
        name: "Cụm",
        about: "Cụm, khối, vùng: các đơn vị được giao hoặc xét cùng nhau.",
        shape: Shape::List("/unit_sets"),
        columns: &[
            CODE.eg("cum-1"),
            NAME.eg("Cụm số 1"),
            col("Các đơn vị", "units", Codes, "Mã đơn vị.").eg("thon-1; thon-2"),
            col("Các loại", "kinds", Codes, "Mã loại đơn vị, thay cho từng đơn vị."),
            NAME_EN,
        ],
    },
    Sheet {
        name: "Lĩnh vực",
        about: "Các lĩnh vực mà chỉ tiêu chia theo.",
        shape: Shape::List("/fields"),
        columns: &[
            CODE.eg("dat-dai"),
            NAME.eg("Đất đai"),
            col("Tên khác", "aliases", Lines, "Mỗi tên một dòng trong ô.").eg("Địa chính"),
            NAME_EN,
        ],
    },
    Sheet {
        name: "Chỉ tiêu theo lĩnh vực",
        about: "Chỉ tiêu nào chia theo lĩnh vực nào; mục tiêu riêng nếu có.",
        shape: Shape::Within { list: "/indicators", member: "fields", parent: OF_INDICATOR },
        columns: &[CODE.or(&["lĩnh vực", "mã lĩnh vực"]).eg("dat-dai"), TARGET[0], TARGET[1], TARGET[2]],
    },
    Sheet {
        name: "Chỉ tiêu giao riêng",
        about: "Chỉ tiêu giao không xếp được vào bảng: theo lĩnh vực, theo kỳ gốc, có nguồn riêng.",
        shape: Shape::Within { list: "/indicators", member: "targets", parent: OF_INDICATOR },
        columns: &[
            col("Đơn vị", "unit", Text, "Mã đơn vị.").or(&["mã đơn vị"]).eg("thon-1"),
            col("Cụm", "set", Text, "Mã cụm, thay cho đơn vị.").or(&["mã cụm"]),
            col("Lĩnh vực", "field", Text, "Mã lĩnh vực.").or(&["mã lĩnh vực"]),
            col("Kỳ", "period", Period, "Mã kỳ.").eg("2026-Q1"),
            col("Lũy kế đến kỳ", "through", Period, "Mã kỳ, thay cho kỳ."),
            col("Giao", "value", Figure, "").eg("95"),
            col("Kỳ gốc", "value/base", Period, "Thay cho cột giao: so với số của kỳ này.").eg("2025"),
            col("Nhân với", "value/times", Decimal, "").eg("1,05"),
            col("Cộng thêm", "value/plus", Decimal, "").eg("0,5"),
            col("Nguồn", "source", Word("source"), ""),
        ],
    },
    Sheet {
        name: "Kỳ riêng",
        about: "Các kỳ đặt riêng ngoài các kỳ đều.",
        shape: Shape::List("/reporting/extra_periods"),
        columns: &[
            CODE.eg("2026-cuoi-ky"),
            col("Từ ngày", "starts_on", Day, "").eg("01/10/2026"),
            col("Ngày chốt", "cutoff_on", Day, "").eg("30/11/2026"),
            col("Vai trò", "role", Word("period_role"), "Chỉ với kỳ gốc để so sánh."),
        ],
    },
    Sheet {
        name: REST,
        about: "Những gì các trang khác không có cột. Thường không phải sửa; xóa dòng là bỏ điều đó.",
        shape: Shape::Rest,
        columns: &[
            col("Chỗ", "", Text, "Đường dẫn đến chỗ đó; mục của danh sách gọi bằng mã hoặc số thứ tự từ 0."),
            col("Giá trị", "", Text, "JSON; quá dài thì nối ở các cột sau."),
        ],
    },
];
