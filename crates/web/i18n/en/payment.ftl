# Payment: VietQR codes
refusal-vietqr-bin = “{ $bin }” is not a bank’s identification number (BIN) of six digits.
refusal-vietqr-account = “{ $account }” is not an account number (1–19 plain letters and digits) or a card number (16–19 digits).
refusal-vietqr-amount = “{ $amount }” is not an amount of whole đồng between 1 and 9,999,999,999,999.
refusal-vietqr-character = A VietQR code takes only plain letters, digits and common signs; “{ word-part }” holds “{ $found }”.
refusal-vietqr-blank = “{ word-part }” is empty.
refusal-vietqr-too-long = “{ word-part }” has { $length } characters; there is room for { $max }.
refusal-vietqr-checksum = The code was read wrongly or changed: its checksum says { $said }, its content gives { $counted }.
refusal-vietqr-unreadable = This is not a valid VietQR code: { $detail }.
word-part =
    { $part ->
        [purpose] purpose
        [bill] bill number
        [reference] reference
        [terminal] terminal
        [name] name of the receiver
        [city] city
        [62] additional data
       *[other] { $part }
    }
