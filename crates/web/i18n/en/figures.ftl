# Overview
leader-title = Steering overview
leader-grid = Targets by unit
leader-grid-caption = Each row is a target, each column a unit; a cell gives the figure and its status.
leader-scroll = 
    { $count ->
        [one] The table has 1 column of units. Scroll sideways (or use the arrow keys) to see all.
       *[other] The table has { $count } columns of units. Scroll sideways (or use the arrow keys) to see all.
    }
leader-empty = No targets yet
leader-empty-text = Once a directive binds units to a target, this table shows where each stands. Begin on the Directives page.
leader-late = Overdue
leader-late-none = Nothing is overdue.
leader-at-risk = At risk
brief-units = { $count } of { $bound } units: { $names }
leader-at-risk-none = Nothing is at risk.
leader-today = What changed lately
leader-today-before = Nothing has changed today. These are the last { $days } days.
leader-today-none = Nothing has changed in the last 7 days. What units report and hand in will appear here.
leader-conflicts = 
    { $count ->
        [one] 1 contradiction is undecided:
       *[other] { $count } contradictions are undecided:
    }
leader-kpi-targets = Targets
leader-kpi-tasks = Open tasks
grid-not-bound = Does not bind this unit

# Figures
figure-estimated = estimated
figure-estimated-long = Part of the figure is divided by a declared share where a unit was split
proof-link = Proof
source-as-of = As of { $date }
source-as-of-unknown = The source gives no as-of date
conflict-flag = Conflict
conflict-chosen = Chosen
conflict-undecided = Nobody has decided. Both values are kept and are not averaged.
conflict-decide = Decide

# Indicator page
indicators-title = Indicators
indicators-find = Find by name or code
indicators-enter = Enter a figure
indicators-empty = No indicator matches
indicators-empty-text = Remove a filter, or load a pack that declares indicators.
indicator-now = Current figure
indicator-goal = Goal
indicator-records = 
    { $count ->
        [one] Open 1 record
       *[other] Open { $count } records
    }
indicator-trend = Trend
indicator-league = By unit
indicator-provenance = Formula and source
indicator-moved = Last moved { $moment }
trend-table = The numbers behind the chart
trend-empty = No figures over time yet
trend-empty-text = The line appears once at least one period has a figure.
league-empty = No figures by unit yet.
kind-computed = From records
kind-reported = Reported
kind-derived = Derived
change-points-up = +{ $points } points on { $period }
change-points-down = −{ $points } points on { $period }
change-none = Unchanged on { $period }
chart-target = Target { $goal }
chart-deadline = Due { $date }
chart-projection = reached { $date } at this pace
chart-boundary = Units reorganised { $date }
risk-late = At the pace of the last { $window } days the threshold { $threshold } is reached { $days } days after the deadline.
risk-never = Over the last { $window } days the figure has not moved towards { $threshold }.
risk-in-time = At the pace of the last { $window } days the threshold { $threshold } is reached { $days } days before the deadline.

# Units
units-title = Units
units-empty = No units yet
units-empty-text = Units, their validity and successions come with a pack.
unit-enter = Enter this month's figures
unit-report = Make a report
unit-targets = Targets
unit-targets-empty = No targets bind this unit
unit-targets-empty-text = Targets appear here when a directive binds this unit.
unit-tasks = Tasks
unit-figures = Figures
unit-passages = Mergers and divisions
passage-from = Formed from
passage-into = Merged into
share-whole = in whole
share-part = in part ({ $share }, estimated)
share-undeclared = in part, share not declared
valid-until-now = { $from } – now

# Records
records-count = 
    { $count ->
        [one] 1 record
       *[other] { $count } records
    }
records-count-more = more than { $count } records
records-find = Find by code or text
records-empty = No record matches
records-empty-text = Remove a filter, or change period or unit at the top.
record-fields = Fields
record-counted = Counted in
record-counted-none = No indicator counts this record.
