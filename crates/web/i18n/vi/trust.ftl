# Đăng nhập
sign-in-title = Đăng nhập
sign-in-promise = Mỗi số liệu mở được đến từng hồ sơ, đúng trong vòng một giây, và chứng minh được là chưa bị sửa.
sign-in-demo = Tài khoản trình diễn
sign-in-demo-text = Chỉ có trong bản trình diễn, với dữ liệu mô phỏng.
sign-in-login = Tên đăng nhập
sign-in-password = Mật khẩu
sign-in-submit = Đăng nhập
sign-in-wrong = Tên đăng nhập hoặc mật khẩu không đúng.

# Gói cấu hình
admin-accounts = Tài khoản và quyền
admin-packs = Gói cấu hình
packs-title = Gói cấu hình
packs-empty = Chưa nạp gói nào
packs-empty-text = Gói cấu hình là thư mục tệp văn bản khai báo đơn vị, sổ, chỉ tiêu và văn bản. Kiểm tra bằng lệnh “haidang pack check”.
pack-whole = Hợp lệ
pack-faults = { $count } lỗi
pack-loaded = Nạp lúc { $moment }
pack-files = { $count } tệp

# Nhật ký
ledger-title = Nhật ký
ledger-lead = Mọi thay đổi là một mục trong cây Merkle (RFC 6962). Ai giữ một gốc đã ký đều kiểm được rằng không mục nào bị sửa hay xóa.
ledger-state = Tình trạng nhật ký
ledger-size = Số mục
ledger-root = Gốc
ledger-whole = Toàn vẹn
ledger-broken = Sai lệch
ledger-not-yet = Chưa kiểm tra
ledger-recent = Mục mới nhất
ledger-empty = Nhật ký còn trống
ledger-empty-text = Mục đầu tiên xuất hiện khi có hồ sơ đầu tiên.
ledger-checkpoints = Mốc đã ký
ledger-checkpoints-none = Chưa có mốc nào được ký.
ledger-find = Mở một mục
ledger-find-label = Số mục
ledger-find-button = Mở mục
ledger-prove = Kiểm tính nhất quán
ledger-prove-label = Kích thước nhật ký cũ mà bạn giữ
ledger-prove-button = Lấy chứng minh
ledger-key = Khóa công khai
entry-title = Mục { $seq } của nhật ký
entry-verdict = Kết quả kiểm
entry-holds = Chứng minh đúng
entry-holds-text = Mục { $seq } có trong cây { $size } mục; máy chủ vừa tính lại từ lá đến gốc.
entry-fails = Chứng minh sai
entry-fails-text = Gốc tính lại không khớp. Hãy báo ngay cho người quản trị và giữ nguyên tệp dữ liệu.
entry-changes = Thay đổi
entry-no-changes = Mục này không đổi trường nào.
entry-proof = Chứng minh có mặt
entry-proof-text = Băm lá với từng giá trị dưới đây theo thứ tự sẽ ra gốc đã ký.
entry-leaf-hash = Băm của lá
entry-left = ghép bên trái
entry-right = ghép bên phải
entry-root = Gốc của { $size } mục
entry-leaf-withheld = Không hiện: trong lá có lời ghi có thể nêu dữ liệu cá nhân. Băm của lá vẫn chứng minh được.
entry-leaf = Nội dung lá đã băm
entry-download = Tải chứng minh

# Tài khoản
accounts-title = Tài khoản và quyền
accounts-create = Thêm tài khoản
accounts-find = Tìm theo tên
accounts-empty = Không có tài khoản nào khớp
accounts-empty-text = Thử tên khác, hoặc thêm tài khoản mới.
account-locked = Đã khóa
grant-over = tại
grant-since = từ { $date }
grant-revoke = Thu hồi quyền

# Lỗi
error-name = Mã để hỏi hỗ trợ
error-not-found-title = Không tìm thấy trang này
error-not-found = Địa chỉ không dẫn đến nội dung nào, hoặc bạn không có quyền xem nội dung đó.
error-not-found-next = Kiểm tra lại địa chỉ, hoặc tìm bằng ô tìm kiếm ở đầu trang.
error-forbidden-title = Bạn không có quyền làm việc này
error-forbidden = Vai trò hiện tại của bạn không bao gồm việc này tại đơn vị này.
error-forbidden-next = Nếu cần, đề nghị người quản trị của đơn vị cấp quyền.
error-server-title = Có lỗi ở phía máy chủ
error-server = Yêu cầu chưa hoàn tất.
error-server-kept = Những gì đã lưu trước đó vẫn nguyên vẹn; việc dở dang không được ghi.
error-server-next = Thử lại sau ít phút.
error-title = Không thực hiện được
error-title-page = Chưa mở được trang này
error-kept-409 = Những gì bạn nhập chưa được lưu; bản đang lưu vẫn nguyên.
error-next-409 = Mở lại trang, so với bản mới rồi lưu lại.
error-next-403 = Nếu cần, đề nghị người quản trị của đơn vị cấp quyền.
error-next-405 = Địa chỉ này chỉ nhận biểu mẫu gửi đi, không có gì để xem. Hãy mở lại trang có biểu mẫu.
error-next-404 = Kiểm tra lại địa chỉ, hoặc tìm bằng ô tìm kiếm.
error-kept-500 = Những gì đã lưu trước đó vẫn nguyên vẹn; việc dở dang không được ghi.
error-next-500 = Thử lại sau ít phút; nếu vẫn lỗi, báo mã dưới đây.
error-kept-503 = Việc vừa làm chưa được ghi.
error-next-503 = Thử lại sau ít phút.
error-busy-title = Hệ thống đang bận
error-back = Về trang Tổng quan

# Việc chạy nền
admin-jobs = Việc chạy nền
jobs-title = Việc chạy nền
jobs-lead = Những việc phần mềm làm bên cạnh công việc của cán bộ: nhận dạng chữ trong bản quét, gửi thông báo cho hệ thống khác. Việc dở dang được làm tiếp dù máy chủ dừng giữa chừng.
jobs-empty = Chưa có việc nào
jobs-empty-text = Khi cán bộ quét giấy tờ vào hồ sơ, việc nhận dạng chữ sẽ hiện ở đây.
job-digitise = Bản quét tra cứu được (PDF/A)
job-state-waiting = Đang chờ
job-state-running = Đang chạy
job-state-done = Đã xong
job-state-failed = Không làm được
job-progress = { $done } / { $total }
job-again = Làm lại
col-job = Việc
col-attempts = Số lần
col-outcome = Kết quả
done-job-again = Đã đưa việc vào hàng chờ để làm lại.
