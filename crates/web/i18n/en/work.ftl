# Directives
directives-title = Directives
directives-caption = Directives by level: the lower carries out the upper
directives-create = Add a directive
directives-empty = No directives yet
directives-empty-text = Load a pack or add the first directive, for example Resolution 57-NQ/TW.
directive-below = Carried out by
directive-targets = Targets
directive-targets-empty = This directive sets no target yet
directive-targets-empty-text = Set a target with threshold, deadline and units to follow it on the overview.
directive-tasks = Tasks

# Targets
targets-count =
    { $count ->
        [one] 1 target
       *[other] { $count } targets
    }
targets-find = Search by title or code
targets-empty = No targets match
targets-empty-text = Remove a filter, or set targets under a directive.
target-now = Now
target-threshold = Threshold
target-deadline = 
    { $count ->
        [one] Deadline
       *[other] Different deadlines
    }
target-indicator = Measured by
target-directive = Under
target-trend = Towards the goal
target-steps = Milestones
target-units = Units bound
target-units-empty = Binds no unit yet
target-units-empty-text = Choose units or a whole level to bind.
target-tasks = Tasks for this target

# Tasks
tasks-title = Tasks
tasks-count = 
    { $count ->
        [one] 1 task
       *[other] { $count } tasks
    }
tasks-find = Find by text, code or unit
tasks-create = Assign a task
tasks-empty = No tasks here
tasks-empty-text = Tasks appear here when assigned under a directive or a meeting conclusion. If a filter is on, remove it.
task-progress = { $percent }%
task-six = The six clear points
six-who = Who
six-work = What
six-responsibility = Responsibility
six-authority = Authority
six-time = Time
six-product = Product
task-below = Subtasks

# Approvals
approvals-title = Waiting for approval
approvals-count = 
    { $count ->
        [one] 1 item
       *[other] { $count } items
    }
approvals-empty = Nothing waits for you
approvals-empty-text = Figures and progress sent by the units below will appear here.
approvals-mine = Sent by you

# Deciding a contradiction
decide-title = Decide a contradiction
decide-choice = Chosen value
decide-nobody = nobody has decided
decide-lead = Choose one value and give the reason. The others stay in the history; the decision is entered in the ledger under your name.

# Reports
reports-title = Reports
report-lead = A Word report laid out as Decree 30/2020/NĐ-CP demands, with an Excel annex of numerators, denominators, sources and the ledger checkpoint.
report-holds = The report will hold
report-docx = Download the Word report
report-xlsx = Download the Excel annex
report-made = Reports made
report-made-empty = No reports yet
report-made-empty-text = Reports are kept with their ledger checkpoint, to be compared later.
