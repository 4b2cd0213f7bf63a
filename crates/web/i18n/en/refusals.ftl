# Refusals, common
refusal-unknown = This was refused ({ $code }).
refusal-internal = Something went wrong on the server; nothing was done.
refusal-not-found = “{ $what }” was not found, or you may not see it.
refusal-csrf = The page is old or the session has ended. Reload the page and try again.
refusal-version-conflict = Somebody saved before you (version { $version }); nothing was overwritten.
refusal-record-key-taken = Another record already uses this code or number.
refusal-record-not-found = This record was not found, or you may not see it.
refusal-record-key = The record’s code is { $key }, but the field “{ word-field }” says { $value }. Both must agree.
refusal-record-misfit = The record does not fit the register’s declaration: { $reason }
refusal-register-own-use-case = The register “{ $register }” has pages of its own for this; use those.
refusal-idempotency-mismatch = This request was sent before with other content. Reload the page and send again.
refusal-idempotency-key = The Idempotency-Key header must be ASCII text of at most { $max } characters.
refusal-store-busy = The database is busy; nothing was written.
refusal-store-unknown-outcome = The connection to the database was lost while saving. Look whether the change is there before you repeat it.
refusal-store-unreachable = The database cannot be reached; nothing was written.
refusal-store-closed = The system is stopping; nothing was written.
refusal-store-disk-full = The disk is full; nothing was written. Ask the operator to free space.
refusal-store-newer = The database was written by a newer version; the program must be updated.
refusal-store-corrupt = What was read is not what was written. Write nothing more; ask the operator to run “haidang verify”.
refusal-store-config = The server is not configured rightly; tell the operator.
refusal-store-blob = The attachment could not be written or read. A file has 50 MB at most; if it is smaller, tell the operator.
refusal-store-database = The database reported a fault; nothing was written.

# Access and sign-in
refusal-access-sign-in = Sign in to do this.
refusal-access-role = None of your roles may { word-action }.
refusal-access-unit = You may not { word-action } at { $name }; your grants are for other units.
refusal-access-register = You may not { word-action } in the register “{ $register }”.
refusal-access-own-work = You did this work yourself, so you may not { word-action }; a second person must.
refusal-access-unknown-role = There is no role “{ $text }”. Known: { $known }.
refusal-access-unknown-action = There is no action “{ $text }”. Known: { $known }.
refusal-access-denied = You may not do this.
refusal-sign-in-wrong = The login or the password is wrong.
refusal-sign-in-busy = Too many people are signing in at this moment. Try again in a minute.
refusal-sign-in-wait = Too many wrong attempts. Try again in { $minutes } minutes.
refusal-account-password = The password needs at least { $min } characters, and 256 bytes at most.
refusal-account-login = The login “{ $login }” is not valid: use lower-case letters, digits and . _ - @.
refusal-account-taken = The login “{ $login }” is taken. Open that account to change it, or choose another.

# Input
refusal-input-required = “{ word-field }” is needed.
refusal-input-invalid = Some fields are not right.
refusal-input-date = “{ $text }” in “{ word-field }” is not a date. Write year-month-day, for example 2025-08-30, or pick it from the calendar.
refusal-input-future = “{ word-field }” lies in the future; a figure cannot speak of a day to come.
refusal-input-number = “{ $text }” in “{ word-field }” is no number.
refusal-one-stop-result-address = A result by post needs the address that it is to go to.
refusal-input-too-long = “{ word-field }” is longer than { $max } characters.
refusal-input-too-large = What was sent is too large. Split it or compress the file.
refusal-input-body-too-large = What was sent is too large: { $max } MB at most at a time. Send the files one by one, or scan them again in a lighter form.
refusal-input-too-many = At most { $max } items at once.
refusal-if-match-required = A change must name the version that was seen, in the header If-Match.
refusal-input-json = The JSON body could not be read: { $reason }
refusal-input-query = The query parameters could not be read: { $reason }
refusal-input-media-type = The body must be application/json.
refusal-method-not-allowed = “{ $path }” does not take { $method }.
refusal-input-slow = What was sent came too slowly, so the server stopped receiving it. Check the connection and send again.
refusal-uploads-busy = Too many files are being sent at once. Try again in a minute.
refusal-evidence-foreign = A piece of evidence was not uploaded by you and does not belong to this record. Attach the file again.
refusal-input-form = The form could not be read. Reload the page and send again.
refusal-input-time = “{ $text }” could not be read. Write a period as 2025, 2025Q2 or 2025-06, a date as 2025-08-30.
refusal-input-io = The file could not be read: { $detail }
refusal-input-gzip = The gzip data is damaged: { $detail }
refusal-input-gzip-truncated = The gzip data ends too early; the file was probably not copied whole.
refusal-input-ratio = The content unpacks to more than { $limit } times its size, which no real log does; it is refused.
refusal-input-encoding = The text is not UTF-8 ({ $detail }). Save the file as UTF-8 and try again.
refusal-import-bad-row = { $place }: { $detail }
refusal-matrix-size = The table has more than { $max } cells. Ask for fewer indicators, units or periods.

# Reading numbers
refusal-number-empty = There is no number.
refusal-number-too-long = “{ $text }” is too long or has too many digits.
refusal-number-not-a-number = “{ $text }” is not a number. Examples: 97,63 % · 7.129 / 7.129 · hơn 1.246.
refusal-number-ambiguous = “{ $text }” can be read as { $first } or { $second }. Write it clearly, for example without thousands separators.
refusal-number-mixed-separators = “{ $text }” mixes dots and commas. Thousands take a dot, decimals a comma.
refusal-number-english-form = “{ $text }” is written the English way. Write it the Vietnamese way: 1.246,5.
refusal-number-grouping = “{ $text }” is not grouped rightly: each group has three digits.
refusal-number-not-whole = “{ $text }” must be whole: this indicator counts things.
refusal-number-negative = “{ $text }” is negative; this indicator has no negative values.
refusal-number-leading-words = “{ $text }”: the words “{ $words }” before the number are not understood.
refusal-number-trailing-number = “{ $text }” has another number at its end: “{ $rest }”. Enter one number at a time.
refusal-number-two-qualifiers = “{ $text }” has two qualifiers: “{ $first }” and “{ $second }”. Keep one.
refusal-number-range = “{ $text }” is a range. Enter one value, with “about”, “over” or “nearly” if need be.
refusal-number-wrong-measure = “{ $text }” is not of this indicator’s kind: it has { $found }.
refusal-number-zero-denominator = The denominator of “{ $text }” is 0, so there is no value. Check the source.
refusal-number-unknown-qualifier = The qualifier “{ $text }” is not known. Use one of: { $known }.

# Numbers of documents
refusal-docnumber-empty = There is no document number.
refusal-docnumber-shape = “{ $text }” does not look like a document number. Examples: 57-NQ/TW, 2807/KH-UBND.
refusal-docnumber-incomplete = The document number lacks a part. Complete examples: 57-NQ/TW, 2807/KH-UBND.
refusal-docnumber-number = “{ $text }”: the serial number is not right.
refusal-docnumber-type = There is no kind of document “{ $type }”.
refusal-docnumber-year = The year “{ $year }” in the document number is not right.

# Units, tasks, figures
refusal-unit-unknown = There is no unit “{ $unit }”.
refusal-unit-not-on-map = { $name } is not on the map of { $map }. Choose another day, or the unit that it became.
refusal-unit-closed = The unit { $unit } is not valid on { $day }; choose the one that it became.
refusal-task-progress = Progress is a number from 0 to 100, not “{ $value }”.
refusal-task-dates = The deadline { $deadline } is before the start { $starts_on }.
refusal-lifecycle-step = This step cannot be taken while the record is “{ word-state }”. Reload the page to see how it stands.
refusal-lifecycle-initial = A new record begins as “{ $initial }”, not “{ $state }”.
refusal-lifecycle-unknown-state = The lifecycle has no state “{ $state }”.
refusal-lifecycle-unknown-transition = The lifecycle has no step “{ $transition }”.
refusal-lifecycle-guard = The condition for the step “{ $transition }” is not met: { $guard }.
refusal-conflict-none = There is no contradiction here, or no longer.
refusal-conflict-not-a-claim = { $deadline } is not one of the contradicting deadlines.
refusal-figure-live = The indicator “{ $indicator }” is counted from records; it is not typed in.
refusal-figure-no-records = This figure was reported; there is no list of records behind it.
refusal-freeze-twice = The period { $period } is closed already.
refusal-freeze-not-over = The period { $period } is not over, so it cannot be closed.
refusal-freeze-all = Choose a period that has an end.
refusal-freeze-behind = The figures are still catching up with what was just written. Try again in a few seconds.
refusal-report-period = No report can be made for { $period }; choose a month, a quarter or a year.
refusal-report-future = The period { $period } has not begun.
refusal-ledger-size = The ledger has { $size } entries; enter a number from 1 to that.

# Packs, simulation
refusal-pack-faults = The pack has faults; nothing was loaded.
refusal-pack-no-root = No pack of the locality is loaded, so there is no top unit. Load a pack with roots and try again.
refusal-pack-other-place = This data is of “{ $here }”, the pack is of “{ $other }”. Another place’s data wants a place of its own (--data) or a name of its own (--tenant)
refusal-pack-does-not-fit = This pack does not fit those in force: { $detail }
refusal-pack-zip = The .zip file cannot be read; it may be damaged or packed in an unusual way.
refusal-pack-too-many-files = The pack has more than { $max } files.
refusal-pack-no-manifest = There is no pack.toml. Zip the whole folder of the pack, or choose a .zip file.
refusal-pack-not-text = The file { $file } is not UTF-8 text.
refusal-simulate-plan = The simulated span from { $from } to { $to } is not valid.
refusal-simulate-twice = Simulated data is there already; use a fresh database.

# Clocks, calendar, expressions
refusal-calendar-hours = The office hours “{ $text }” are not right: spans must follow each other without overlap.
refusal-calendar-out-of-range = { $date } lies outside the calendar that the system can reckon with.
refusal-calendar-weekday = “{ $text }” is not a day of the week (mon … sun).
refusal-clock-paused = The clock has been paused since { $since }.
refusal-clock-not-paused = The clock is not paused, so it cannot be resumed.
refusal-clock-stopped = The clock was stopped at { $at }.
refusal-clock-order = { $at } is before the previous event ({ $last }).
refusal-clock-already-extended = It was extended once ({ $first }); it cannot be extended again.
refusal-clock-supplement-already-asked = A supplement was asked once ({ $first }); Decree 61/2018/NĐ-CP allows it once.
refusal-clock-term-kind = An extension must be of the clock’s kind (working hours or days).
refusal-expr-type = A declared expression gives a value of the wrong type; tell the author of the pack.

# Imported files: XES, CSV, mappings
refusal-xes-malformed = The XML is malformed: { $detail }
refusal-xes-nesting = The elements are wrongly nested: { $detail }
refusal-xes-truncated = The file ends inside <{ $element }>, which opened at line { $opened }.
refusal-xes-empty = The file holds no XML element; an XES log begins with <log>.
refusal-xes-root = The root element is <{ $found }>; an XES log begins with <log>.
refusal-xes-element = <{ $found }> is not allowed inside <{ $inside }>.
refusal-xes-text = Text is not allowed inside <{ $inside }>; XES keeps values in “value” (found “{ $text }”).
refusal-xes-dtd = A document type declaration is not accepted; XES needs none.
refusal-xes-entity = An entity cannot be resolved: { $detail }
refusal-xes-token-too-long = One tag, comment or text is longer than { $limit } bytes.
refusal-xes-key = <{ $element }> has no attribute “key”.
refusal-xes-value = <{ $element } key="{ $key }"> has no attribute “value”.
refusal-xes-duplicate = The key “{ $key }” stands twice in the same element.
refusal-xes-date = “{ $value }” in “{ $key }” is not a date and time like 2025-07-01T08:00:00+07:00.
refusal-xes-int = “{ $value }” in “{ $key }” is not a whole number of 64 bits.
refusal-xes-float = “{ $value }” in “{ $key }” is not a number.
refusal-xes-boolean = “{ $value }” in “{ $key }” is neither true nor false.
refusal-xes-attributes = The trace has more than { $limit } attributes, those of its events included.
refusal-xes-value-too-long = The value of “{ $key }” is longer than { $limit } bytes.
refusal-xes-depth = The elements are nested deeper than { $limit } levels.
refusal-xes-orphan-event = An event stands outside any trace; it belongs to no record.
refusal-xes-trace-too-large = The trace is larger than { $limit } bytes.
refusal-csv-empty = The file is empty; its first row must name the columns.
refusal-csv-header = Column { $column } of the first row has no name.
refusal-csv-header-duplicate = Two columns are named “{ $name }”.
refusal-csv-columns = The row has { $found } fields, the first row has { $expected }.
refusal-csv-quote = A quotation mark opens here and is never closed.
refusal-csv-row-too-long = The row is longer than { $limit } bytes; perhaps a quotation mark is not closed.
refusal-xlsx-broken = The file is no whole Excel workbook (.xlsx): { $detail }
refusal-xlsx-columns = The table is wider than the limit of { $limit } columns.
refusal-xlsx-nameless = “{ $value }” stands in a column without a name in the first row.
refusal-map-key = The row has no “{ $from }”, which identifies the record.
refusal-map-required = “{ $from }” is missing; the field “{ $field }” needs it.
refusal-map-unit = The unit cannot be told: “{ $from }” is missing.
refusal-map-unknown-value = “{ $value }” in “{ $from }” is not in the map of “{ $field }”; known: { $known }.
refusal-map-type = “{ $value }” in “{ $from }” is not { word-wanted }, which the field “{ $field }” needs.
refusal-map-day = “{ $value }” in “{ $from }” is a day without a time; the field “{ $field }” needs one: declare day = "start" or day = "end".
refusal-map-zone = “{ $value }” in “{ $from }” is a time that the mapping’s zone skips or has twice; give it an offset.
refusal-map-state = No rule of [state] fits this row.
refusal-map-event = The event has no “{ $from }”, which the mapping takes as its { word-role }.
refusal-map-event-time = “{ $value }” in “{ $from }” of an event is not a date and time.
refusal-key-twice = “{ $key }” stands in this file before, at { $first }.
refusal-state-unknown = The register has no state “{ $state }”; it has { $known }.
refusal-map-file = The mapping is not right, { $file }:{ $line }:{ $column }: { $detail }

# Faults of single fields of a record
fault-body-not-an-object = The record’s body must be a JSON object.
fault-field-required = “{ word-field }” is required.
fault-field-unknown = The register has no field “{ $field }”.
fault-field-type = “{ word-field }” must be of type { $type }.
fault-field-choice = “{ $value }” is not a choice of “{ word-field }”; choose one of: { $choices }.
fault-field-decimal = “{ word-field }” is a number with at most { $digits } decimal digits.
fault-field-date = “{ $value }” in “{ word-field }” is not a date like 2025-08-30.
fault-field-timestamp = “{ $value }” in “{ word-field }” is not an instant like 2025-08-30T14:05:00+07:00.
fault-field-future = “{ word-field }” is { $value }, which lies in the future.
fault-field-unit = “{ $value }” in “{ word-field }” is not a unit like 26506@2025-07-01.
fault-field-too-many = “{ word-field }” has more than { $most } items.
fault-field-too-long = “{ word-field }” is longer than { $most } characters.
fault-field-too-small = “{ word-field }” is less than { $least }.
fault-field-too-large = “{ word-field }” is more than { $most }.
fault-field-identity-number = “{ word-field }” must be a personal identity number: 12 digits, as printed on the identity card.
fault-field-identity-year = This identity number belongs to somebody born in { $year }, but the date of birth given is in { $given }.
fault-field-identity-sex = This identity number does not agree with the sex given.
fault-field-phone = “{ word-field }” must be a Vietnamese phone number, such as 0912 345 678.
fault-field-email = “{ word-field }” must be an e-mail address, such as name@company.vn.
fault-field-tax-code = “{ word-field }” is not a valid tax code: 10 or 13 digits, or the 12 digits of an identity number.
fault-field-in-future = “{ word-field }” must not be later than today.
fault-field-in-past = “{ word-field }” must not be earlier than today.
fault-form-rule = { $sentence }

# Words used in the sentences above
word-action = 
    { $action ->
        [view] view this
        [edit] change this
        [submit] report or hand in
        [approve] approve or return
        [assign] assign work
        [decide] decide
        [freeze] close a period
        [import] import data
        [configure] change the configuration
        [audit] audit the ledger
        [manage_accounts] manage accounts
       *[other] do this
    }
word-field = 
    { $field ->
        [text] What was done
        [title] Text, subject
        [reason] Reason
        [ask_until] Please complete before
        [result_address] Address for the post
        [responsibility] Responsibility
        [authority] Authority
        [product] Product
        [deadline] Deadline
        [starts_on] Starts
        [issued_on] Issued
        [as_of] As of
        [source] Source
        [note] Remark
        [number] Number
        [issuer] Issuer
        [kind] Kind
        [waiting_note] Whose guidance, on what
        [difficulties] Difficulties
        [proposals] Proposals
        [version] version of the record
        [claim] one value
        [lead] Lead unit
        [indicator] Indicator
        [unit] Unit
        [period] Period
        [written] Value
        [name] Name
        [password] Password
        [progress] Progress
        [agency] Agency
        [question] Question
        [basis] Basis
        [reference] Reference
        [step] Step
        [assignee] To whom
        [paid] Paid at the counter now
        [shown] The paper that was seen
        [received_at] Received
        [closed_at] Finished
       *[other] { $field }
    }
word-wanted = 
    { $kind ->
        [int] a whole number
        [decimal] a decimal number
        [bool] true or false
        [date] a date like 2025-07-01 or in a declared format
        [timestamp] a date and time like 2025-07-01T08:00:00+07:00 or in a declared format
       *[other] a time
    }
word-role = 
    { $role ->
        [name] name
       *[other] time
    }
word-state = 
    { $state ->
        [draft] draft
        [assigned] assigned
        [in_progress] in progress
        [submitted] waiting for approval
        [approved] approved
        [returned] returned
        [waiting] awaiting guidance
       *[other] { $state }
    }

# Error pages: what was kept, what to do
error-next-401 = Sign in, then open this address again.
error-kept-403 = Nothing was changed.
error-kept-408 = Nothing was saved.
error-next-408 = Send again over a steady connection, or compress the file.
error-kept-413 = Nothing was saved.
error-next-413 = Split or compress the file and send again.
error-kept-422 = Nothing was saved.
error-next-422 = Go back, correct it as said above, and send again.
error-kept-429 = The account is not locked.
error-next-429 = Wait and try again; if you forgot the password, ask an administrator to set it anew.
error-kept-507 = What you just did was not written; what was saved is untouched.
error-next-507 = Ask the operator to free disk space.
refusal-input-period = The period “{ $text }” was not understood. Write it like June 2025, Q2 2025, 2025 or 2025-06.
refusal-figure-beyond-whole = “{ $text }” is more than 100%. A share rarely is: check numerator and denominator.
refusal-figure-as-of-outside = The as-of day { $as_of } lies outside the period.
refusal-figure-doubtful = { $reasons } If the figure is right, send it again with a confirmation.
refusal-figure-pending = A figure { $value } of the same indicator, unit and period is already awaiting approval.
refusal-account-no-role = An account without a role sees nothing and can do nothing. Choose at least one role and unit.
refusal-digitise-unreadable = This scan cannot be read: { $detail }
refusal-digitise-slow = Reading this scan took longer than { $minutes } minutes.
refusal-tracking-enter = To see the dossier, enter its code and secret.
