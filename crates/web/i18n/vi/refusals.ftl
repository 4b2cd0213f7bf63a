# Từ chối, dùng chung
refusal-unknown = Không thực hiện được ({ $code }).
refusal-internal = Có lỗi ở phía máy chủ; việc chưa được thực hiện.
refusal-not-found = Không tìm thấy “{ $what }”, hoặc bạn không có quyền xem.
refusal-csrf = Trang đã cũ hoặc phiên đã hết. Hãy tải lại trang rồi làm lại.
refusal-version-conflict = Người khác vừa lưu trước bạn (phiên bản { $version }); chưa ghi đè gì.
refusal-record-key-taken = Mã này đã có hồ sơ khác dùng.
refusal-record-not-found = Không tìm thấy hồ sơ này, hoặc bạn không có quyền xem.
refusal-idempotency-mismatch = Yêu cầu này đã được gửi trước với nội dung khác.
refusal-store-busy = Cơ sở dữ liệu đang bận; việc chưa được ghi.
refusal-store-unreachable = Không kết nối được cơ sở dữ liệu; việc chưa được ghi.
refusal-store-closed = Hệ thống đang dừng; việc chưa được ghi.
refusal-store-disk-full = Ổ đĩa đã đầy; việc chưa được ghi.

# Quyền và đăng nhập
refusal-access-sign-in = Hãy đăng nhập để làm việc này ({ $action }).
refusal-access-role = Việc này ({ $action }) cần một trong các vai trò: { $roles }.
refusal-access-unit = Bạn không có quyền làm việc này ({ $action }) tại { $name } ({ $unit }).
refusal-access-register = Bạn không có quyền làm việc này ({ $action }) với sổ “{ $register }”.
refusal-access-own-work = Người đã làm ({ $account }) không được tự làm bước này ({ $action }); cần người thứ hai.
refusal-sign-in-wait = Đã sai nhiều lần. Hãy thử lại sau { $minutes } phút.
refusal-account-password = Mật khẩu cần ít nhất { $min } ký tự.
refusal-account-login = Tên đăng nhập “{ $login }” không hợp lệ hoặc đã có người dùng.

# Dữ liệu nhập
refusal-input-required = Trường “{ $field }” còn trống.
refusal-input-date = “{ $text }” ở trường “{ $field }” không phải ngày. Viết ngày/tháng/năm, ví dụ 30/08/2025.
refusal-input-future = Ngày ở trường “{ $field }” nằm trong tương lai.
refusal-input-too-long = Trường “{ $field }” dài quá { $max } ký tự.
refusal-input-too-large = Tệp lớn hơn { $max } MB.
refusal-input-time = “{ $text }” không phải { $expected }.
refusal-import-bad-row = { $place }: { $detail } ({ $code })
refusal-number-ambiguous = “{ $text }” có thể đọc là { $first } hoặc { $second }. Hãy viết rõ hơn.
refusal-number-unknown-qualifier = Không hiểu mức độ “{ $text }”. Có thể dùng: { $known }.

# Đơn vị, nhiệm vụ, số liệu
refusal-unit-unknown = Không có đơn vị “{ $unit }”.
refusal-unit-not-on-map = Đơn vị này không có trên bản đồ của ngày đang xem.
refusal-task-progress = Tiến độ phải từ 0 đến 100, không phải { $value }.
refusal-task-dates = Hạn { $deadline } sớm hơn ngày bắt đầu { $starts_on }.
refusal-lifecycle-step = Ở trạng thái hiện tại không thể làm bước này.
refusal-lifecycle-unknown-state = Quy trình không có trạng thái “{ $state }”.
refusal-lifecycle-unknown-transition = Quy trình không có bước “{ $transition }”.
refusal-lifecycle-guard = Chưa đủ điều kiện cho bước “{ $transition }”: { $guard }.
refusal-conflict-not-a-claim = { $deadline } không phải một trong các hạn đang mâu thuẫn.
refusal-figure-live = Chỉ tiêu “{ $indicator }” được tính từ hồ sơ, không nhập tay.
refusal-freeze-twice = Kỳ { $period } đã được chốt.
refusal-freeze-not-over = Kỳ { $period } chưa kết thúc nên chưa chốt được.
