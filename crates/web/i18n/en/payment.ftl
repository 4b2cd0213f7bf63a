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

# Fees
refusal-payment-not-demanded = Nothing is owed on this dossier. Ask for the fee first, then book the money on it.
refusal-payment-open = The dossier has a demand, { $reference }, that is not done yet.
refusal-payment-nothing-due = Nothing is to be paid for this dossier.
refusal-payment-no-account = { $unit } has not declared an account for fees.
refusal-payment-too-many = A dossier has { $max } demands at most.
refusal-payment-not-now = This cannot be done while it is “{ word-payment-state }”.
refusal-payment-refund-amount = A refund is between 1 and { $max } đồng.
refusal-payment-counter-amount = The fee is { $due } VND, not { $paid } VND. Leave this field empty when the payer transfers the money.
refusal-payment-not-matched = It does not match this demand: { word-notice-problem }.
refusal-payment-gateway = The payment gateway does not answer ({ $reason }). Nothing was changed; try again.
refusal-bank-body = The notice cannot be read: { $reason }
refusal-bank-changed = The notice { $notice } was sent before with other content.
refusal-signature-wrong = The signature of the message is wrong.
refusal-signature-old = The message was signed more than { $seconds } seconds ago; sign and send it again.
word-payment-state =
    { $state ->
        [demanded] waiting for payment
        [mismatch] amount differs
        [paid] paid
        [refund_due] to be refunded
        [refunded] refunded
        [cancelled] cancelled
        [open] with the cashier
        [matched] matched
        [settled] settled
       *[other] { $state }
    }
word-notice-problem =
    { $problem ->
        [unknown] the purpose names no reference that is known
        [account] the money went to another account than the demand’s
        [twice] the demand was paid in full before
        [cancelled] the demand was cancelled
       *[other] { $problem }
    }

# The cashier’s page and the receipt
pay-title = Fees
pay-day = Day
pay-show = Show
pay-total = Received that day
pay-refunded = Refunded
pay-told = Told by banks and gateways
pay-open-notices = Money not matched
pay-open-notices-none = All money that was told is matched to a demand.
pay-cases = Demands to settle
pay-cases-none = No demand has a difference or waits for a refund.
pay-more = There is more than this list shows; the rest appears as it is worked off.
pay-account = Account of the day
pay-col-way = Way
pay-col-count = Number
pay-col-amount = Amount
pay-from-receipt = { $way }, by receipts
pay-from-that-day = { $way }, told that day
pay-from-other-day = { $way }, told another day
pay-from-not-yet = { $way } noted at the counter, not told yet
pay-became-paid = Matched to demands paid in full that day
pay-became-paid-other-day = Matched to demands paid in full another day
pay-became-waits = Matched to demands with a difference or to be refunded
pay-became-closed = Closed: no fee of ours
pay-became-open = Not matched
pay-left = Left after refunds
pay-even = Difference 0: every đồng of the day is explained.
pay-uneven = { $amount } are not explained yet: told and not matched, or noted at the counter and not told.
pay-apart = The book of fees and the money told that day differ by { $amount }: tell the administrator.
pay-way-vietqr = VietQR transfer
pay-way-gateway = Payment gateway
pay-way-cash = Cash at the counter
pay-reference = Reference
pay-reason = Reason
pay-transaction = Transaction
pay-purpose = Purpose
pay-to-account = Receiving account
pay-booked = Booked
pay-match = Match to a demand
pay-close = Close: no fee of ours
pay-notice-unknown = The purpose names no reference that is known.
pay-notice-account = The money went to another account than the demand’s.
pay-notice-twice = The demand was paid in full before.
pay-notice-cancelled = The demand was cancelled.
pay-case-short = Too little: wait for the rest, take it in cash, or give the money back.
pay-case-over = Too much: record the fee and refund the excess.
pay-case-dossier-closed = The dossier ended before the money came: it must be refunded.
pay-case-refund = A second person is to refund it.
pay-dossier = Dossier
pay-asked = Asked
pay-received = Received
pay-refund-amount = Refund (đồng)
pay-cashier = Cashier
pay-why-excess = Paid too much
pay-why-closed = The dossier had ended
pay-do-refunded = Confirm the refund
pay-do-excess = Record as paid, refund the excess
pay-do-cash = Take the rest in cash
pay-do-refund = Ask for a refund
done-payment-settled = The money was settled.
receipt-title = Receipt for fees
receipt-lines = Lines
receipt-line = Line
receipt-full = Full fee
receipt-asked = Asked
receipt-total = Total
receipt-payer = Payer
receipt-procedure = Procedure
receipt-paid-at = Paid
receipt-fee = Fee
receipt-note = Printed from the system; the electronic receipt that tax rules demand is issued apart.
pay-items =
    { $count ->
        [one] one payment
       *[other] { $count } payments
    }
