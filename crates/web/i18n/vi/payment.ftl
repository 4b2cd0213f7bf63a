# Thanh toán: mã VietQR
refusal-vietqr-bin = “{ $bin }” không phải mã ngân hàng (BIN) gồm sáu chữ số.
refusal-vietqr-account = “{ $account }” không phải số tài khoản (1–19 chữ cái không dấu, chữ số) hay số thẻ (16–19 chữ số).
refusal-vietqr-amount = “{ $amount }” không phải số tiền nguyên đồng từ 1 đến 9.999.999.999.999.
refusal-vietqr-character = Mã VietQR chỉ nhận chữ không dấu, chữ số và dấu câu thông thường; “{ word-part }” có ký tự “{ $found }”.
refusal-vietqr-blank = “{ word-part }” đang để trống.
refusal-vietqr-too-long = “{ word-part }” có { $length } ký tự, chỉ đủ chỗ cho { $max }.
refusal-vietqr-checksum = Mã bị đọc sai hoặc đã bị sửa: mã kiểm tra ghi { $said }, tính lại được { $counted }.
refusal-vietqr-unreadable = Không phải mã VietQR hợp lệ: { $detail }.
word-part =
    { $part ->
        [purpose] nội dung chuyển khoản
        [bill] số hóa đơn
        [reference] mã tham chiếu
        [terminal] điểm thu
        [name] tên người nhận
        [city] thành phố
        [62] phần thông tin thêm
       *[other] { $part }
    }
