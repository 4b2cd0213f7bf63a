# One-stop desk: words of the law, and refusals that cite their article

law-article = { $clause ->
        [none] article { $article }
       *[other] article { $article }, clause { $clause }
    } of { $decree }

# States of a dossier (the ten national ones, and two ways of the eighth)
case-status-registered = Newly filed
case-status-received = Received
case-status-not-accepted = Not accepted
case-status-in-progress = In progress
case-status-supplement = Supplement requested
case-status-payment = Payment requested
case-status-withdrawn = Withdrawn by the citizen
case-status-stopped = Handling stopped
case-status-rejected = Refused
case-status-resolved = Decided
case-status-returned-result = Result returned

# What is done with a dossier
case-act-accept = Receive
case-act-not-accept = Refuse to receive
case-act-ask-supplement = Ask for a supplement
case-act-supplement = Supplement
case-act-return-after-appraisal = Return after appraisal
case-act-hand-over = Hand over
case-act-ask-opinion = Ask for an opinion
case-act-answer-opinion = Note the opinion
case-act-demand-payment = Ask for payment
case-act-paid = Note the payment
case-act-apologise = Apologise and name a new day
case-act-apologise-late = Apologise for being late
case-act-suspend = Suspend
case-act-resume = Go on
case-act-forward-to-unit = Forward to another unit
case-act-return-from-unit = Take back from the other unit
case-act-resolve = Decide
case-act-refuse = Refuse
case-act-return-result = Return the result
case-act-withdraw = Withdraw
case-act-stop = Stop handling

# Why something is asked for, returned or refused
case-reason-missing = A paper is missing
case-reason-illegible = It cannot be read
case-reason-expired = It has expired
case-reason-wrong = It is the wrong paper, or not certified
case-reason-contradicts = The information contradicts itself
case-reason-not-eligible = The conditions are not met
case-reason-other-office = Another office is competent
case-reason-other = Another reason

word-case-state =
    { $state ->
        [registered] newly filed
        [received] received
        [not_accepted] not accepted
        [in_progress] in progress
        [supplement] waiting for a supplement
        [payment] waiting for payment
        [withdrawn] withdrawn
        [stopped] stopped
        [rejected] refused
        [resolved] decided
        [returned_result] returned
       *[other] { $state }
    }
word-case-act =
    { $act ->
        [accept] receive
        [not_accept] refuse to receive
        [ask_supplement] ask for a supplement to
        [supplement] supplement
        [return_after_appraisal] return
        [hand_over] hand over
        [ask_opinion] ask for an opinion on
        [answer_opinion] note an opinion on
        [demand_payment] ask for payment of
        [paid] note a payment of
        [apologise] apologise for
        [apologise_late] apologise for
        [suspend] suspend
        [resume] go on with
        [forward_to_unit] forward
        [return_from_unit] take back
        [resolve] decide
        [refuse] refuse
        [return_result] return the result of
        [withdraw] withdraw
        [stop] stop
       *[other] { $act }
    }

refusal-one-stop-not-now = You cannot { word-case-act } a dossier that is { word-case-state } ({ law-article }).
refusal-one-stop-order = The server's clock shows { $at }, earlier than what was last written of this dossier ({ $last }). Nothing was written; try again after that time, or tell the administrator to look at the server's clock.
refusal-one-stop-suspended = The dossier has been suspended since { $since }; let it go on first ({ law-article }).
refusal-one-stop-supplement-again = A supplement was asked once ({ $first }); it may not be asked again ({ law-article }).
refusal-one-stop-return-too-late = It could be returned after appraisal only until { $until } ({ law-article }).
refusal-one-stop-reappointed = A new day was named once ({ $first }); it may not be done again ({ law-article }).
refusal-one-stop-apology-too-late = The apology with a new day had to be out by { $until } ({ law-article }). An apology for being late can still be sent; the deadline stays.
refusal-one-stop-apology-in-time = A new day can still be named until { $until }: use “Apologise and name a new day” ({ law-article }).
refusal-one-stop-opinion-open = The opinion of { $agency } is awaited until { $until } ({ law-article }).
refusal-one-stop-link-open = { $unit } has not finished its part ({ law-article }).
refusal-one-stop-citizen-may-pay = The citizen has until { $until } to pay ({ law-article }).
refusal-one-stop-citizen-has-time = The citizen has until { $until } to answer ({ law-article }).
refusal-one-stop-result-given = The result was handed over or the dossier has ended: how it is received cannot be changed.
refusal-one-stop-reason-required = Say each reason, so that the citizen knows and can act ({ law-article }).
refusal-one-stop-reasons-max = More than { $max } reasons in one request; put some together ({ law-article }).
refusal-one-stop-day-past = { $day } is not possible: it must be a later day ({ law-article }).
refusal-one-stop-new-day = The new day { $day } must be a working day after the old deadline { $due } ({ law-article }).
refusal-one-stop-unknown-step = This procedure has no step “{ $step }”.
refusal-one-stop-step-left-out = The step “{ $step }” has not been done: a dossier goes on by one step at a time, or back.
refusal-one-stop-already-there = The dossier is at the step “{ $step }” already, with the same person.
refusal-one-stop-not-at-decision = It is not yet at the step “{ $step }”: the result is signed there, not before.
refusal-one-stop-assignee-role = { $name } may not do the step “{ $step }” at this unit.
refusal-one-stop-apology-no-day = It is due on the day or on the next working day: there is no working day before to apologise and name a new one ({ law-article }). Once it is late, send the apology for being late.
refusal-one-stop-not-late = It is not late: it is due { $due } ({ law-article }).
refusal-one-stop-unknown-opinion = No opinion is awaited at this place ({ law-article }).
refusal-one-stop-unknown-link = No unit holds a part at this place ({ law-article }).
refusal-one-stop-amount = The amount must be more than zero ({ law-article }).
refusal-one-stop-cite = “{ $text }” is not an article such as 19.9 or 19.9 NĐ 61/2018/NĐ-CP.
refusal-one-stop-minute = “{ $text }” is not a time such as 15:00.
refusal-calendar-term = “{ $text }” is not a term: write 5 working_days, 8 working_hours, 15 days, 1 month or same_day.
refusal-dossier-code-agency = “{ $text }” is not an agency code such as H06.36 (Decision 20/2020/QĐ-TTg).
refusal-dossier-code-shape = “{ $text }” is not a dossier code, for example H15.50.05.13-261008-0975.
refusal-one-stop-no-rules = No one-stop rules are in force on { $day }; load the national pack and try again.

# Filing, counter, tracking
refusal-one-stop-no-procedure = There is no procedure “{ $code }” in force.
refusal-one-stop-not-offered = { $name } does not take this procedure; choose the competent unit.
refusal-one-stop-not-online = “{ $name }” cannot be filed online yet; please come to the one-stop desk.
refusal-one-stop-no-agency-code = { $unit } has no identifier yet, so no dossier code can be given; tell the administrator.
refusal-one-stop-no-case = Dossier { $code } comes from an older system and cannot be handled here.
refusal-one-stop-no-paper-today = No paper dossiers are taken on { $day } ({ $name }). Digitise it at the counter, or help to file online.
refusal-one-stop-duplicate-elsewhere = This person has a dossier of the same procedure at another unit. Ask them, or confirm that this is another matter.
refusal-one-stop-duplicate = This person has just filed the same procedure: { $code }. Open that dossier, or confirm that this is another matter.
refusal-one-stop-identity-level = This procedure asks for an electronic identity of level { $level }. What you filled in is kept.
refusal-one-stop-missing-parts = Still missing: { $parts }.
refusal-one-stop-unknown-assignee = There is no active account “{ $account }” to give work to.
refusal-draft-closed = This draft was filed or given up. { $code }
refusal-draft-expired = This draft is past the day until which it was kept, and what was typed is gone. Begin again from the procedure.
refusal-upload-foreign = The file named for the part “{ $part }” was not sent for a dossier at this unit. Send the file again.
refusal-complaint-open = Another one of the same kind, { $code }, still waits for its answer. Wait for it before sending more.
refusal-complaint-too-many = { $max } at most about one dossier. Please turn to the office itself.
refusal-complaint-answered = This one is answered already.
refusal-complaint-own-work = { $name } handled this dossier, and is neither given nor answers a complaint about it.
refusal-draft-newer-version = A new version of this procedure is in force from { $from }. What you filled in is kept; look at the fee, the papers and the questions again, then file.
refusal-draft-too-many = One person has at most { $max } unfinished drafts. File or discard some under “My dossiers”.
refusal-upload-empty = The file “{ $name }” is empty.
refusal-upload-too-large = The file “{ $name }” is larger than { $max } MB. Take or scan it again in a lighter form.
refusal-upload-too-many = A dossier has { $max } files at most.
refusal-upload-draft-full = The papers of one dossier have { $max } MB at most. Remove a file, or take or scan it again in a lighter form.
refusal-upload-kind = The file “{ $name }” is not taken. Taken are: { $allowed }.
refusal-upload-content = The content of “{ $name }” is not a .{ $extension } file. Choose the right file, or save it again.
refusal-tracking-not-found = No dossier with this code and secret was found. Check both, or sign in to track it.
refusal-tracking-wait = Too many attempts. Wait { $minutes } minutes and try again.
refusal-rating-stars = Choose from 1 to 5, not { $stars }.
refusal-rating-not-yet = A dossier can be rated once it has been decided.
refusal-rating-twice = This dossier was rated already.
refusal-absence-dates = { $from } to { $to } is not a possible absence.
refusal-absence-self = Somebody else must stand in.
refusal-ticket-full = There are no more numbers to draw today. Ask at the counter.
refusal-ticket-wait = Many numbers were drawn from here just now. Wait some minutes and try again, or ask at the counter.
refusal-ticket-state = This number was not called, or is over.
refusal-paper-none = The dossier has nothing for form { $form } yet.
refusal-citizen-simulated-only = The simulated sign-in is there in the demonstration only.
refusal-citizen-identity = The identity number is not valid: 12 digits that agree with the year of birth.

# What was done, in a dossier’s history
did-accept = Received
did-not-accept = Receiving refused
did-ask-supplement = Supplement asked
did-supplement = Supplemented by the citizen
did-return-after-appraisal = Returned after appraisal
did-hand-over = Handed over
did-ask-opinion = Opinion asked
did-answer-opinion = Opinion answered
did-demand-payment = Payment asked
did-paid = Paid
did-apologise = Apologised, new day named
did-apologise-late = Apologised for being late
did-suspend = Suspended
did-resume = Went on
did-forward-to-unit = Forwarded to another unit
did-return-from-unit = Taken back from the other unit
did-resolve = Decided
did-refuse = Refused
did-return-result = Result returned
did-withdraw = Withdrawn
did-stop = Handling stopped
did-file = Filed
did-attach = Files added
did-delivery = Changed how the result is wanted
did-new-secret = Gave a new tracking secret
did-rate = Rated
did-recompute = Deadline recomputed after a change of the calendar
did-save = Draft saved
did-upload = File uploaded
did-drop-upload = File removed
did-reuse = Paper reused
did-keep = Electronic paper kept
did-take = Number drawn
did-call = Number called
did-serve = Served
did-miss = Did not come
did-drop = Draft given up
did-cancel = Cancelled
