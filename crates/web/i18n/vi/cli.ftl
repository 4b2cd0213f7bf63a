# Dòng lệnh
cli-no-data = không có dữ liệu trong { $place }: --data đã đúng chưa?
cli-whose = cơ sở dữ liệu có dữ liệu của nhiều địa phương: hãy nêu một địa phương bằng --tenant
cli-nothing-of = cơ sở dữ liệu không có gì của “{ $tenant }”: --data và --tenant đã đúng chưa?
cli-unknown-pack = không có gói “{ $name }”: hãy nêu một thư mục, hoặc một trong các gói { $known }
cli-faults = { $count } lỗi:
cli-cannot-read = không đọc được { $path }
cli-not-utf8 = { $path } không phải văn bản UTF-8
cli-cannot-write = không ghi được { $path }
cli-cannot-open = không mở được { $path }
cli-cannot-listen = không mở được cổng { $address }; hãy chọn cổng khác bằng --port

cli-tiles = đã dựng lại { $count } mảnh cây từ các mục nhật ký
cli-whole = toàn vẹn: { $entries } mục, { $records } bản ghi, { $checkpoints } mốc đã ký, mọi số liệu đúng như đếm từ nhật ký; gốc { $root }
cli-not-whole = KHÔNG toàn vẹn: { $text }
cli-no-fault = { $count } khai báo, không có lỗi
cli-packs-loaded = thêm { $added }, sửa { $changed }, giữ nguyên { $unchanged }, ngừng dùng { $retired }
cli-deadlines-moved = đã tính lại hạn trả kết quả của { $count } hồ sơ đang giải quyết vì ngày làm việc hoặc thời hạn thay đổi
cli-password-of = Mật khẩu của { $login } (một dòng ở đầu vào chuẩn):
cli-grant-form = --grant “{ $grant }” không có dạng vai-trò=đơn-vị
cli-no-unit = không có đơn vị “{ $unit }”: hãy nêu mã (26506), mã kèm ngày bắt đầu (26506@2025-07-01) hoặc tên đầy đủ
cli-unit-several = “{ $unit }” có thể là: { $list }. Hãy nêu một trong số đó.
cli-may-sign-in = { $login } đăng nhập được từ bây giờ
cli-backed-up = { $folder }: { $entries } mục, { $files } tệp, đã kiểm tra. Hãy giữ khóa ký { $key } ở nơi khác.
cli-restore-no-key = { $folder } được ký bằng khóa không có ở { $key }: hãy nêu khóa bằng --key-file
cli-restore-wrong-key = { $folder } không được ký bằng khóa { $key }: hãy nêu đúng khóa bằng --key-file
cli-restore-broken = đã phục hồi nhưng không toàn vẹn: { $text }
cli-restored = đã phục hồi { $entries } mục của địa phương { $tenant }; đã kiểm tra. Khóa ký là { $key }: từ nay cần đến khóa này.
cli-frozen = { $period }: đã chốt { $count } số liệu ở mục thứ { $size }

cli-mapping-register = { $path } là tệp ánh xạ cho sổ “{ $is }”, không phải “{ $asked }”
cli-mapping-format = { $path } là tệp ánh xạ cho tệp { $is }, không phải { $asked }
cli-import-refused = { $count } dòng không nhận được; chưa nhập gì cả. Những dòng đầu:
cli-import-mend = Hãy sửa tệp dữ liệu hoặc tệp ánh xạ; có thể bỏ qua từng dòng lỗi bằng --skip-bad.
cli-import-left-out = đã bỏ qua { $count } dòng lỗi; các dòng này kèm lý do nằm trong { $path }
cli-import-closed-early = lưu ý: { $count } dòng có ngày giải quyết xong trước ngày tiếp nhận; vẫn nhập nguyên như nguồn
cli-import-due-early = lưu ý: { $count } dòng có hạn trả trước ngày tiếp nhận; vẫn nhập nguyên như nguồn
cli-import-changed = { $path } đã bị sửa trong khi đang nhập; hãy nhập lại
cli-import-done = thêm { $added }, sửa { $changed }, giữ nguyên { $unchanged }, bỏ qua { $left }, trong { $seconds } giây
cli-checking = đang kiểm tra
cli-importing = đang nhập

cli-no-account = Chưa có tài khoản nào. Tạo tài khoản: haidang account --login TÊN --name "HỌ VÀ TÊN" --grant admin=ĐƠN-VỊ
cli-demo-postgres = Dữ liệu trình diễn được nạp vào cơ sở dữ liệu PostgreSQL nêu ở --data.
cli-demo-real = dữ liệu trong { $place } là dữ liệu thật, không phải bản trình diễn: hãy dùng haidang serve
cli-data-is-file = { $place } là một tệp; --data phải là một thư mục, hoặc địa chỉ PostgreSQL
cli-served-already = một máy chủ khác đang chạy trên thư mục dữ liệu { $place }. Mỗi thư mục chỉ có một máy chủ; muốn chạy nhiều máy chủ, hãy dùng PostgreSQL
cli-simulate-real = cơ sở dữ liệu đang có dữ liệu thật; chỉ mô phỏng vào cơ sở dữ liệu trống
cli-demo-ready = Sẵn sàng sau { $seconds } giây. Dữ liệu: { $place }
cli-demo-accounts = Tài khoản (mật khẩu chung: { $password }):
cli-demo-stop = Dừng bằng Ctrl-C.

cli-date-form = { $option } “{ $text }” không phải ngày dạng 2025-06-30
cli-figure-conflict = Các nguồn nêu giá trị khác nhau, chưa có quyết định chọn giá trị nào
cli-records = { $count } bản ghi

# Mô phỏng
cli-simulate-open = Dữ liệu MÔ PHỎNG. Mở bằng: haidang serve, cùng --data và --tenant như vừa dùng; xong thì đăng nhập bằng một trong các tài khoản dưới đây.
cli-simulated = Một năm MÔ PHỎNG, số gieo { $seed }
cli-simulated-wards = phường, xã
cli-simulated-dossiers = hồ sơ
cli-simulated-writes = bản ghi đã ghi
cli-simulated-task-reports = báo cáo nhiệm vụ
cli-simulated-evidence = trong đó có minh chứng
cli-simulated-tasks-approved = nhiệm vụ được duyệt
cli-simulated-tasks-returned = nhiệm vụ bị trả lại
cli-simulated-figures = số liệu đã gửi
cli-simulated-figures-approved = số liệu được duyệt
cli-simulated-figures-returned = số liệu bị trả lại
cli-simulated-conflicts = mâu thuẫn đã giải quyết
cli-simulated-frozen = số liệu đã chốt kỳ { $period }
cli-simulated-calibration = { $indicator }, { $unit }, { $period }: công bố { $published }, đạt { $reached }
cli-step-packs = nạp gói cấu hình
cli-step-accounts = tạo tài khoản
cli-step-people = dựng người và đơn vị
cli-step-acts = mô phỏng công việc trong năm
cli-step-desks = mô phỏng quầy một cửa
cli-step-figures = tính số liệu
cli-exported = { $cases } vụ việc, { $events } sự kiện
