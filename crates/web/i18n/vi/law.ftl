# Một cửa: từ của luật và các câu từ chối có dẫn điều khoản

law-article = { $clause ->
        [none] Điều { $article }
       *[other] khoản { $clause } Điều { $article }
    } { $decree }

# Trạng thái hồ sơ (mười trạng thái quốc gia, và hai cách của trạng thái 8)
case-status-registered = Mới đăng ký
case-status-received = Được tiếp nhận
case-status-not-accepted = Không được tiếp nhận
case-status-in-progress = Đang xử lý
case-status-supplement = Yêu cầu bổ sung giấy tờ
case-status-payment = Yêu cầu thực hiện nghĩa vụ tài chính
case-status-withdrawn = Công dân yêu cầu rút hồ sơ
case-status-stopped = Dừng xử lý
case-status-rejected = Từ chối giải quyết
case-status-resolved = Đã xử lý xong
case-status-returned-result = Đã trả kết quả

# Việc làm với hồ sơ
case-act-accept = Tiếp nhận
case-act-not-accept = Từ chối tiếp nhận
case-act-ask-supplement = Yêu cầu bổ sung
case-act-supplement = Bổ sung hồ sơ
case-act-return-after-appraisal = Trả lại sau thẩm định
case-act-hand-over = Chuyển xử lý
case-act-ask-opinion = Lấy ý kiến
case-act-answer-opinion = Ghi ý kiến trả lời
case-act-demand-payment = Yêu cầu nộp phí
case-act-paid = Ghi đã nộp phí
case-act-apologise = Xin lỗi và hẹn lại
case-act-apologise-late = Xin lỗi vì quá hạn
case-act-suspend = Tạm dừng
case-act-resume = Tiếp tục xử lý
case-act-forward-to-unit = Chuyển đơn vị khác
case-act-return-from-unit = Nhận lại từ đơn vị khác
case-act-resolve = Giải quyết xong
case-act-refuse = Từ chối giải quyết
case-act-return-result = Trả kết quả
case-act-withdraw = Rút hồ sơ
case-act-stop = Dừng xử lý

# Lý do yêu cầu bổ sung, trả lại, từ chối
case-reason-missing = Thiếu giấy tờ
case-reason-illegible = Không đọc được
case-reason-expired = Hết hiệu lực
case-reason-wrong = Không đúng loại, chưa chứng thực
case-reason-contradicts = Thông tin mâu thuẫn
case-reason-not-eligible = Không đủ điều kiện
case-reason-other-office = Không thuộc thẩm quyền
case-reason-other = Lý do khác

word-case-state =
    { $state ->
        [registered] mới đăng ký
        [received] được tiếp nhận
        [not_accepted] không được tiếp nhận
        [in_progress] đang xử lý
        [supplement] chờ bổ sung
        [payment] chờ nộp phí
        [withdrawn] đã rút
        [stopped] dừng xử lý
        [rejected] đã từ chối
        [resolved] đã xử lý xong
        [returned_result] đã trả kết quả
       *[other] { $state }
    }
word-case-act =
    { $act ->
        [accept] tiếp nhận
        [not_accept] từ chối tiếp nhận
        [ask_supplement] yêu cầu bổ sung
        [supplement] bổ sung
        [return_after_appraisal] trả lại sau thẩm định
        [hand_over] chuyển xử lý
        [ask_opinion] lấy ý kiến
        [answer_opinion] ghi ý kiến
        [demand_payment] yêu cầu nộp phí
        [paid] ghi đã nộp phí
        [apologise] xin lỗi và hẹn lại
        [apologise_late] xin lỗi
        [suspend] tạm dừng
        [resume] tiếp tục
        [forward_to_unit] chuyển đơn vị khác
        [return_from_unit] nhận lại
        [resolve] kết thúc giải quyết
        [refuse] từ chối giải quyết
        [return_result] trả kết quả
        [withdraw] rút hồ sơ
        [stop] dừng xử lý
       *[other] { $act }
    }

refusal-one-stop-not-now = Không thể { word-case-act } khi hồ sơ đang ở trạng thái “{ word-case-state }” ({ law-article }).
refusal-one-stop-order = Đồng hồ máy chủ đang chỉ { $at }, sớm hơn lần ghi trước của hồ sơ này ({ $last }). Chưa có gì được ghi; hãy thử lại sau lúc đó, hoặc báo người quản trị xem lại giờ của máy chủ.
refusal-one-stop-suspended = Hồ sơ đang tạm dừng từ { $since }; hãy tiếp tục xử lý trước ({ law-article }).
refusal-one-stop-supplement-again = Đã yêu cầu bổ sung một lần ({ $first }); không được yêu cầu lần nữa ({ law-article }).
refusal-one-stop-return-too-late = Chỉ được trả lại sau thẩm định đến { $until } ({ law-article }).
refusal-one-stop-reappointed = Đã xin lỗi và hẹn lại một lần ({ $first }); không được hẹn lại lần nữa ({ law-article }).
refusal-one-stop-apology-too-late = Thông báo xin lỗi và hẹn lại phải gửi chậm nhất { $until } ({ law-article }). Vẫn có thể gửi thư xin lỗi vì quá hạn; hạn trả kết quả giữ nguyên.
refusal-one-stop-apology-in-time = Còn hẹn lại được đến { $until }: hãy dùng “Xin lỗi và hẹn lại” ({ law-article }).
refusal-one-stop-opinion-open = Đang chờ ý kiến của { $agency }, hạn { $until } ({ law-article }).
refusal-one-stop-link-open = Đơn vị { $unit } chưa xong phần việc của mình ({ law-article }).
refusal-one-stop-citizen-may-pay = Công dân còn thời gian nộp phí, lệ phí đến hết ngày { $until } ({ law-article }).
refusal-one-stop-citizen-has-time = Công dân còn thời gian bổ sung đến hết ngày { $until } ({ law-article }).
refusal-one-stop-result-given = Hồ sơ đã trả kết quả hoặc đã kết thúc: không đổi được cách nhận kết quả.
refusal-one-stop-reason-required = Phải nêu rõ từng lý do để công dân biết và làm theo ({ law-article }).
refusal-one-stop-reasons-max = Quá { $max } lý do cho một lần yêu cầu; hãy gộp lại ({ law-article }).
refusal-one-stop-day-past = Ngày { $day } không hợp lệ: phải là ngày sau hôm nay ({ law-article }).
refusal-one-stop-new-day = Ngày hẹn lại { $day } phải là ngày làm việc và sau hạn cũ { $due } ({ law-article }).
refusal-one-stop-unknown-step = Thủ tục này không có bước “{ $step }”.
refusal-one-stop-step-left-out = Chưa qua bước “{ $step }”: mỗi lần chỉ chuyển sang bước kế tiếp, hoặc trả về bước trước.
refusal-one-stop-already-there = Hồ sơ đang ở bước “{ $step }” và người xử lý không đổi.
refusal-one-stop-not-at-decision = Chưa đến bước “{ $step }”: kết quả được ký ở bước đó, không ký sớm hơn.
refusal-one-stop-assignee-role = { $name } không có quyền làm bước “{ $step }” tại đơn vị này.
refusal-one-stop-apology-no-day = Hồ sơ trả trong ngày hoặc ngày làm việc kế tiếp: không còn ngày làm việc nào trước hạn để xin lỗi và hẹn lại ({ law-article }). Khi quá hạn, hãy gửi thư xin lỗi vì quá hạn.
refusal-one-stop-not-late = Chưa quá hạn: hạn trả kết quả là { $due } ({ law-article }).
refusal-one-stop-unknown-opinion = Không có ý kiến nào đang chờ ở vị trí này ({ law-article }).
refusal-one-stop-unknown-link = Không có đơn vị nào đang giữ phần việc ở vị trí này ({ law-article }).
refusal-one-stop-amount = Số tiền phải lớn hơn 0 ({ law-article }).
refusal-one-stop-cite = “{ $text }” không phải điều khoản dạng 19.9 hoặc 19.9 NĐ 61/2018/NĐ-CP.
refusal-one-stop-minute = “{ $text }” không phải giờ dạng 15:00.
refusal-calendar-term = “{ $text }” không phải thời hạn: viết như 5 working_days, 8 working_hours, 15 days, 1 month hoặc same_day.
refusal-dossier-code-agency = “{ $text }” không phải mã cơ quan dạng H06.36 (Quyết định 20/2020/QĐ-TTg).
refusal-dossier-code-shape = “{ $text }” không phải mã hồ sơ, ví dụ H15.50.05.13-261008-0975.
refusal-one-stop-no-rules = Chưa có quy định một cửa nào có hiệu lực ngày { $day }; nạp gói quốc gia rồi thử lại.

# Nộp hồ sơ, quầy, tra cứu
refusal-one-stop-no-procedure = Không có thủ tục “{ $code }” đang áp dụng.
refusal-one-stop-not-offered = { $name } không tiếp nhận thủ tục này; hãy chọn đơn vị có thẩm quyền.
refusal-one-stop-not-online = Thủ tục “{ $name }” chưa nộp trực tuyến được; hãy đến bộ phận một cửa.
refusal-one-stop-no-agency-code = Chưa khai báo mã định danh của { $unit } nên chưa cấp được mã hồ sơ; báo người quản trị.
refusal-one-stop-no-case = Hồ sơ { $code } đến từ hệ thống cũ, không xử lý theo quy trình một cửa ở đây được.
refusal-one-stop-no-paper-today = Ngày { $day } không nhận hồ sơ giấy ({ $name }). Hãy số hóa tại quầy hoặc hướng dẫn nộp trực tuyến.
refusal-one-stop-duplicate-elsewhere = Người này đang có hồ sơ cùng thủ tục tại một đơn vị khác. Hỏi lại người nộp, hoặc xác nhận đây là việc khác.
refusal-one-stop-duplicate = Người này vừa có hồ sơ cùng thủ tục: { $code }. Mở hồ sơ đó, hoặc xác nhận đây là việc khác.
refusal-one-stop-identity-level = Thủ tục này cần đăng nhập bằng tài khoản định danh điện tử mức { $level }. Nội dung đã điền được giữ lại.
refusal-one-stop-missing-parts = Còn thiếu giấy tờ: { $parts }.
refusal-one-stop-unknown-assignee = Không có tài khoản “{ $account }” đang hoạt động để giao việc.
refusal-draft-closed = Bản nháp này đã nộp hoặc đã bỏ. { $code }
refusal-draft-expired = Bản nháp này đã quá ngày giữ nên nội dung đã được xóa. Hãy bắt đầu lại từ trang thủ tục.
refusal-upload-foreign = Tệp nêu cho thành phần “{ $part }” không phải tệp đã gửi cho hồ sơ tại đơn vị này. Hãy gửi lại tệp.
refusal-complaint-open = Đơn { $code } cùng loại còn chờ trả lời. Nếu có thêm điều cần nói, hãy đợi câu trả lời rồi gửi tiếp.
refusal-complaint-too-many = Mỗi hồ sơ gửi được nhiều nhất { $max } đơn. Hãy liên hệ trực tiếp đơn vị giải quyết.
refusal-complaint-answered = Đơn này đã được trả lời.
refusal-complaint-own-work = { $name } đã xử lý hồ sơ này nên không được giao hay trả lời đơn về chính việc của mình.
refusal-draft-newer-version = Thủ tục này có bản mới áp dụng từ { $from }. Nội dung đã khai được giữ lại; hãy xem lại mức phí, giấy tờ và câu hỏi rồi nộp.
refusal-draft-too-many = Mỗi người có tối đa { $max } bản khai đang viết dở. Hãy nộp hoặc bỏ bớt trong “Hồ sơ của tôi”.
refusal-upload-empty = Tệp “{ $name }” trống.
refusal-upload-too-large = Tệp “{ $name }” lớn hơn { $max } MB. Hãy chụp hoặc quét lại nhẹ hơn.
refusal-upload-too-many = Một hồ sơ có tối đa { $max } tệp.
refusal-upload-draft-full = Giấy tờ của một hồ sơ nặng tối đa { $max } MB. Hãy bỏ tệp thừa, hoặc chụp, quét lại nhẹ hơn.
refusal-upload-kind = Không nhận tệp “{ $name }”. Các loại được nhận: { $allowed }.
refusal-upload-content = Nội dung của “{ $name }” không phải tệp .{ $extension }. Hãy chọn đúng tệp hoặc lưu lại rồi tải lên.
refusal-tracking-not-found = Không tìm thấy hồ sơ với mã hồ sơ và mã tra cứu này. Kiểm tra lại cả hai, hoặc đăng nhập để tra cứu.
refusal-tracking-wait = Đã thử nhiều lần. Hãy đợi { $minutes } phút rồi thử lại.
refusal-rating-stars = Chọn từ 1 đến 5, không phải { $stars }.
refusal-rating-not-yet = Đánh giá được khi hồ sơ đã giải quyết xong.
refusal-rating-twice = Hồ sơ này đã được đánh giá.
refusal-absence-dates = Từ { $from } đến { $to } không phải một khoảng nghỉ hợp lệ.
refusal-absence-self = Người thay thế phải là người khác.
refusal-ticket-full = Hôm nay đã hết số thứ tự để tự lấy. Hãy hỏi cán bộ tại quầy.
refusal-ticket-wait = Vừa có nhiều số được lấy từ đây. Hãy đợi ít phút rồi thử lại, hoặc hỏi cán bộ tại quầy.
refusal-ticket-state = Số này chưa được gọi hoặc đã xong.
refusal-paper-none = Hồ sơ chưa có nội dung cho mẫu số { $form }.
refusal-citizen-simulated-only = Đăng nhập mô phỏng chỉ có trong bản trình diễn.
refusal-citizen-identity = Số định danh không hợp lệ: phải đủ 12 chữ số và khớp với năm sinh.

# Đã làm gì, trong lịch sử của hồ sơ
did-accept = Tiếp nhận
did-not-accept = Từ chối tiếp nhận
did-ask-supplement = Yêu cầu bổ sung
did-supplement = Công dân bổ sung
did-return-after-appraisal = Trả lại sau thẩm định
did-hand-over = Chuyển xử lý
did-ask-opinion = Lấy ý kiến
did-answer-opinion = Có ý kiến trả lời
did-demand-payment = Yêu cầu nộp phí
did-paid = Đã nộp phí
did-apologise = Xin lỗi và hẹn lại
did-apologise-late = Xin lỗi vì quá hạn
did-suspend = Tạm dừng
did-resume = Tiếp tục
did-forward-to-unit = Chuyển đơn vị khác
did-return-from-unit = Nhận lại từ đơn vị khác
did-resolve = Giải quyết xong
did-refuse = Từ chối giải quyết
did-return-result = Trả kết quả
did-withdraw = Rút hồ sơ
did-stop = Dừng xử lý
did-file = Nộp hồ sơ
did-attach = Số hóa, thêm tệp
did-delivery = Đổi cách nhận kết quả
did-new-secret = Cấp mã tra cứu mới
did-rate = Đánh giá
did-recompute = Tính lại hạn do lịch làm việc thay đổi
did-save = Lưu bản nháp
did-upload = Tải tệp lên
did-drop-upload = Bỏ tệp
did-reuse = Dùng lại giấy tờ
did-keep = Lưu giấy tờ điện tử
did-take = Lấy số
did-call = Gọi số
did-serve = Phục vụ xong
did-miss = Vắng khi gọi
did-drop = Bỏ bản nháp
did-cancel = Hủy
