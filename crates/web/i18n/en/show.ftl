# Overview
kpi-targets = { $count ->
    [one] { $count } target
   *[other] { $count } targets
}
kpi-tasks = { $count ->
    [one] { $count } task
   *[other] { $count } tasks
}
leader-kpi-completed = { $count } completed
leader-kpi-conflicts = Contradictions
leader-kpi-conflicts-note = nobody has decided yet
leader-conflict-deadline = Deadline of “{ $target }”: { $days }

# List of indicators
filter-conflict = With a contradiction
spark-title = From { $from } to { $to } over { $count } months

# Indicator page
label-sum = Sum
label-counted = Records counted
change-amount-up = +{ $amount } on { $period }
change-amount-down = −{ $amount } on { $period }
trend-title = { $name } – { $unit }, { $from } – { $to }
trend-desc = From { $from } to { $to }.
unit-vnd = VND
breakdown-by = By { $field }
value-empty = (not given)
value-others = { $count ->
        [one] 1 other
       *[other] { $count } others
    }
value-inner = { $count } inner items, to be read in full through the API
value-yes = Yes
value-no = No
period-unknown = period unknown
conflict-title = { $name } ({ $period }): { $count ->
        [one] 1 value
       *[other] { $count } different values
    }
conflict-decided = { $value } was chosen – { $who }, { $at }: { $reason }
formula-counted = Counted from the records of the register by the expression below.
formula-reported = Reported by the unit or published; not counted from records.
caveat-estimated = Part of the figure follows the declared share of a unit that was divided: it is an estimate.
caveat-not-attributable = Cannot be attributed to this unit, and is not guessed: { $units }.
caveat-other-period = This figure speaks of { $period }, not of the period shown.
caveat-no-period = The source does not say which period the figure covers.
caveat-conflict = Sources give different values for the same period; all are kept and none is averaged.
caveat-window = The value shown is for { $period }; the target counts { $window }, so it is indicative only against the threshold.
caveat-running = The chart adds up over { $window }, as the target does.
caveat-simulated = Simulated data for demonstration, not real figures.
window-month = each month
window-quarter = each quarter
window-year = the whole year
window-cumulative = everything so far
window-latest = the present state

# Records
records-behind = Records behind “{ $name }” of { $unit }, { $period }.
part-counted = Counted
part-numerator = In the numerator
part-rest = In the denominator only
step-closed-lead = The record has moved on and this step is no longer open. Open the record to see what comes next.
personal-clear = This record holds personal data. This look has been entered into the ledger under your name.
personal-masked = Personal data is masked (•••): only those who work on the record see it.
looks-title = Who looked at the personal data
look-page = { $fields }, on the record’s page
look-api = { $fields }, through the API
registers-title = Registers
registers-lead = Each register holds one kind of record; figures are counted straight from them.
registers-empty = There is no register that you may open
registers-empty-text = Registers are declared by packs; the administrator grants access.
register-personal = yes
col-record = Record
col-state = State
record-created = Created
record-updated = Last changed
record-version = Version
counted-numerator = In numerator and denominator
counted-denominator = In the denominator only
counted-whole = Counted
history-on-behalf = { $who } on behalf of { $other }
history-declared = declared it from pack { $pack }
history-declared-anew = declared it anew from its pack
kind-of-entry-declare = Declared by a pack
kind-of-entry-create = Created
kind-of-entry-update = Updated
kind-of-entry-change = Changed
kind-of-entry-import = Imported
kind-of-entry-submit = Submitted for approval
kind-of-entry-approve = Approved
kind-of-entry-return = Returned
kind-of-entry-choose = This value was chosen
kind-of-entry-set-aside = Set aside by a decision
kind-of-entry-read = Personal data read
kind-of-entry-decide = Decided
kind-of-entry-assign = Assigned
kind-of-entry-wait = Marked as awaiting guidance
kind-of-entry-retire = Retired
state-active = In use
state-retired = Retired
state-in-force = In force
state-superseded = Superseded

# Units
valid-until = { $from } – { $to }
unit-agency-code = Identifier in dossier codes
unit-parent = Unit above
unit-aliases = Other names
unit-reminder = { $task }: { $left }.
unit-kind-country = Country
unit-kind-province = Province level
unit-kind-district = District level, city under a province
unit-kind-ward = Ward
unit-kind-commune = Commune
unit-kind-special-zone = Special zone
unit-kind-agency = Agency
indicator-technical = For technical staff
grid-whole-reported = reported for the whole, not summed from the units
grid-period = Figure of: { $period }
judged-by = by { $period }: { $value }
judged-by-nothing = no figure in the period that is judged
verify-beside = Result of the check
figure-again-beside = Why it came back

# Composite indices
scorecard-now = Points now
scorecard-reached = Points / points of the components with data
scorecard-most = Most points
scorecard-no-band = Too little data for a band
scorecard-missing = { $count ->
    [one] One component has no data and is left out.
   *[other] { $count } components have no data and are left out.
}
scorecard-unscored = no points
scorecard-own-weight = own weight
scorecard-own-weight-long = “own weight”: the component’s most points were not published; the pack sets them and they may be edited.
scorecard-league = Units side by side
scorecard-bands = Bands
scorecard-catalogue-silent = The catalogue of procedures says nothing on this component.
scorecards-door = Scorecards
col-component = Component
col-full-at = All points from
col-points = Points
scorecard-source = Based on: { $source }
col-band = Band
approvals-shown = { $from }–{ $to } of { $of } waiting
history-older = { $count ->
    [one] One earlier change
   *[other] { $count } earlier changes
}
scorecard-provisional = Provisional: { $of } of { $max } points have data; no band yet
scorecard-group-some = { $got } / { $of } with data ({ $max })
scorecard-group-none = no data ({ $max })
scorecard-provisional-short = provisional
