# The one-stop desk
desk-title = One-stop desk
nav-desk = One-stop
desk-receive = Receive a dossier
desk-key-receive = Receive a new dossier
desk-key-tick = Tick the dossier of this row
desk-key-bulk = Go to the choice of the step for the ticked dossiers
desk-bucket-new = New
desk-bucket-late = Late
desk-bucket-today = Due today
desk-bucket-tomorrow = Due tomorrow
desk-bucket-later = In time
desk-bucket-citizen = Waiting for the citizen
desk-bucket-waiting = Suspended
desk-bucket-result = Result to hand out
desk-bucket-linked = Linked work
desk-bucket-received-for = Received for others
desk-all = For the desk
desk-mine-label = Whose
desk-mine = My work
desk-procedure = Procedure
desk-procedure-all = Every procedure
desk-filter = Filter
desk-find = Find by code, name, identity number, phone
desk-empty = No dossier here
desk-cut = There are more dossiers than were looked through. Narrow by kind, procedure or unit.
desk-empty-text = Dossiers filed online and received at the counter appear here, what is due next first. If a filter is set, take some of it away.
desk-tick = Tick
desk-tick-one = Tick dossier { $code }
desk-col-code = Code
desk-col-procedure = Procedure, applicant
desk-col-status = Status
desk-col-step = Step, officer
desk-col-received = Received
desk-col-due = Due
desk-col-used = Used
desk-col-forecast = Forecast
desk-bulk = Ticked dossiers
desk-bulk-step = Hand over to step
desk-bulk-to = Officer
desk-bulk-do = Hand over
desk-bulk-nobody = (nobody in particular)
desk-bulk-failed = { $count ->
        [1] 1 dossier was not handed over
       *[other] { $count } dossiers were not handed over
    }
desk-answer-by = to be answered by { $at }
desk-none-chosen = No dossier is ticked: tick those to hand over and try again.
desk-signs = signs, decides
desk-left-none = the clock stands still
desk-left-since = ready since { $at }
desk-late-hours = { $hours } h { $minutes } min late
desk-late-minutes = { $minutes } min late
desk-left-hours = { $hours } h { $minutes } min left
desk-left-minutes = { $minutes } min left
desk-channel-online = online
desk-channel-counter = at the counter
desk-channel-post = by post
desk-no-paper-today = No paper dossier is taken at the counter today ({ $name }). Help people to file online.
desk-away = { $who } is away { $days }; { $delegate } stands in.

# Receiving
desk-procedure-find = Name of the procedure, ordinary words or code (birth, certified copy, 1.001193)
desk-procedures = Procedures
desk-procedure-none = No procedure found
desk-procedure-none-text = Try another word, marks are not needed; or see whether this unit offers the procedure.
desk-other-procedure = Another procedure
desk-sector = Sector
desk-term = Term
desk-fee = Fee
desk-fee-free = Free
desk-fee-from = from { $amount }
desk-fees = Fees
desk-who = Applicant
desk-look-up = Look up the identity number
desk-update = Update questions and fees
desk-known = Known from an earlier dossier ({ $code })
desk-unknown = No dossier of this identity number yet
desk-duplicates = { $count ->
        [1] This person has a dossier of this procedure already
       *[other] This person has { $count } dossiers of this procedure already
    }
desk-duplicate-elsewhere = This person has a dossier of the same procedure at another unit.
desk-duplicate-open = open, filed { $date }
desk-duplicate-closed = { $status }, filed { $date }
desk-despite = Receive it all the same: this is another matter
desk-parts = Parts of the dossier
desk-part-required = required
desk-parts-later = Which papers are needed depends on the answers of the declaration; none so far.
desk-part-original = original
desk-part-copy = copy
desk-part-electronic = electronic
desk-part-shown = to be shown
desk-copies = { $count ->
        [1] 1 copy
       *[other] { $count } copies
    }
desk-reusable = A reusable electronic paper exists: { $number }
desk-scan-of = Scanned file of { $part }
desk-scan-kept = The file { $name } was received; choose another to replace it, untick to leave it out.
desk-declaration = Declaration
desk-declaration-note = the questions of the declaration; “Update” when an answer brings further questions
desk-competent = Unit that decides
desk-competent-here = This unit
desk-competent-hint = Another one where a dossier is received regardless of boundaries: it is sent there at once.
desk-unit = Receiving unit
desk-channel = Way of filing
desk-identified = Identified and authenticated electronically (VNeID)
desk-paid-now = Paid at the counter now (VND)
desk-paid-reference = Receipt number
desk-note = Note
desk-kind = Kind of applicant
desk-kind-citizen = Citizen
desk-kind-enterprise = Enterprise, organisation
desk-kind-household = Business household
desk-name = Full name
desk-id-number = Personal identity number
desk-number-enterprise = Tax code
desk-number-household = Tax code or identity number
desk-declared-number = Identity number in the form (not that of the person signed in)
desk-id-number-hint = The 12 digits on the identity card. Enterprises and business households: change “Kind of applicant” and give the tax code.
desk-number-enterprise-hint = 10 digits, for dependent units 3 more: 0123456789-001. Citizens: change “Kind of applicant” and give the 12 digits on the identity card.
desk-number-household-hint = 10 digits, with 3 more where it has them (0123456789-001), or the 12 digits on the owner’s identity card.
desk-phone = Phone
desk-address = Residence
desk-email = E-mail
desk-due = Result due
desk-due-line = Due { $at }
desk-due-none = At once, without an appointment
desk-due-provisional = Provisional: the holidays of that year are not announced yet
desk-computed = How the day was found
desk-computed-received = Received { $at }.
desk-computed-after = After { $cutoff } or outside office hours, so it counts from { $from } ({ $article }).
desk-computed-from = Counts from { $from }.
desk-computed-term = The term is { $term }.
desk-computed-skip = Not counted: { $days }.
desk-computed-due = Due at the end of office hours, { $at }.
desk-receive-do = Receive and make the appointment
desk-ticket-number = Number { $number }
desk-received-title = Received
desk-secret = Tracking secret
desk-secret-once = The tracking secret is shown once, here and on the slip. Print the slip and hand it over.
desk-next-one = Receive the next one
desk-print-slip = Print the slip
desk-open-dossier = Open the dossier

# One dossier
desk-clock = The dossier’s clock
desk-clock-words = In words
desk-clock-desc = Received { $received }, due { $due }, { $used } of the term used.
desk-clock-received = Received
desk-clock-started = Counts from
desk-clock-due = Due
desk-clock-old-due = Earlier day
desk-clock-now = Now
desk-clock-done = Done
desk-clock-pause = The clock stood still ({ $why }): { $from } – { $to }
desk-clock-pause-open = now
desk-pause-supplement = waiting for a supplement
desk-pause-payment = waiting for payment
desk-pause-other = suspended
desk-clock-used = Used
desk-clock-hand-over = To be handed over by
desk-clock-answer = Receipt to be answered by
desk-clock-return = May be returned after appraisal until
desk-clock-apology = Apology with a new day by
desk-clock-term = Term
desk-why-due = Due { $at }, { $left }.
desk-why-citizen = The clock stands still, waiting for the citizen since { $since }.
desk-why-paused = The clock stands still since { $since }.
desk-why-new = Filed { $at }; its receipt is to be answered by { $until }.
desk-why-done = Done { $at }.
desk-why-none = No term yet.
desk-why-promised = Apology sent, new day { $day } (promised before: { $old }), { $left }.
desk-result = Result
desk-result-number = Number
desk-result-unnumbered = no number kept
desk-result-date = Day of the result
desk-result-name = Document
desk-result-returned = Given to the applicant
desk-result-waiting = not yet, ready since { $at }
desk-rated = What the applicant said
desk-rated-stars = Satisfaction
desk-rated-attitude = Attitude
desk-rated-agencies = Other agencies to be seen
desk-rated-note = Remark
desk-acts = What can be done now
desk-forbidden = Not possible yet, by law
desk-requests = Asked of the citizen
desk-request-head = { $at }, { $who }: { $kind }
desk-request-supplement = supplement asked
desk-request-return = returned after appraisal
desk-request-answered = answered { $at }
desk-request-open = not answered
desk-request-until = by { $date }
desk-steps = Steps
desk-steps-none = It has not entered a step yet.
desk-step-now = here now
desk-applicant = Applicant
desk-masked = Personal data is masked: those who handle or decide the dossier see it.
desk-searchable = Searchable scan (PDF/A)
desk-parts-none = No paper was recorded yet.
desk-origin-upload = uploaded by the citizen
desk-origin-scan = scanned at the counter
desk-origin-reused = reused from digitised papers
desk-origin-paper = paper handed in
desk-papers = Papers and forms
desk-opinions = Opinions of other agencies
desk-opinion-open = expected by { $due }
desk-opinion-agrees = agrees
desk-opinion-disagrees = does not agree
desk-payments = Fees
desk-owed = Still to be paid
desk-attach = Add a scan
desk-f-attach-part = Part of the dossier
desk-f-attach-file = File
desk-part-reusable = Use the electronic copy that the applicant has: { $paper }
done-desk-attach = The file was added to the dossier.
desk-owed-cash = The payer scans this code, or pays cash: open the dossier and choose “Take cash”. The term runs once everything is paid.
desk-take-cash = Take cash
desk-receipt = Receipt { $number }
desk-due-after-fee = Appointed once the fee is paid
desk-due-after-fee-term = Appointed once the fee is paid; term counted from then: { $term }
desk-due-paused = Appointed anew when the dossier goes on
desk-complaints = Feedback and complaints
desk-complaints-none = Nothing waits
desk-complaints-none-text = What citizens say about a dossier appears here for the unit’s leaders and whoever was given it.
desk-complaints-open = Waiting
desk-complaints-answered = Answered
desk-complaint-due = Answer by
desk-complaint-basis = Basis
desk-complaint-basis-open = { $basis } (to be confirmed in the document itself)
desk-complaint-sent = Sent
desk-complaint-given = Given to
desk-complaint-nobody = Nobody yet
desk-complaint-answer = Answer
desk-complaint-answered-at = Answered
desk-complaint-do-answer = Send the answer
desk-complaint-do-assign = Give
desk-complaint-about = Dossier
desk-complaint-unit = Unit
desk-complaint-answer-hint = The citizen reads it word for word on the page of the dossier.
done-complaint = Written down.
desk-payment-demanded = Demanded
desk-payment-paid = Paid
desk-payment-way = Way
desk-payment-online = online
desk-payment-desk = at the counter
desk-forecast = Forecast
desk-forecast-done = Expected to be done
desk-forecast-slow = Four of five are done by
desk-forecast-error = Usually off by
desk-forecast-basis = Basis
desk-forecast-cases = { $count ->
        [1] 1 finished dossier in this step
       *[other] { $count } finished dossiers in this step
    }
desk-fact-channel = Way of filing
desk-fact-unit = Unit
desk-fact-procedure = Procedure code
desk-fact-version = Version of the procedure from
desk-fact-rules = Rules in force
desk-fact-filed-by = Filed on behalf by
desk-fact-away = Received for
desk-fact-received-at = Received and handed out by
desk-fact-state = National status code

# Forms of acts
desk-f-step = Step
desk-f-assignee = Officer
desk-f-reason-kind = Reason { $n }
desk-f-reason-part = Paper { $n }
desk-f-reason-text = What to do { $n }
desk-f-refusal-kind = Kind of reason { $n }
desk-f-refusal-text = Reason { $n }
desk-f-refusal-text-hint = Say what is not met, and by which rule.
desk-f-reason-text-hint = Say it so that people can act at once: what is missing, how to mend it, where to get it.
desk-f-part-none = (no paper in particular)
desk-f-until = Please complete before
desk-f-agency = Agency asked
desk-f-question = Question
desk-f-due = Answer before
desk-f-opinion = Opinion of
desk-f-agrees = Answer
desk-f-text = Text
desk-f-part-done = What came of the part
desk-give-back = Give our part back
desk-f-amount = Amount (VND)
desk-f-online = Paid online
desk-f-reference = Receipt or transaction number
desk-f-reason = Reason
desk-f-new-day = New day
desk-f-expected = Expected day
desk-f-basis = Basis (document, article)
desk-f-unit = Receiving unit
desk-f-linking = Forwarded
desk-f-linking-competent = to be decided there (received for another unit)
desk-f-linking-part = for its part, then back (linked procedure)
desk-f-link = Unit
desk-f-result-number = Number and notation of the result
desk-f-result-file = File of the result
desk-f-electronic = Electronic result (digitally signed)
desk-f-way = Result given
desk-f-way-desk = At the counter
desk-f-way-post = By post
desk-f-way-online = Online
desk-result-way = Result wanted
desk-result-address = Address for the post
desk-result-address-hint = Only for a result by post; left empty, it goes to the applicant’s address.
desk-result-by-post = By post, to: { $address }
desk-yes = Yes
desk-no = No

# Absence
desk-absences = Absence, delegation
desk-absence-lead = While somebody is away, dossiers handed over to them go to the person who stands in.
desk-absence-list = Declared
desk-absence-empty = Nobody is away
desk-absence-empty-text = Declare an absence beforehand, so that no dossier lies waiting.
desk-absence-now = away now
desk-absence-new = Declare an absence
desk-absence-who = Who is away
desk-absence-delegate = Who stands in
desk-absence-from = From
desk-absence-to = Up to and including
desk-absence-do = Declare
desk-absence-cancel = Cancel

# Queue
desk-queue = Queue
desk-queue-now = Being served
desk-queue-priority = priority
desk-queue-waiting = { $count ->
        [1] 1 person waiting
       *[other] { $count } people waiting
    }
desk-queue-empty = Nobody has taken a number.
desk-queue-call = Call the next number
desk-queue-counter = Counter
desk-queue-take = Take a number
desk-queue-take-do = Take a number
desk-queue-priority-long = Priority (elderly, disabled, pregnant)
desk-queue-again = Call again
desk-queue-served = Done
desk-queue-missed-do = Not there
desk-queue-missed = Called, did not come
desk-queue-elsewhere = Being served at other counters
desk-queue-taken = taken at { $at }
desk-queue-wall = Screen on the wall
desk-ticket-title = Queue number
desk-ticket-print = Print with Ctrl + P (80 × 90 mm)
desk-key-receive-ticket = Receive for the number being served
desk-ticket-before = { $count } before you
desk-ticket-note = Please wait for your number. If you missed it, tell the counter and it is called again.

# Late tomorrow
desk-tomorrow = Dossiers about to be late
desk-tomorrow-late = Late now
desk-tomorrow-due = Due by the end of the next working day
desk-tomorrow-risk = Expected to become late
desk-tomorrow-apology = Apology to go out today
desk-tomorrow-late-about = Past the promised day and without a result.
desk-tomorrow-risk-about = In time today, but as things go ready only after the promised day.
desk-tomorrow-due-about = Promised for today or the next working day.
desk-tomorrow-apology-about = For a new day the apology must go out today.
desk-tomorrow-all = See all { $count } dossiers
desk-tomorrow-inbox = { $count } more in the inbox
desk-tomorrow-whole = See every group
desk-tomorrow-units = By unit
desk-tomorrow-apologise = apologise by { $by }
desk-tomorrow-empty = No dossier is about to be late
desk-tomorrow-empty-text = Dossiers that are late, due tomorrow or expected to be late appear here.
desk-tomorrow-method = The forecast adds the usual time of the remaining steps (median of { $count } finished dossiers) to the present moment. Tried on finished dossiers it is off by { $error } on average.
desk-tomorrow-method-none = Too few finished dossiers for a forecast; only the share of the term counts.
desk-forecast-line = done about { $at }
desk-forecast-late = done about { $at }, after its day
desk-map = Where dossiers wait
desk-map-note = Drawn from the ledger of the { $count } newest dossiers: each box is where dossiers wait, a thicker line is more dossiers, a dashed line goes back. Time is working time.
desk-map-title = The way of dossiers
desk-map-desc = { $steps } steps, { $moves } moves, { $back } of them back. The table beside it has the same numbers.
desk-map-steps = By step
desk-map-groups = By officer
desk-map-median = Waiting (median)
desk-map-slow = One in ten waits longer than
desk-map-here = Here now
desk-map-back = Came back
desk-map-passed = { $count ->
        [1] 1 passage
       *[other] { $count } passages
    }
desk-map-stop = median { $median } · { $here } here now
desk-map-empty = No dossier to draw yet
desk-map-empty-text = The map is drawn when dossiers have gone through steps.
desk-hours = { $count } h
desk-minutes = { $count } min
desk-workdays = { $count ->
        [1] 1 working day
       *[other] { $count } working days
    }

# Terms in words
term-same-day = the same day
term-working-hours = { $count ->
        [1] 1 working hour
       *[other] { $count } working hours
    }
term-working-days = { $count ->
        [1] 1 working day
       *[other] { $count } working days
    }
term-days = { $count ->
        [1] 1 day
       *[other] { $count } days
    }
term-months = { $count ->
        [1] 1 month
       *[other] { $count } months
    }

# Printed forms (Circular 01/2018/TT-VPCP)
desk-paper-country = SOCIALIST REPUBLIC OF VIET NAM
desk-paper-motto = Independence - Freedom - Happiness
desk-paper-agency = PEOPLE’S COMMITTEE OF { $unit }
desk-paper-desk = ONE-STOP DESK
desk-paper-place = { $place }, { $day }
desk-paper-day = { $day }/{ $month }/{ $year }
desk-paper-parts-none = none recorded
desk-paper-contact = { $who }, telephone { $phone }
desk-paper-fee-paid = { $amount }, paid { $at }
desk-paper-fee-part = { $amount }, { $paid } paid so far
desk-paper-fee-open = { $amount }, not paid yet
desk-paper-fee-none = none
desk-paper-number = No.: { $number }/{ $mark }
desk-paper-code = Dossier code: { $code }
desk-paper-track = Tracking page
desk-paper-print = Print with Ctrl + P (A5)
desk-paper-qr = Scan to track the dossier
desk-paper-sign = (Signature and full name)
desk-paper-label-1 = Form 01
desk-paper-label-2 = Form 02
desk-paper-label-3 = Form 03
desk-paper-label-4 = Form 04
desk-paper-label-5 = Form 05
desk-paper-label-6 = Form 06
desk-paper-1 = Receipt of the dossier and appointment for its result
desk-paper-2 = Request to complete the dossier
desk-paper-3 = Refusal to receive the dossier
desk-paper-4 = Apology and new appointment
desk-paper-5 = Control slip of the handling of the dossier
desk-paper-6 = Book of dossiers
desk-paper-note-1 = Made in two copies: one for the applicant, one kept at the one-stop desk.
desk-paper-receives = Received from
desk-paper-content = Matter
desk-paper-parts = Parts handed in
desk-paper-copies-total = Number of sets
desk-paper-copies-one = 01 set
desk-paper-term = Term by the rules
desk-paper-received = Received at
desk-paper-due = Result due
desk-paper-where = Result collected at
desk-paper-here = The one-stop desk
desk-paper-secret = Tracking secret
desk-paper-person = Dossier of
desk-paper-needs = To be completed
desk-paper-reasons = Not received, for these reasons
desk-paper-until = Please complete before
desk-paper-help = For questions please contact
desk-paper-sorry = Reason for the delay
desk-paper-promised = Day promised before
desk-paper-new-day = New day for the result
desk-paper-sorry-text = This delay has cost you trouble, money and time. We sincerely apologise.
desk-paper-officer = RECEIVING OFFICER
desk-paper-citizen = APPLICANT
desk-paper-head = HEAD OF THE UNIT
desk-paper-step = Step
desk-paper-giver = Handed over by
desk-paper-taker = Taken by
desk-paper-from = Taken at
desk-paper-to = Handed over at
desk-paper-result = Result
desk-paper-on-time = On time
desk-paper-late = Late
desk-paper-early = Early
desk-book-empty = No dossier in these days.
desk-book-span = From { $from } to { $to }
desk-book-from = From
desk-book-to = To
desk-book-no = No.
desk-book-code = Dossier code
desk-book-procedure = Procedure
desk-book-count = Sets
desk-book-person = Person or organisation
desk-book-address = Address, phone
desk-book-agency = Handled by
desk-book-received = Received
desk-book-due = Result due
desk-book-done = Result given
desk-book-way = Way of giving the result
desk-book-sign = Signature
desk-book-note = Note
desk-book-dates = Receipt and result
desk-book-number = no. { $number }
desk-book-promised = new day { $date }
desk-book-masked = Names are initials: only those who handle the unit’s dossiers see them in full.
done-desk-act = Written into the dossier.
done-desk-moved = The ticked dossiers were handed over.
done-desk-absence = The declaration was kept.
done-desk-ticket = The number was taken.
done-desk-called = The number was called.
done-desk-called-nobody = Nobody is waiting.
done-desk-served = Served.
done-desk-missed = Noted: did not come.

# Filling in for somebody on the portal
help-door = Help to file
help-title = Help somebody to file
help-lead = For the elderly, people with disabilities and whoever cannot do it alone. You open the citizens' portal and fill in for them, with their papers and their particulars; the dossier and the ledger name you as the one who did. It ends when you close the browser or press “End helping”.
help-begin = Open the portal to help
