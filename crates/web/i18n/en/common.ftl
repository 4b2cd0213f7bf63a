# Product and frame
product-name = Hải Đăng
product-line = Hải Đăng – every figure opens down to its records and can be proved
skip-to-main = Skip to main content
lang-label = Language
lang-short = EN
lang-name = English
theme-label = Appearance
theme-auto = As the device
theme-light = Light
theme-dark = Dark
account-menu = Account
sign-out = Sign out
menu-label = Menu
inbox-waiting = waiting for you
crumbs-label = Breadcrumb
simulated-title = Simulated data.
simulated-text = The figures on this page were generated for demonstration; they are not real.
live-moved = Figures have just moved

# Menu
nav-leader = Overview
nav-indicators = Indicators
nav-targets = Targets
nav-tasks = Tasks
nav-directives = Directives
nav-units = Units
nav-registers = Registers
nav-approvals = Approvals
nav-reports = Reports
nav-ledger = Ledger
nav-admin = Administration

# Pickers
pick-label = What to show
pick-unit = Unit
pick-period = Period
pick-as-of = Boundaries on
pick-show = Show
period-month =
    { $number ->
        [1] January { $year }
        [2] February { $year }
        [3] March { $year }
        [4] April { $year }
        [5] May { $year }
        [6] June { $year }
        [7] July { $year }
        [8] August { $year }
        [9] September { $year }
        [10] October { $year }
        [11] November { $year }
       *[12] December { $year }
    }
period-quarter = Q{ $quarter } { $year }
period-year = Year { $year }
period-range = { $from } to { $to }
period-until = Up to { $to }
period-all = All time

# Footer
boundaries = 
    { $count ->
        [one] 1 commune-level unit on the map of { $date }
       *[other] { $count } commune-level units on the map of { $date }
    }
foot-as-of = Figures as of
foot-boundaries = Boundaries
foot-ledger = Ledger
foot-entries = entries, root

# Jump and shortcuts
jump-label = Find an indicator, unit, task or dossier code
jump-hint = Type a few letters, with or without diacritics.
find-button = Find
keys-title = Shortcuts
keys-jump = Jump to an indicator, unit, task or record
keys-rows = Next, previous row of a table
keys-open = Open the row
keys-find = Go to the search field
keys-help = These shortcuts
keys-close = Close
keys-done = Close
search-title = Search results
search-empty = Nothing found for “{ $text }”
search-empty-text = Try fewer letters, or an indicator code, a document number, a ward.

# Status
status-completed = Completed
status-in-progress = In progress
status-at-risk = At risk
status-overdue = Overdue
status-waiting = Awaiting guidance
status-pilot = Pilot
status-recurring = Recurring
status-no-data = No figure yet
legend-label = Status legend
left-days = 
    { $count ->
        [one] 1 day left
       *[other] { $count } days left
    }
late-days = 
    { $count ->
        [one] 1 day late
       *[other] { $count } days late
    }
left-today = due today
date-unknown = date unknown

# Filters, tables, paging
filter-label = Filter
filter-all = All
see-all = See all
pager-label = Pages
pager-shown = { $from }–{ $to } of { $count }
pager-first = First page
pager-shown-more = { $from }–{ $to } of more than { $count }
pager-back = Previous
pager-next = Next
export-seen = Export table
export-history = Export history (XES)
export-history-hint = XES file (IEEE 1849) for process mining; without personal data
col-status = Status
col-title = Title
col-unit = Unit
col-figure = Figure
col-goal = Goal
col-deadline = Deadline
col-indicators = Indicators counted from it
col-register = Register
col-explain = What it holds
col-personal = Personal data
col-indicator = Indicator
col-target = Target
col-targets = Targets
col-whole = Whole city
col-trend = Trend
col-kind = Kind
col-source = Source
col-code = Code
col-valid = Valid
col-period = Period
col-numerator = Numerator
col-denominator = Denominator
col-counts = Numerator / denominator
col-bar = Bar
col-part = Part
col-date = Date
col-directive = Directive
col-issuer = Issuer
col-issued = Issued
col-work = Targets and tasks
col-field = Field
col-theirs = Saved now
col-yours = Yours
col-report = Report
col-made = Made
col-frozen = Frozen at ledger size
col-files = Files
col-seq = Entry
col-what = What
col-who = Who
col-seen = Seen
col-by-right = By right of
col-at = At
col-size = Size
col-root = Root
col-account = Person
col-login = Login
col-grants = Grants
col-last-seen = Last seen
facts-title = Details

# History
history-title = History
history-empty = Nothing has changed yet
history-empty-text = Every change will appear here with who made it, when, and its proof.
changed-from = from
changed-to = to
actions-title = What you can do

# Forms
form-optional = (optional)
form-faults = 
    { $count ->
        [one] 1 thing to correct
       *[other] { $count } things to correct
    }
form-kept = Everything you entered is still here.
form-cancel = Cancel
form-understood = Read as
form-beside = In the system now
form-clash = Somebody saved before you
form-clash-text = Nothing was overwritten. Compare the two columns, correct, and save again.
field-login = Login
field-password = Password
field-reason = Reason
field-progress = Progress (%)
field-note = What was done
field-solution = Next steps
field-evidence = Evidence
field-evidence-hint = { $kinds }, up to { $max } MB. The file is hashed with SHA-256 and cannot be swapped later.
field-indicator = Indicator
field-unit = Unit
field-period = Period
field-value = Value
field-value-hint = As the document writes it: 97,63 % · 7.129 / 7.129 · hơn 1.246
field-as-of = As of
field-as-of-hint = Leave empty if the source does not say; the page will show “date unknown”.
field-source = Source
field-quote = Words of the source
action-sign-in = Sign in
action-submit = Submit for approval
action-approve = Approve
action-return = Return
action-update = Update progress
action-decide = Choose this value
action-start = Start work
action-wait = Mark as awaiting guidance
action-assign = Assign task
state-draft = Draft
state-assigned = Assigned
state-in-progress = In progress
state-submitted = Awaiting approval
state-approved = Approved
state-returned = Returned
state-waiting = Awaiting guidance
chart-axis-from = The axis begins at { $value }, not at 0

# Reaching the one-stop desk
contact-address = Address of the desk
contact-phone = Telephone of the desk
contact-hours = Opening hours
contact-hours-usual = { $hours } on working days
contact-hours-on = { $day } { $hours }
contact-unconfirmed = { $value } (to be confirmed)
weekday-mon = Monday
weekday-tue = Tuesday
weekday-wed = Wednesday
weekday-thu = Thursday
weekday-fri = Friday
weekday-sat = Saturday
weekday-sun = Sunday
