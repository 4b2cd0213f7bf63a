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

# Thu phí, lệ phí
refusal-payment-not-demanded = Hồ sơ không có khoản nào phải thu. Hãy yêu cầu nộp phí, lệ phí trước, rồi ghi nhận tiền vào khoản đó.
refusal-payment-open = Hồ sơ đang có khoản thu { $reference } chưa xong.
refusal-payment-nothing-due = Hồ sơ này không phải nộp phí, lệ phí.
refusal-payment-no-account = { $unit } chưa khai báo tài khoản thu phí, lệ phí.
refusal-payment-too-many = Một hồ sơ có nhiều nhất { $max } lần yêu cầu nộp.
refusal-payment-not-now = Không làm được việc này với khoản đang ở trạng thái “{ word-payment-state }”.
refusal-payment-refund-amount = Số tiền hoàn từ 1 đồng đến { $max } đồng.
refusal-payment-counter-amount = Phí, lệ phí phải thu là { $due } đồng, không phải { $paid } đồng. Để trống ô này nếu người nộp chuyển khoản.
refusal-payment-not-matched = Không khớp được với khoản thu này: { word-notice-problem }.
refusal-payment-gateway = Cổng thanh toán không trả lời ({ $reason }). Chưa có gì thay đổi, hãy thử lại.
refusal-bank-body = Không đọc được báo có: { $reason }
refusal-bank-changed = Báo có { $notice } đã được gửi trước đó với nội dung khác.
refusal-signature-wrong = Chữ ký của thông điệp không đúng.
refusal-signature-old = Thông điệp được ký cách đây quá { $seconds } giây; hãy ký và gửi lại.
word-payment-state =
    { $state ->
        [demanded] chờ nộp
        [mismatch] lệch tiền
        [paid] đã nộp
        [refund_due] chờ hoàn
        [refunded] đã hoàn
        [cancelled] đã hủy
        [open] chờ xử lý
        [matched] đã khớp
        [settled] đã xử lý
       *[other] { $state }
    }
word-notice-problem =
    { $problem ->
        [unknown] nội dung chuyển khoản không có mã đối soát nào đã biết
        [account] tiền vào tài khoản khác với tài khoản của khoản thu
        [twice] khoản thu đã được nộp đủ trước đó
        [cancelled] khoản thu đã bị hủy
       *[other] { $problem }
    }

# Trang thủ quỹ và biên nhận
pay-title = Thu phí, lệ phí
pay-day = Ngày
pay-show = Xem
pay-total = Đã thu trong ngày
pay-refunded = Đã hoàn
pay-told = Ngân hàng, cổng thanh toán báo có
pay-open-notices = Tiền chưa khớp
pay-open-notices-none = Mọi khoản tiền báo có đều đã khớp với một khoản thu.
pay-cases = Khoản thu cần xử lý
pay-cases-none = Không có khoản thu nào lệch tiền hay chờ hoàn.
pay-more = Còn nhiều việc hơn danh sách này; xử lý xong thì phần còn lại hiện ra.
pay-account = Đối soát trong ngày
pay-col-way = Cách nộp
pay-col-count = Số khoản
pay-col-amount = Số tiền
pay-from-receipt = { $way }, theo biên lai
pay-from-that-day = { $way }, báo có trong ngày
pay-from-other-day = { $way }, báo có ngày khác
pay-from-not-yet = { $way } ghi tại quầy, chưa có báo có
pay-became-paid = Khớp với khoản thu nộp đủ trong ngày
pay-became-paid-other-day = Khớp với khoản thu nộp đủ ngày khác
pay-became-waits = Khớp với khoản thu còn lệch hoặc chờ hoàn
pay-became-closed = Đã đóng, không phải khoản thu
pay-became-open = Chưa khớp
pay-left = Còn lại sau khi hoàn
pay-even = Chênh lệch 0 đồng: mọi khoản tiền trong ngày đều đã giải thích được.
pay-uneven = Còn { $amount } chưa giải thích được: báo có chưa khớp, hoặc ghi tại quầy mà ngân hàng chưa báo có.
pay-apart = Sổ thu và báo có trong ngày lệch nhau { $amount }: hãy báo người quản trị.
pay-way-vietqr = Chuyển khoản VietQR
pay-way-gateway = Cổng thanh toán
pay-way-cash = Tiền mặt tại quầy
pay-reference = Mã đối soát
pay-reason = Lý do
pay-transaction = Giao dịch
pay-purpose = Nội dung chuyển khoản
pay-to-account = Tài khoản nhận
pay-booked = Ghi có lúc
pay-match = Khớp với khoản thu
pay-close = Đóng, không phải khoản thu
pay-notice-unknown = Nội dung chuyển khoản không có mã đối soát nào đã biết.
pay-notice-account = Tiền vào tài khoản khác với tài khoản của khoản thu.
pay-notice-twice = Khoản thu này đã được nộp đủ trước đó.
pay-notice-cancelled = Khoản thu này đã bị hủy.
pay-case-short = Nộp thiếu: chờ nộp tiếp, thu phần còn thiếu bằng tiền mặt, hoặc hoàn lại.
pay-case-over = Nộp thừa: ghi nhận lệ phí và hoàn phần thừa.
pay-case-dossier-closed = Hồ sơ đã kết thúc trước khi tiền đến: phải hoàn lại.
pay-case-refund = Chờ người thứ hai hoàn tiền.
pay-dossier = Hồ sơ
pay-asked = Phải nộp
pay-received = Đã nhận
pay-refund-amount = Số tiền hoàn (đồng)
pay-cashier = Người thu
pay-why-excess = Nộp thừa
pay-why-closed = Hồ sơ đã kết thúc
pay-do-refunded = Xác nhận đã hoàn tiền
pay-do-excess = Ghi nhận đã nộp, hoàn phần thừa
pay-do-cash = Thu phần còn thiếu bằng tiền mặt
pay-do-refund = Đề nghị hoàn tiền
done-payment-settled = Đã xử lý khoản tiền.
receipt-title = Biên nhận thu phí, lệ phí
receipt-lines = Các khoản
receipt-line = Khoản
receipt-full = Mức thu
receipt-asked = Phải nộp
receipt-total = Tổng cộng
receipt-payer = Người nộp
receipt-procedure = Thủ tục
receipt-paid-at = Nộp lúc
receipt-fee = Phí, lệ phí
receipt-note = Biên nhận in từ hệ thống; biên lai điện tử theo quy định của cơ quan thuế được cấp riêng.
pay-items = { $count } khoản
