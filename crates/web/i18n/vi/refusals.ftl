# Từ chối, dùng chung
refusal-unknown = Không thực hiện được ({ $code }).
refusal-internal = Có lỗi ở phía máy chủ; việc chưa được thực hiện.
refusal-not-found = Không tìm thấy “{ $what }”, hoặc bạn không có quyền xem.
refusal-csrf = Trang đã cũ hoặc phiên đã hết. Hãy tải lại trang rồi làm lại.
refusal-version-conflict = Người khác vừa lưu trước bạn (phiên bản { $version }); chưa ghi đè gì.
refusal-record-key-taken = Mã hoặc số này đã có hồ sơ khác dùng.
refusal-record-not-found = Không tìm thấy hồ sơ này, hoặc bạn không có quyền xem.
refusal-record-key = Mã hồ sơ là { $key }, còn trường “{ word-field }” ghi { $value }. Hai nơi phải giống nhau.
refusal-record-misfit = Hồ sơ không khớp với khai báo của sổ: { $reason }
refusal-register-own-use-case = Sổ “{ $register }” có màn hình riêng cho việc này; hãy làm ở đó.
refusal-idempotency-mismatch = Yêu cầu này đã được gửi trước với nội dung khác. Hãy tải lại trang rồi gửi lại.
refusal-idempotency-key = Tiêu đề Idempotency-Key phải là chữ ASCII và dài tối đa { $max } ký tự.
refusal-store-busy = Cơ sở dữ liệu đang bận; việc chưa được ghi.
refusal-store-unknown-outcome = Mất kết nối với cơ sở dữ liệu đúng lúc đang ghi. Hãy xem lại việc đã được ghi chưa trước khi làm lại.
refusal-store-unreachable = Không kết nối được cơ sở dữ liệu; việc chưa được ghi.
refusal-store-closed = Hệ thống đang dừng; việc chưa được ghi.
refusal-store-disk-full = Ổ đĩa đã đầy; việc chưa được ghi. Báo người vận hành giải phóng chỗ.
refusal-store-newer = Cơ sở dữ liệu do phiên bản mới hơn ghi; cần cập nhật chương trình.
refusal-store-corrupt = Dữ liệu đọc được không đúng như đã ghi. Đừng ghi thêm; báo người vận hành chạy “haidang verify”.
refusal-store-config = Cấu hình máy chủ chưa đúng; báo người vận hành.
refusal-store-blob = Không ghi hoặc đọc được tệp đính kèm. Tệp tối đa 50 MB; nếu nhỏ hơn, báo người vận hành.
refusal-store-database = Cơ sở dữ liệu báo lỗi; việc chưa được ghi.

# Quyền và đăng nhập
refusal-access-sign-in = Hãy đăng nhập để làm việc này.
refusal-access-role = Vai trò hiện có của bạn không được { word-action }.
refusal-access-unit = Bạn không được { word-action } tại { $name }; quyền của bạn ở đơn vị khác.
refusal-access-register = Bạn không được { word-action } trong sổ “{ $register }”.
refusal-access-own-work = Bạn đã làm phần việc này nên không được { word-action }; cần người thứ hai.
refusal-access-unknown-role = Không có vai trò “{ $text }”. Các vai trò: { $known }.
refusal-access-unknown-action = Không có việc “{ $text }”. Các việc: { $known }.
refusal-access-denied = Bạn không có quyền làm việc này.
refusal-sign-in-wrong = Tên đăng nhập hoặc mật khẩu không đúng.
refusal-sign-in-busy = Đang có quá nhiều người đăng nhập cùng lúc. Hãy thử lại sau một phút.
refusal-sign-in-wait = Đã sai nhiều lần. Hãy thử lại sau { $minutes } phút.
refusal-account-password = Mật khẩu cần ít nhất { $min } ký tự, tối đa 256 byte.
refusal-account-login = Tên đăng nhập “{ $login }” không hợp lệ: chỉ dùng chữ thường không dấu, số và . _ - @.
refusal-account-taken = Tên đăng nhập “{ $login }” đã có người dùng. Mở tài khoản đó để sửa, hoặc chọn tên khác.

# Dữ liệu nhập
refusal-input-required = Cần điền “{ word-field }”.
refusal-input-invalid = Có trường chưa đúng.
refusal-input-date = “{ $text }” ở “{ word-field }” không phải ngày. Viết năm-tháng-ngày, ví dụ 2025-08-30, hoặc chọn trên lịch.
refusal-input-future = “{ word-field }” nằm trong tương lai; số liệu không thể tính đến ngày chưa tới.
refusal-input-number = “{ $text }” ở “{ word-field }” không phải số.
refusal-one-stop-result-address = Nhận kết quả qua bưu chính công ích thì cần ghi địa chỉ nhận.
refusal-input-too-long = “{ word-field }” dài quá { $max } ký tự.
refusal-input-too-large = Nội dung gửi lên quá lớn. Hãy chia nhỏ hoặc nén tệp lại.
refusal-input-body-too-large = Nội dung gửi lên quá lớn: mỗi lần gửi tối đa { $max } MB. Hãy gửi từng tệp một, hoặc chụp, quét lại nhẹ hơn.
refusal-input-too-many = Mỗi lần gửi tối đa { $max } mục.
refusal-if-match-required = Yêu cầu sửa phải nêu phiên bản đã xem ở tiêu đề If-Match.
refusal-input-json = Nội dung JSON không đọc được: { $reason }
refusal-input-query = Tham số trên địa chỉ không đọc được: { $reason }
refusal-input-media-type = Nội dung phải là application/json.
refusal-method-not-allowed = “{ $path }” không nhận phương thức { $method }.
refusal-input-slow = Nội dung gửi lên quá chậm nên máy chủ ngừng nhận. Hãy kiểm tra đường truyền rồi gửi lại.
refusal-uploads-busy = Đang có quá nhiều tệp được gửi lên cùng lúc. Hãy thử lại sau một phút.
refusal-evidence-foreign = Có tệp minh chứng không do bạn tải lên và không thuộc hồ sơ này. Hãy đính kèm lại tệp.
refusal-input-form = Biểu mẫu gửi lên không đọc được. Hãy tải lại trang rồi gửi lại.
refusal-input-time = “{ $text }” không đọc được. Kỳ viết là 2025, 2025Q2 hoặc 2025-06; ngày viết là 2025-08-30.
refusal-input-io = Không đọc được tệp: { $detail }
refusal-input-gzip = Dữ liệu gzip bị hỏng: { $detail }
refusal-input-gzip-truncated = Dữ liệu gzip bị cụt; có lẽ tệp chưa được chép hết.
refusal-input-ratio = Tệp giải nén ra lớn hơn { $limit } lần, không giống nhật ký thật nên bị từ chối.
refusal-input-encoding = Văn bản không phải UTF-8 ({ $detail }). Hãy lưu tệp dạng UTF-8 rồi thử lại.
refusal-import-bad-row = { $place }: { $detail }
refusal-matrix-size = Bảng có quá { $max } ô. Hãy bớt chỉ tiêu, đơn vị hoặc kỳ.

# Đọc số
refusal-number-empty = Chưa có số nào.
refusal-number-too-long = “{ $text }” dài quá hoặc có quá nhiều chữ số.
refusal-number-not-a-number = “{ $text }” không phải số. Ví dụ đọc được: 97,63 % · 7.129 / 7.129 · hơn 1.246.
refusal-number-ambiguous = “{ $text }” có thể đọc là { $first } hoặc { $second }. Hãy viết lại cho rõ, ví dụ bỏ dấu ngăn hàng nghìn.
refusal-number-mixed-separators = “{ $text }” dùng lẫn dấu chấm và dấu phẩy. Số nghìn ngăn bằng dấu chấm, phần lẻ bằng dấu phẩy.
refusal-number-english-form = “{ $text }” viết kiểu tiếng Anh. Viết kiểu Việt Nam: 1.246,5.
refusal-number-grouping = “{ $text }” ngăn hàng nghìn chưa đúng: mỗi nhóm ba chữ số.
refusal-number-not-whole = “{ $text }” phải là số nguyên: chỉ tiêu này đếm từng cái.
refusal-number-negative = “{ $text }” là số âm; chỉ tiêu này không có giá trị âm.
refusal-number-leading-words = “{ $text }”: không hiểu phần chữ “{ $words }” trước số.
refusal-number-trailing-number = “{ $text }” còn một số nữa ở cuối: “{ $rest }”. Mỗi lần chỉ nhập một số.
refusal-number-two-qualifiers = “{ $text }” có hai từ chỉ mức: “{ $first }” và “{ $second }”. Giữ lại một.
refusal-number-range = “{ $text }” là một khoảng. Nhập một giá trị, có thể kèm “khoảng”, “hơn”, “gần”.
refusal-number-wrong-measure = “{ $text }” không cùng loại với chỉ tiêu này: thấy { $found }.
refusal-number-zero-denominator = Mẫu số của “{ $text }” bằng 0 nên không có giá trị. Hãy kiểm tra lại nguồn.
refusal-number-unknown-qualifier = Không hiểu mức “{ $text }”. Dùng một trong: { $known }.

# Số văn bản
refusal-docnumber-empty = Chưa có số văn bản.
refusal-docnumber-shape = “{ $text }” không giống số văn bản. Ví dụ: 57-NQ/TW, 2807/KH-UBND.
refusal-docnumber-incomplete = Số văn bản còn thiếu phần. Ví dụ đủ: 57-NQ/TW, 2807/KH-UBND.
refusal-docnumber-number = “{ $text }”: số thứ tự không đúng.
refusal-docnumber-type = Không có loại văn bản “{ $type }”.
refusal-docnumber-year = Năm “{ $year }” trong số văn bản không đúng.

# Đơn vị, nhiệm vụ, số liệu
refusal-unit-unknown = Không có đơn vị “{ $unit }”.
refusal-unit-not-on-map = { $name } không có trên bản đồ địa giới ngày { $map }. Chọn ngày khác hoặc đơn vị kế thừa.
refusal-unit-closed = Đơn vị { $unit } không còn hiệu lực ngày { $day }; chọn đơn vị kế thừa.
refusal-task-progress = Tiến độ là số từ 0 đến 100, không phải “{ $value }”.
refusal-task-dates = Hạn { $deadline } sớm hơn ngày bắt đầu { $starts_on }.
refusal-lifecycle-step = Không làm được bước này khi hồ sơ đang “{ word-state }”. Hãy tải lại trang để xem tình trạng mới.
refusal-lifecycle-initial = Hồ sơ mới bắt đầu ở trạng thái “{ $initial }”, không phải “{ $state }”.
refusal-lifecycle-unknown-state = Quy trình không có trạng thái “{ $state }”.
refusal-lifecycle-unknown-transition = Quy trình không có bước “{ $transition }”.
refusal-lifecycle-guard = Chưa đủ điều kiện cho bước “{ $transition }”: { $guard }.
refusal-conflict-none = Không có mâu thuẫn nào ở đây, hoặc đã hết mâu thuẫn.
refusal-conflict-not-a-claim = { $deadline } không phải một trong các thời hạn đang mâu thuẫn.
refusal-figure-live = Chỉ tiêu “{ $indicator }” được tính từ hồ sơ, không nhập tay.
refusal-figure-no-records = Số liệu này là số báo cáo, không có danh sách hồ sơ phía sau.
refusal-freeze-twice = Kỳ { $period } đã được chốt.
refusal-freeze-not-over = Kỳ { $period } chưa kết thúc nên chưa chốt được.
refusal-freeze-all = Chọn một kỳ có đầu có cuối để chốt.
refusal-freeze-behind = Số liệu đang bắt kịp các thay đổi vừa ghi. Hãy thử lại sau ít giây.
refusal-report-period = Không lập được báo cáo cho kỳ { $period }; chọn tháng, quý hoặc năm.
refusal-report-future = Kỳ { $period } chưa bắt đầu.
refusal-ledger-size = Nhật ký có { $size } mục; nhập một số từ 1 đến đó.

# Gói cấu hình, mô phỏng
refusal-pack-faults = Gói có lỗi; chưa nạp gì.
refusal-pack-no-root = Chưa nạp gói cấu hình của địa phương, nên chưa có đơn vị gốc. Nạp một gói có roots rồi thử lại.
refusal-pack-other-place = Dữ liệu này là của “{ $here }”, gói vừa nạp là của “{ $other }”. Dữ liệu của nơi khác cần một nơi lưu riêng (--data) hoặc một tên riêng (--tenant)
refusal-pack-does-not-fit = Gói này không khớp với các gói đang dùng: { $detail }
refusal-pack-zip = Không đọc được tệp .zip; có lẽ tệp hỏng hoặc được nén kiểu lạ.
refusal-pack-too-many-files = Gói có quá { $max } tệp.
refusal-pack-no-manifest = Không thấy tệp pack.toml. Hãy nén cả thư mục của gói, hoặc chọn tệp .zip.
refusal-pack-not-text = Tệp { $file } không phải văn bản UTF-8.
refusal-simulate-plan = Khoảng mô phỏng từ { $from } đến { $to } không hợp lệ.
refusal-simulate-twice = Dữ liệu mô phỏng đã có; dùng một cơ sở dữ liệu mới.

# Thời hạn, lịch làm việc, biểu thức
refusal-calendar-hours = Giờ làm việc “{ $text }” chưa đúng: các khoảng phải theo thứ tự và không trùng nhau.
refusal-calendar-out-of-range = Ngày { $date } nằm ngoài lịch làm việc mà hệ thống tính được.
refusal-calendar-weekday = “{ $text }” không phải tên thứ trong tuần (mon … sun).
refusal-clock-paused = Thời hạn đang tạm dừng từ { $since }.
refusal-clock-not-paused = Thời hạn không tạm dừng nên không chạy tiếp được.
refusal-clock-stopped = Thời hạn đã kết thúc lúc { $at }.
refusal-clock-order = Thời điểm { $at } sớm hơn lần ghi trước ({ $last }).
refusal-clock-already-extended = Đã gia hạn một lần ({ $first }); không gia hạn thêm.
refusal-clock-supplement-already-asked = Đã yêu cầu bổ sung một lần ({ $first }); Nghị định 61/2018/NĐ-CP chỉ cho phép một lần.
refusal-clock-term-kind = Gia hạn phải cùng loại với thời hạn (giờ hoặc ngày làm việc).
refusal-expr-type = Biểu thức khai báo cho giá trị sai kiểu; báo người lập gói cấu hình.

# Tệp nhập: XES, CSV, bản ánh xạ
refusal-xes-malformed = XML sai cú pháp: { $detail }
refusal-xes-nesting = Các phần tử lồng nhau sai: { $detail }
refusal-xes-truncated = Tệp kết thúc khi <{ $element }> (mở ở dòng { $opened }) chưa đóng.
refusal-xes-empty = Tệp không có phần tử XML nào; tệp XES bắt đầu bằng <log>.
refusal-xes-root = Phần tử gốc là <{ $found }>; tệp XES bắt đầu bằng <log>.
refusal-xes-element = <{ $found }> không được đặt trong <{ $inside }>.
refusal-xes-text = Không được có chữ trong <{ $inside }>; XES giữ giá trị ở thuộc tính “value” (thấy “{ $text }”).
refusal-xes-dtd = Không nhận khai báo DTD; XES không cần.
refusal-xes-entity = Không giải được thực thể: { $detail }
refusal-xes-token-too-long = Một thẻ, chú thích hoặc đoạn chữ dài quá { $limit } byte.
refusal-xes-key = <{ $element }> thiếu thuộc tính “key”.
refusal-xes-value = <{ $element } key="{ $key }"> thiếu thuộc tính “value”.
refusal-xes-duplicate = Khóa “{ $key }” có hai lần trong cùng một phần tử.
refusal-xes-date = “{ $value }” ở “{ $key }” không phải ngày giờ dạng 2025-07-01T08:00:00+07:00.
refusal-xes-int = “{ $value }” ở “{ $key }” không phải số nguyên 64 bit.
refusal-xes-float = “{ $value }” ở “{ $key }” không phải số.
refusal-xes-boolean = “{ $value }” ở “{ $key }” không phải true hay false.
refusal-xes-attributes = Một vụ việc có quá { $limit } thuộc tính, kể cả của các sự kiện.
refusal-xes-value-too-long = Giá trị của “{ $key }” dài quá { $limit } byte.
refusal-xes-depth = Các phần tử lồng sâu quá { $limit } tầng.
refusal-xes-orphan-event = Một sự kiện nằm ngoài mọi vụ việc nên không thuộc hồ sơ nào.
refusal-xes-trace-too-large = Một vụ việc lớn hơn { $limit } byte.
refusal-csv-empty = Tệp trống; dòng đầu phải ghi tên cột.
refusal-csv-header = Cột { $column } ở dòng đầu không có tên.
refusal-csv-header-duplicate = Hai cột cùng tên “{ $name }”.
refusal-csv-columns = Dòng có { $found } ô, dòng đầu có { $expected }.
refusal-csv-quote = Dấu nháy mở ở đây mà không đóng.
refusal-csv-row-too-long = Dòng dài quá { $limit } byte; có lẽ thiếu dấu nháy đóng.
refusal-xlsx-broken = Tệp không phải sổ tính Excel (.xlsx) nguyên vẹn: { $detail }
refusal-xlsx-columns = Bảng rộng hơn giới hạn { $limit } cột.
refusal-xlsx-nameless = “{ $value }” nằm ở cột không có tên trong dòng đầu.
refusal-map-key = Dòng không có “{ $from }” để nhận ra hồ sơ.
refusal-map-required = Thiếu “{ $from }”, trường “{ $field }” cần nó.
refusal-map-unit = Không biết thuộc đơn vị nào: thiếu “{ $from }”.
refusal-map-unknown-value = “{ $value }” ở “{ $from }” không có trong bảng đổi của “{ $field }”; đã biết: { $known }.
refusal-map-type = “{ $value }” ở “{ $from }” không phải { word-wanted } mà trường “{ $field }” cần.
refusal-map-day = “{ $value }” ở “{ $from }” là ngày không có giờ, trường “{ $field }” cần giờ: khai báo day = "start" hoặc day = "end".
refusal-map-zone = “{ $value }” ở “{ $from }” là giờ không có hoặc có hai lần trong múi giờ của bản ánh xạ; ghi thêm độ lệch.
refusal-map-state = Không quy tắc nào của [state] hợp với dòng này.
refusal-map-event = Sự kiện không có “{ $from }”, mà bản ánh xạ lấy làm { word-role }.
refusal-map-event-time = “{ $value }” ở “{ $from }” của một sự kiện không phải ngày giờ.
refusal-key-twice = “{ $key }” đã có trong tệp này, ở { $first }.
refusal-state-unknown = Sổ không có trạng thái “{ $state }”; các trạng thái: { $known }.
refusal-map-file = Tệp ánh xạ chưa đúng, { $file }:{ $line }:{ $column }: { $detail }

# Lỗi của từng trường trong hồ sơ
fault-body-not-an-object = Nội dung hồ sơ phải là một đối tượng JSON.
fault-field-required = “{ word-field }” là bắt buộc.
fault-field-unknown = Sổ không có trường “{ $field }”.
fault-field-type = “{ word-field }” phải có kiểu { $type }.
fault-field-choice = “{ $value }” không phải lựa chọn của “{ word-field }”; chọn một trong: { $choices }.
fault-field-decimal = “{ word-field }” là số có tối đa { $digits } chữ số thập phân.
fault-field-date = “{ $value }” ở “{ word-field }” không phải ngày dạng 2025-08-30.
fault-field-timestamp = “{ $value }” ở “{ word-field }” không phải thời điểm dạng 2025-08-30T14:05:00+07:00.
fault-field-future = “{ word-field }” là ngày { $value }, nằm trong tương lai.
fault-field-unit = “{ $value }” ở “{ word-field }” không phải đơn vị dạng 26506@2025-07-01.
fault-field-too-many = “{ word-field }” có quá { $most } mục.
fault-field-too-long = “{ word-field }” dài quá { $most } ký tự.
fault-field-too-small = “{ word-field }” nhỏ hơn { $least }.
fault-field-too-large = “{ word-field }” lớn hơn { $most }.
fault-field-identity-number = “{ word-field }” phải là số định danh cá nhân: 12 chữ số, như in trên thẻ căn cước.
fault-field-identity-year = Số định danh này là của người sinh năm { $year }, nhưng ngày sinh đã khai thuộc năm { $given }.
fault-field-identity-sex = Số định danh này không khớp giới tính đã khai.
fault-field-phone = “{ word-field }” phải là số điện thoại Việt Nam, ví dụ 0912 345 678.
fault-field-email = “{ word-field }” phải là địa chỉ thư điện tử, ví dụ ten@congty.vn.
fault-field-tax-code = “{ word-field }” không phải mã số thuế đúng: 10 hoặc 13 chữ số, hoặc số định danh 12 chữ số.
fault-field-in-future = “{ word-field }” không được sau ngày hôm nay.
fault-field-in-past = “{ word-field }” không được trước ngày hôm nay.
fault-form-rule = { $sentence }

# Từ dùng trong các câu trên
word-action = 
    { $action ->
        [view] xem việc này
        [edit] sửa
        [submit] gửi báo cáo, số liệu
        [approve] duyệt hoặc trả lại
        [assign] giao nhiệm vụ, ban hành văn bản
        [decide] quyết định
        [freeze] chốt số liệu
        [import] nhập dữ liệu
        [configure] đổi cấu hình
        [audit] kiểm tra nhật ký
        [manage_accounts] quản lý tài khoản
       *[other] làm việc này
    }
word-field = 
    { $field ->
        [text] Nội dung thực hiện
        [title] Nội dung, trích yếu
        [reason] Lý do
        [ask_until] Đề nghị bổ sung trước ngày
        [result_address] Địa chỉ nhận qua bưu chính
        [responsibility] Rõ trách nhiệm
        [authority] Rõ thẩm quyền
        [product] Rõ kết quả
        [deadline] Thời hạn
        [starts_on] Bắt đầu
        [issued_on] Ngày ban hành
        [as_of] Tính đến ngày
        [source] Nguồn
        [note] Ghi chú
        [number] Số, ký hiệu
        [issuer] Cơ quan ban hành
        [kind] Loại văn bản
        [waiting_note] Chờ ai hướng dẫn, về việc gì
        [difficulties] Khó khăn, vướng mắc
        [proposals] Đề xuất, kiến nghị
        [version] phiên bản của hồ sơ
        [claim] một giá trị
        [lead] Đơn vị chủ trì
        [indicator] Chỉ tiêu
        [unit] Đơn vị
        [period] Kỳ
        [written] Giá trị
        [name] Họ và tên
        [password] Mật khẩu
        [progress] Tiến độ
        [agency] Cơ quan được hỏi
        [question] Nội dung hỏi
        [basis] Căn cứ
        [reference] Số tham chiếu
        [step] Bước
        [assignee] Người nhận
        [paid] Thu ngay tại quầy
        [shown] Giấy tờ đã xem
        [received_at] Ngày tiếp nhận
        [closed_at] Ngày giải quyết xong
       *[other] { $field }
    }
word-wanted = 
    { $kind ->
        [int] số nguyên
        [decimal] số thập phân
        [bool] true hay false
        [date] ngày dạng 2025-07-01 hoặc dạng đã khai báo
        [timestamp] ngày giờ dạng 2025-07-01T08:00:00+07:00 hoặc dạng đã khai báo
       *[other] giờ
    }
word-role = 
    { $role ->
        [name] tên sự kiện
       *[other] thời điểm
    }
word-state = 
    { $state ->
        [draft] dự thảo
        [assigned] đã giao
        [in_progress] đang làm
        [submitted] chờ duyệt
        [approved] đã duyệt
        [returned] bị trả lại
        [waiting] chờ hướng dẫn
       *[other] { $state }
    }

# Trang lỗi: đã giữ gì, làm gì tiếp
error-next-401 = Đăng nhập rồi mở lại địa chỉ này.
error-kept-403 = Chưa có gì bị thay đổi.
error-kept-408 = Chưa có gì được lưu.
error-next-408 = Gửi lại khi đường truyền ổn định, hoặc nén tệp cho nhỏ hơn.
error-kept-413 = Chưa có gì được lưu.
error-next-413 = Chia nhỏ hoặc nén tệp rồi gửi lại.
error-kept-422 = Chưa có gì được lưu.
error-next-422 = Quay lại, sửa theo câu trên rồi gửi lại.
error-kept-429 = Tài khoản không bị khóa.
error-next-429 = Chờ rồi thử lại; nếu quên mật khẩu, nhờ người quản trị đặt lại.
error-kept-507 = Việc vừa làm chưa được ghi; những gì đã lưu vẫn nguyên.
error-next-507 = Báo người vận hành giải phóng đĩa.
refusal-input-period = Không hiểu kỳ “{ $text }”. Hãy viết như: tháng 6/2025 · quý II/2025 · 6 tháng đầu năm 2025 · năm 2025.
refusal-figure-beyond-whole = “{ $text }” vượt quá 100 %. Tỷ lệ thường không vượt 100 %: hãy kiểm tra tử số, mẫu số.
refusal-figure-as-of-outside = Ngày “tính đến” { $as_of } nằm ngoài kỳ số liệu.
refusal-figure-doubtful = { $reasons } Nếu số liệu đúng, hãy gửi lại kèm xác nhận.
refusal-figure-pending = Đã có một số liệu { $value } của cùng chỉ tiêu, đơn vị và kỳ này đang chờ duyệt.
refusal-account-no-role = Tài khoản chưa có vai trò nào thì không xem, không làm được gì. Hãy chọn ít nhất một vai trò và đơn vị.
refusal-digitise-unreadable = Không đọc được bản quét này: { $detail }
refusal-digitise-slow = Đọc bản quét này quá { $minutes } phút.
refusal-tracking-enter = Muốn xem hồ sơ, hãy nhập mã hồ sơ và mã tra cứu.
