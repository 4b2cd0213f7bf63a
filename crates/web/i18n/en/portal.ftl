# The citizens' portal.
portal-name = Public services
portal-simulated = Figures and people on this page are simulated. What is filed here has no real effect.
portal-title-wrong = To be mended:
portal-signed-in = You are using the name
portal-officers = For officers
portal-home-title = Which papers do you need?
portal-home-lead = Type what you need in everyday words; Vietnamese with or without its marks.
portal-find = Find a procedure
portal-find-example = for example: birth certificate
portal-events = What happened
portal-event-child = A child is born
portal-event-child-words = đăng ký khai sinh
portal-event-marriage = Getting married
portal-event-marriage-words = kết hôn
portal-event-death = A death in the family
portal-event-death-words = khai tử
portal-event-home = Moving house
portal-event-home-words = cư trú
portal-event-copies = Certified copies
portal-event-copies-words = chứng thực bản sao
portal-event-business = Opening a shop
portal-event-business-words = hộ kinh doanh
portal-event-help = Needing support
portal-event-help-words = trợ cấp xã hội
portal-event-land = Land
portal-event-land-words = đất đai
portal-most = Used most
portal-none-yet = No procedure has been published here yet.
portal-all = All procedures
portal-count = { $count ->
    [one] One procedure is in force.
   *[other] { $count } procedures are in force.
}
portal-found-title = Procedures found
portal-found = { $count ->
    [one] One procedure found.
   *[other] { $count } procedures found.
}
portal-found-none = No procedure fits these words. Try fewer words, or choose from the list by sector below. If it is not there, ask at the one-stop desk of the ward or commune where you live.
portal-desks = Where there is a one-stop desk ({ $count })
portal-found-near = What comes nearest
portal-not-found-title = This page was not found
portal-not-found = The address may be mistyped or old, or the page opens only for whoever began it. Find a procedure, or track a dossier that was filed.
portal-back = Back
portal-back-home = First page
portal-term = Takes
portal-cost = Costs
portal-online = Online
portal-get = You receive
portal-term-same-day = the same day
portal-term-working-hours = { $count ->
    [one] one working hour
   *[other] { $count } working hours
}
portal-term-working-days = { $count ->
    [one] one working day
   *[other] { $count } working days
}
portal-term-days = { $count ->
    [one] one day
   *[other] { $count } days
}
portal-term-months = { $count ->
    [one] one month
   *[other] { $count } months
}
portal-longer = May take up to { $term }: { $why }
portal-vnd = { $amount } đồng
portal-free-short = free of charge
portal-free = This procedure is free of charge.
portal-cost-some = sometimes { $amount }
portal-cost-depends = depends
portal-fee-piece = copy
portal-fee-each = { $amount } per { $each }
portal-online-full = fully online
portal-online-partial = partly online
portal-online-none = not online yet
portal-channel-online = Online, on this site
portal-channel-counter = at the one-stop desk
portal-channel-post = by post
portal-part-original = original
portal-part-copy = copy
portal-part-electronic = electronic
portal-part-shown = shown and handed back
portal-part-copies = { $count } copies
portal-part-when = depends on your answers
portal-part-optional = if you have it
portal-parts = What is needed
portal-parts-none = No papers have to be handed in.
portal-fees = Fees
portal-where = Where to file
portal-units = { $count } offices
portal-steps = The way of your dossier
portal-who-desk = One-stop desk
portal-who-expert = Officer of the subject
portal-who-leader = Signing leader
portal-who-clerk = Clerk
portal-law = Legal basis and version
portal-version = Procedure { $code }, in force from { $from }.
portal-unconfirmed = Parts of this description have not been checked against the published decision in force.
portal-no-unit = No office takes this procedure at present.
portal-counter-only = This procedure cannot be filed online yet. Please come to the one-stop desk.
portal-where-to = Where do you file?
portal-where-hint = Usually the commune in which you live.
portal-where-missing = Choose where to file.
portal-identity-needed = This procedure needs an electronic identity of level { $level }. You will be led to sign in.
portal-begin = Begin
portal-next = Continue
portal-later = Save, go on later
portal-save-back = Save and go back
portal-place = Step { $at } of { $of } · { $name }
portal-optional = (optional)
portal-yes = Yes
portal-no = No
portal-day = Day
portal-month = Month
portal-year = Year
portal-faults = Something is to be mended
portal-kept = What you typed is still there.
portal-error = Error:
portal-fault-field-required = Answer “{ $label }”.
portal-fault-field-type = The answer to “{ $label }” does not have the right form.
portal-fault-field-choice = Choose one of the answers to “{ $label }”.
portal-fault-field-date = “{ $label }” must be a real day, for example 9 / 3 / 2025.
portal-fault-field-too-long = “{ $label }” is longer than { $most } characters.
portal-fault-field-too-small = “{ $label }” must not be less than { $least }.
portal-fault-field-too-large = “{ $label }” must not be more than { $most }.
portal-papers = Papers
portal-papers-lead = Photograph all four corners, or choose a file ({ $kinds }) of at most { $max } MB. Each file is acknowledged as soon as it has arrived; a dropped connection loses nothing.
portal-papers-none = With your answers, no papers have to be handed in.
portal-received = Received:
portal-hash = Checksum of the file (SHA-256):
portal-remove = Remove this file
portal-choose-file = Choose a file or take a photograph
portal-choose-more = Add another file
portal-upload = Upload
portal-reuse = Use the one we have: { $paper }
portal-no-file = Choose a file before you press “Upload”.
portal-part-missing = Missing: { $name }.
portal-part-none = None yet
portal-check = Check your answers
portal-check-to = { $procedure } – to { $unit }
portal-change = Change
portal-total = In all: { $amount }
portal-declare = Declaration
portal-declare-text = I declare that the above is true, and answer for it before the law.
portal-submit = Agree and file
portal-saved-title = Your answers are saved
portal-saved-until = They are kept until { $date }.
portal-saved-guest = Note the code below to go on, here or on another device: on the portal’s first page choose “Go on with a saved draft”. Whoever has the code can open your answers.
portal-saved-owner = To go on later, sign in and open “My dossiers”.
portal-go-on = Go on
portal-continue = Go on with a saved draft
portal-continue-lead = Type the code that was shown when the draft was saved. If you were signed in, sign in again and open “My dossiers”.
portal-continue-code = Code of the draft
portal-continue-hint = 24 letters and digits such as ABCD-EFGH-…; the dashes may be left out.
portal-continue-wrong = There is no draft with this code, or it was filed or discarded. Check each letter.
portal-drop = Discard this draft
portal-drop-lead = All answers and papers of the draft are discarded; they cannot be brought back.
portal-done-dropped = The draft was discarded.
portal-filed = Your dossier is filed
portal-code = Your dossier code
portal-secret-title = Secret for tracking
portal-secret-keep = Write it down or take a picture of the screen. The dossier opens only with its code and this secret; no office asks you for it.
portal-qr = QR code that opens the tracking page of this dossier
portal-qr-about = It opens the tracking page; the secret is still asked for.
portal-what-next = What happens next
portal-next-desk = { $unit } looks at your dossier ({ $procedure }) and receives it.
portal-next-due = Result due: { $due }.
portal-next-fee = To be paid: { $amount }, after the dossier was received.
portal-next-supplement = If something is missing, you are asked once, point by point.
portal-see-dossier = See the dossier
portal-track = Track a dossier
portal-track-lead = You need the dossier code and the secret that you were told when you filed.
portal-track-lead-other = This dossier is not that of the person signed in. You need its code and the secret that was told when it was filed.
portal-track-close = Close this dossier on this device
portal-done-closed = The dossier is closed on this device. To see it again, its code and secret are needed.
portal-track-code = Dossier code
portal-track-code-hint = It stands on the receipt.
portal-track-secret = Secret
portal-track-secret-hint = You were told it once, when you filed.
portal-asked = You are asked for
portal-supplement = Complete the dossier
portal-supplement-until = Until { $date }. The time you need does not count.
portal-supplement-note = Your explanation
portal-supplement-send = Send
portal-supplement-nothing = Choose a file or write an explanation.
portal-result = Result
portal-result-get = Download the result: { $name }
portal-with = Decided by
portal-filed-at = Filed
portal-received-at = Received
portal-new-day = The agency apologised; the new day
portal-result-number = Number of the result
portal-result-date = Day of the result
portal-result-returned = Given to you at
portal-result-group = Receiving the result
portal-result-way = How you want the result
portal-result-lead = How would you like to receive the result? The officer can change it for you when your dossier is received.
portal-way-desk = At the one-stop desk
portal-way-post = By post
portal-way-online = Online, on the page of the dossier
portal-result-address = Address for the post
portal-result-address-hint = Only for a result by post: number, street, ward or commune, province or city.
portal-due = Result due
portal-due-provisional = Result expected
portal-timeline = The way so far
portal-did-file = Filed
portal-did-attach = Papers digitised
portal-did-delivery = The way of receiving the result was changed
portal-did-new-secret = A new tracking secret was given at the desk; the old one ended
portal-did-rate = Rated
portal-did-recompute = Deadline counted anew after the working calendar changed
portal-due-moved = Due moved from { $before } to { $after }.
portal-parts-given = { $count ->
    [one] One paper handed in
   *[other] { $count } papers handed in
}
portal-rate = Rate the service
portal-rate-how = How satisfied are you?
portal-stars-5 = Very satisfied
portal-stars-4 = Satisfied
portal-stars-3 = Neither
portal-stars-2 = Dissatisfied
portal-stars-1 = Very dissatisfied
portal-attitude-how = How did the staff treat you?
portal-attitude-2 = Well and correctly
portal-attitude-1 = Neither well nor badly
portal-attitude-0 = Not well
portal-agencies-how = How many other agencies did you have to go to?
portal-agencies-0 = None
portal-agencies-1 = One
portal-agencies-2 = Two or more
portal-rate-note = What else you want to say
portal-rate-send = Send
portal-rated = You gave { $stars } of 5. Thank you.
portal-withdraw = Withdraw the dossier
portal-withdraw-lead = A withdrawn dossier is not decided; to take it up again, file a new one.
portal-withdraw-why = Why do you withdraw it?
portal-withdraw-missing = Say why you withdraw the dossier.
portal-lead-registered = Not received by the office yet; no term runs.
portal-lead-received = Received; it goes to whoever decides it.
portal-lead-not-accepted = Not accepted; the reason stands below.
portal-lead-in-progress = The office is working on it. Nothing is asked of you.
portal-lead-supplement = Something is asked of you. Meanwhile the term stands still.
portal-lead-supplement-early = Something is asked of you. No term runs yet: it begins when the dossier is received.
portal-lead-payment = Pay the fees, and the office goes on.
portal-lead-withdrawn = You withdrew it.
portal-lead-stopped = The office stopped; the reason stands below.
portal-lead-rejected = Refused; the reason stands below.
portal-lead-resolved = There is a result.
portal-lead-returned-result = You have the result.
portal-done-papers = The file was received.
portal-done-supplement = Sent.
portal-done-rated = Your rating is noted.
portal-done-withdrawn = The dossier is withdrawn.
portal-done-complained = Sent. The answer will stand on this page.
portal-complaints = Feedback and complaints
portal-complain = Send feedback or a complaint
portal-complain-lead = Say what is wrong with how this dossier is handled. The unit’s leader answers; nobody who handled the dossier answers for their own work.
portal-complain-kind = You want to send
portal-complain-kind-feedback = Feedback or a proposal: how you were served, what could be better
portal-complain-kind-complaint = A complaint: a decision or act that you hold to be unlawful
portal-complain-text = What happened
portal-complain-text-hint = What, when, and what you expect to be done.
portal-complain-missing = Write what you want to say.
portal-complain-send = Send
portal-complaint-sent = Sent { $at }
portal-complaint-due = To be answered by { $due } ({ $basis })
portal-complaint-to-be-confirmed = This deadline is to be confirmed in the document itself.
portal-complaint-waits = Waiting for an answer
portal-complaint-looked-into = Being looked into
portal-complaint-answered = Answered { $at }
word-complaint-kind =
    { $kind ->
        [complaint] Complaint
       *[other] Feedback, proposal
    }
portal-sign-in = Sign in
portal-simulator = This is a simulated VNeID, of the demonstration only: it checks nobody. In real use you sign in through VNeID.
portal-who-are-you = Who are you in this demonstration?
portal-person = Identity number { $number }, level { $level }
portal-mine = My dossiers
portal-mine-sign-in = Sign in to see what you began and what you filed.
portal-mine-drafts = Begun
portal-mine-dossiers = Filed
portal-mine-count = { $count ->
    [one] One entry.
   *[other] { $count } entries.
}
portal-pay = Pay the fees
portal-pay-under-way = You opened the payment gateway to pay { $amount } at { $at }; it has not told of any money yet. If you have paid, do not pay again: load this page again in a few minutes.
portal-pay-again = Not paid, or the payment failed: pay again
portal-pay-how = Open your bank’s app and scan this code, or transfer with exactly what stands below.
portal-pay-counter = Pay at the counter of the deciding office and name the reference below.
portal-pay-qr = VietQR code for this payment
portal-pay-until = Please pay by
portal-pay-amount = Amount
portal-pay-account = Account · bank code
portal-pay-holder = Account holder
portal-pay-purpose = Purpose text
portal-pay-reference = Reference
portal-pay-after = As soon as the bank tells of it, it is noted here; no receipt has to be sent.
portal-pay-gateway = Pay through the payment gateway (simulated)
portal-receipts = Receipts
portal-receipt-of = Receipt { $number }: { $amount }
portal-gateway = Simulated payment gateway
portal-gateway-lead = This is a simulation: no real money moves. Like a real gateway it sometimes does not answer, tells late and repeats itself.
portal-gateway-pay = Pay
portal-gateway-not = Do not pay, go back to the dossier
portal-done-gateway = The payment gateway does not answer. Nothing has changed; try again or scan the VietQR code.
portal-done-paid = The payment gateway has taken the order. Once it tells that the money came in, this page says so; load it again in a few seconds.

# Screen on the wall
portal-queue-called = Now serving
portal-queue-counter = Counter { $counter }
portal-queue-nobody = No number has been called yet.
portal-queue-waiting = { $count } waiting
portal-queue-at = As of { $at }. The page renews itself.

# Drawing a number oneself
portal-number = Your number
portal-number-take = Take a number
portal-number-which = What do you come for?
portal-number-other = Something else, not sure
portal-number-priority = Elderly or disabled people, pregnant women: tell an officer to be given a number with priority.
portal-number-has-priority = Priority
portal-number-wall = See the numbers being called
portal-number-next = Yours may be called next. Please stay near the counters.
portal-number-before = { $count } before you. Counters call by sector, so it may be sooner.
portal-number-called = Please come to counter { $counter }.
portal-number-missed = This number was called and nobody came. Tell a counter and it is called again.
portal-number-over = This number has been served, or is no longer valid.
portal-number-qr = QR code to the page that follows this number
portal-number-qr-about = Scan it with a phone to follow the number without standing in line.
portal-number-next-person = Next person: take a number

# Filling in for somebody
portal-helps = Helping somebody to file, with the account of
portal-help-end = End helping
portal-saved-helper = This draft opens with your officer's account, at the address below.
portal-next-helper = Give the code and the secret to the person who files. Then press “End helping”, so that nothing of theirs stays on this machine.
