# Văn bản chỉ đạo
directives-title = Văn bản chỉ đạo
directives-caption = Văn bản xếp theo cấp: văn bản dưới thực hiện văn bản trên
directives-create = Thêm văn bản
directives-empty = Chưa có văn bản nào
directives-empty-text = Nạp gói cấu hình hoặc thêm văn bản đầu tiên, ví dụ Nghị quyết 57-NQ/TW.
directive-below = Văn bản triển khai
directive-targets = Chỉ tiêu được giao
directive-targets-empty = Văn bản này chưa giao chỉ tiêu
directive-targets-empty-text = Giao chỉ tiêu với ngưỡng, hạn và đơn vị thực hiện để theo dõi ở trang Tổng quan.
directive-tasks = Nhiệm vụ

# Chỉ tiêu được giao
targets-count = { $count } chỉ tiêu
targets-find = Tìm theo nội dung, mã
targets-empty = Không có chỉ tiêu nào khớp
targets-empty-text = Bỏ bớt điều kiện lọc, hoặc giao chỉ tiêu theo một văn bản chỉ đạo.
target-now = Hiện đạt
target-threshold = Ngưỡng
target-deadline = 
    { $count ->
        [1] Hạn
       *[other] Các hạn khác nhau
    }
target-indicator = Đo bằng
target-directive = Theo
target-trend = Tiến tới mục tiêu
target-steps = Các mốc
target-units = Đơn vị thực hiện
target-units-empty = Chưa giao cho đơn vị nào
target-units-empty-text = Chọn đơn vị hoặc cả cấp để giao chỉ tiêu.
target-tasks = Nhiệm vụ phục vụ chỉ tiêu

# Nhiệm vụ
tasks-title = Nhiệm vụ
tasks-count = { $count } nhiệm vụ
tasks-find = Tìm theo nội dung, mã, đơn vị
tasks-create = Giao nhiệm vụ
tasks-empty = Không có nhiệm vụ nào
tasks-empty-text = Nhiệm vụ hiện ở đây khi được giao theo văn bản chỉ đạo hoặc kết luận cuộc họp. Nếu đang lọc, hãy bỏ bớt điều kiện.
task-progress = { $percent } %
task-six = Sáu rõ
six-who = Rõ người
six-work = Rõ việc
six-responsibility = Rõ trách nhiệm
six-authority = Rõ thẩm quyền
six-time = Rõ thời gian
six-product = Rõ kết quả
task-below = Nhiệm vụ con

# Duyệt
approvals-title = Chờ duyệt
approvals-count = { $count } việc
approvals-empty = Không có việc nào chờ bạn duyệt
approvals-empty-text = Số liệu và cập nhật tiến độ do đơn vị cấp dưới gửi lên sẽ hiện ở đây.
approvals-mine = Bạn đã gửi

# Quyết định mâu thuẫn
decide-title = Quyết định mâu thuẫn số liệu
decide-choice = Giá trị được chọn
decide-nobody = chưa ai quyết định
decide-lead = Chọn một giá trị và ghi lý do. Các giá trị khác vẫn được giữ trong lịch sử; quyết định được ghi vào nhật ký dưới tên bạn.

# Báo cáo
reports-title = Báo cáo
report-lead = Báo cáo Word trình bày theo Nghị định 30/2020/NĐ-CP, kèm phụ lục Excel có tử số, mẫu số, nguồn và mốc nhật ký.
report-holds = Báo cáo sẽ gồm
report-docx = Tải báo cáo Word
report-xlsx = Tải phụ lục Excel
report-made = Báo cáo đã lập
report-made-empty = Chưa lập báo cáo nào
report-made-empty-text = Báo cáo đã lập được giữ lại cùng mốc nhật ký để đối chiếu về sau.
