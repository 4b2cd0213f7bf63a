# Trang tổng quan
leader-title = Tổng quan chỉ đạo, điều hành
leader-grid = Chỉ tiêu theo đơn vị
leader-grid-caption = Mỗi dòng là một chỉ tiêu được giao, mỗi cột là một đơn vị; ô cho biết số liệu và tình trạng.
leader-scroll = Bảng có { $count } cột đơn vị. Kéo ngang (hoặc dùng phím mũi tên) để xem hết.
leader-empty = Chưa có chỉ tiêu nào được giao
leader-empty-text = Khi một văn bản chỉ đạo giao chỉ tiêu cho các đơn vị, bảng này hiện từng đơn vị đang ở đâu. Bắt đầu ở trang Văn bản chỉ đạo.
leader-late = Quá hạn
leader-late-none = Không có việc nào quá hạn.
leader-at-risk = Có nguy cơ chậm
brief-units = { $count }/{ $bound } đơn vị: { $names }
leader-at-risk-none = Không có việc nào có nguy cơ chậm.
leader-today = Thay đổi gần đây
leader-today-before = Hôm nay chưa có thay đổi. Dưới đây là { $days } ngày gần nhất.
leader-today-none = Không có thay đổi nào trong 7 ngày gần nhất. Số liệu, nhiệm vụ các đơn vị gửi lên sẽ hiện ở đây.
leader-conflicts = { $count } mâu thuẫn số liệu chưa được quyết định:
leader-kpi-targets = Chỉ tiêu được giao
leader-kpi-tasks = Nhiệm vụ đang mở
grid-not-bound = Không giao cho đơn vị này

# Số liệu
figure-estimated = ước tính
figure-estimated-long = Một phần số liệu được chia theo tỷ lệ đã công bố khi đơn vị tách
proof-link = Chứng minh
source-as-of = Tính đến { $date }
source-as-of-unknown = Nguồn không nói rõ tính đến ngày nào
conflict-flag = Mâu thuẫn
conflict-chosen = Đã chọn
conflict-undecided = Chưa ai quyết định. Cả hai giá trị đều được giữ nguyên và không tính trung bình.
conflict-decide = Quyết định

# Trang chỉ tiêu
indicators-title = Chỉ tiêu
indicators-find = Tìm theo tên hoặc mã
indicators-enter = Nhập số liệu
indicators-empty = Không có chỉ tiêu nào khớp
indicators-empty-text = Bỏ bớt điều kiện lọc, hoặc nạp gói cấu hình có khai báo chỉ tiêu.
indicator-now = Số liệu hiện tại
indicator-goal = Mục tiêu
indicator-records = Mở { $count } hồ sơ
indicator-trend = Xu hướng
indicator-league = Theo đơn vị
indicator-provenance = Cách tính và nguồn
indicator-moved = Thay đổi lần cuối { $moment }
trend-table = Bảng số liệu của biểu đồ
trend-empty = Chưa có số liệu theo thời gian
trend-empty-text = Đường xu hướng hiện ra khi có ít nhất một kỳ có số liệu.
league-empty = Chưa có số liệu theo đơn vị.
kind-computed = Tính từ hồ sơ
kind-reported = Báo cáo
kind-derived = Suy ra từ chỉ tiêu khác
change-points-up = +{ $points } điểm so với { $period }
change-points-down = −{ $points } điểm so với { $period }
change-none = Không đổi so với { $period }
chart-target = Mục tiêu { $goal }
chart-deadline = Hạn { $date }
chart-projection = dự kiến đạt { $date }
chart-boundary = Sắp xếp đơn vị { $date }
risk-late = Với tốc độ { $window } ngày qua, ngưỡng { $threshold } đạt được sau hạn { $days } ngày.
risk-never = Trong { $window } ngày qua số liệu không tiến về ngưỡng { $threshold }.
risk-in-time = Với tốc độ { $window } ngày qua, ngưỡng { $threshold } đạt được trước hạn { $days } ngày.

# Đơn vị
units-title = Đơn vị
units-empty = Chưa có đơn vị nào
units-empty-text = Đơn vị, ngày hiệu lực và việc sáp nhập nằm trong gói cấu hình.
unit-enter = Nhập số liệu tháng này
unit-report = Lập báo cáo
unit-targets = Chỉ tiêu được giao
unit-targets-empty = Chưa được giao chỉ tiêu nào
unit-targets-empty-text = Chỉ tiêu hiện ở đây khi một văn bản chỉ đạo giao cho đơn vị này.
unit-tasks = Nhiệm vụ
unit-figures = Số liệu
unit-passages = Sáp nhập, chia tách
passage-from = Hình thành từ
passage-into = Nhập vào
share-whole = toàn bộ
share-part = một phần ({ $share }, ước tính)
share-undeclared = một phần, chưa công bố tỷ lệ
valid-until-now = { $from } – nay

# Hồ sơ
records-count = { $count } hồ sơ
records-count-more = hơn { $count } hồ sơ
records-find = Tìm theo mã hoặc nội dung
records-empty = Không có hồ sơ nào khớp
records-empty-text = Bỏ bớt điều kiện lọc, đổi kỳ hoặc đơn vị ở đầu trang.
record-fields = Nội dung hồ sơ
record-counted = Được tính vào
record-counted-none = Hồ sơ này không được tính vào chỉ tiêu nào.
