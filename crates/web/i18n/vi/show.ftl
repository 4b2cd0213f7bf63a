# Trang tổng quan
leader-kpi-both = { $targets } chỉ tiêu, { $tasks } nhiệm vụ
leader-kpi-completed = { $count } đã hoàn thành
leader-kpi-conflicts = Mâu thuẫn
leader-kpi-conflicts-note = chưa có người quyết định
leader-conflict-deadline = Hạn của “{ $target }”: { $days }

# Danh sách chỉ tiêu
filter-conflict = Có mâu thuẫn
spark-title = Từ { $from } đến { $to } trong { $count } tháng

# Trang chỉ tiêu
label-sum = Tổng
label-counted = Số bản ghi được tính
change-amount-up = +{ $amount } so với { $period }
change-amount-down = −{ $amount } so với { $period }
trend-title = { $name } – { $unit }, { $from } – { $to }
trend-desc = Từ { $from } đến { $to }.
unit-vnd = đồng
breakdown-by = Theo { $field }
value-empty = (không ghi)
value-others = { $count } mục còn lại
value-yes = Có
value-no = Không
period-unknown = kỳ không rõ
conflict-title = { $name } ({ $period }): { $count } giá trị khác nhau
conflict-decided = Đã chọn { $value } – { $who }, { $at }: { $reason }
formula-counted = Tính trực tiếp từ bản ghi của sổ theo biểu thức dưới đây.
formula-reported = Số do đơn vị báo cáo hoặc được công bố; không tính từ bản ghi.
caveat-estimated = Một phần số liệu được chia theo tỷ lệ đã công bố của đơn vị bị tách: là số ước tính.
caveat-not-attributable = Không quy được cho đơn vị này, không đoán: { $units }.
caveat-other-period = Số liệu này nói về { $period }, không phải đúng kỳ đang xem.
caveat-no-period = Nguồn không nói số liệu thuộc kỳ nào.
caveat-conflict = Các nguồn nêu giá trị khác nhau cho cùng một kỳ; giữ cả, không lấy trung bình.
caveat-window = Số đang xem là của { $period }; chỉ tiêu tính theo { $window }, nên chỉ để tham khảo khi so với ngưỡng.
caveat-running = Biểu đồ cộng dồn theo { $window }, như cách tính của chỉ tiêu.
caveat-simulated = Dữ liệu mô phỏng để trình diễn, không phải số thật.
window-month = từng tháng
window-quarter = từng quý
window-year = cả năm
window-cumulative = lũy kế
window-latest = hiện trạng

# Bản ghi
records-behind = Các bản ghi đứng sau “{ $name }” của { $unit }, { $period }.
part-counted = Được tính
part-numerator = Ở tử số
part-rest = Ở mẫu số, không ở tử số
col-record = Bản ghi
col-state = Trạng thái
record-created = Tạo lúc
record-updated = Sửa lần cuối
record-version = Phiên bản
counted-numerator = Ở tử số và mẫu số
counted-denominator = Chỉ ở mẫu số
counted-whole = Được tính
history-on-behalf = { $who } thay mặt { $other }
history-declared = khai báo từ gói { $pack }
history-declared-anew = khai báo lại theo gói cấu hình
kind-of-entry-declare = Gói cấu hình khai báo
kind-of-entry-create = Tạo
kind-of-entry-update = Cập nhật
kind-of-entry-change = Sửa
kind-of-entry-import = Nhập dữ liệu
kind-of-entry-submit = Gửi duyệt
kind-of-entry-approve = Duyệt
kind-of-entry-return = Trả lại
kind-of-entry-choose = Chọn giá trị này
kind-of-entry-set-aside = Gác lại sau quyết định
kind-of-entry-decide = Quyết định
kind-of-entry-assign = Giao
kind-of-entry-wait = Chuyển chờ hướng dẫn
kind-of-entry-retire = Ngừng dùng
state-active = Đang dùng
state-retired = Ngừng dùng
state-in-force = Có hiệu lực
state-superseded = Đã thay thế

# Đơn vị
valid-until = { $from } – { $to }
unit-org-code = Mã định danh điện tử
unit-parent = Đơn vị cấp trên
unit-aliases = Tên khác
unit-reminder = { $task }: { $left }.
unit-kind-country = Quốc gia
unit-kind-province = Cấp tỉnh
unit-kind-district = Cấp huyện, thành phố thuộc tỉnh
unit-kind-ward = Phường
unit-kind-commune = Xã
unit-kind-special-zone = Đặc khu
unit-kind-agency = Cơ quan chuyên môn
