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
refusal-one-stop-order = { $at } is before the dossier’s previous event ({ $last }); { law-article }.
refusal-one-stop-suspended = The dossier has been suspended since { $since }; let it go on first ({ law-article }).
refusal-one-stop-supplement-again = A supplement was asked once ({ $first }); it may not be asked again ({ law-article }).
refusal-one-stop-return-too-late = It could be returned after appraisal only until { $until } ({ law-article }).
refusal-one-stop-reappointed = A new day was named once ({ $first }); it may not be done again ({ law-article }).
refusal-one-stop-apology-too-late = The apology with a new day had to be out by { $until } ({ law-article }). An apology for being late can still be sent; the deadline stays.
refusal-one-stop-apology-in-time = A new day can still be named until { $until }: use “Apologise and name a new day” ({ law-article }).
refusal-one-stop-opinion-open = The opinion of { $agency } is awaited until { $until } ({ law-article }).
refusal-one-stop-link-open = { $unit } has not finished its part ({ law-article }).
refusal-one-stop-citizen-has-time = The citizen has until { $until } to answer ({ law-article }).
refusal-one-stop-reason-required = Say each reason, so that the citizen knows and can act ({ law-article }).
refusal-one-stop-reasons-max = More than { $max } reasons in one request; put some together ({ law-article }).
refusal-one-stop-day-past = { $day } is not possible: it must be a later day ({ law-article }).
refusal-one-stop-new-day = The new day { $day } must be a working day after the old deadline { $due } ({ law-article }).
refusal-one-stop-unknown-step = The procedure has no step “{ $step }”; its steps: { $known } ({ law-article }).
refusal-one-stop-unknown-opinion = No opinion is awaited at this place ({ law-article }).
refusal-one-stop-unknown-link = No unit holds a part at this place ({ law-article }).
refusal-one-stop-amount = The amount must be more than zero ({ law-article }).
refusal-one-stop-cite = “{ $text }” is not an article such as 19.9 or 19.9 NĐ 61/2018/NĐ-CP.
refusal-one-stop-minute = “{ $text }” is not a time such as 15:00.
refusal-calendar-term = “{ $text }” is not a term: write 5 working_days, 8 working_hours, 15 days, 1 month or same_day.
refusal-dossier-code-agency = “{ $text }” is not an agency code such as H06.36 (Decision 20/2020/QĐ-TTg).
refusal-dossier-code-shape = “{ $text }” is not a dossier code, for example H15.50.05.13-261008-0975.
refusal-one-stop-no-rules = No one-stop rules are in force on { $day }; load the national pack and try again.
