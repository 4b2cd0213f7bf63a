# Refusals, common
refusal-unknown = This was refused ({ $code }).
refusal-internal = Something went wrong on the server; nothing was done.
refusal-not-found = “{ $what }” was not found, or you may not see it.
refusal-csrf = The page is old or the session has ended. Reload the page and try again.
refusal-version-conflict = Somebody saved before you (version { $version }); nothing was overwritten.
refusal-record-key-taken = Another record already uses this code.
refusal-record-not-found = This record was not found, or you may not see it.
refusal-idempotency-mismatch = This request was sent before with other content.
refusal-store-busy = The database is busy; nothing was written.
refusal-store-unreachable = The database cannot be reached; nothing was written.
refusal-store-closed = The system is stopping; nothing was written.
refusal-store-disk-full = The disk is full; nothing was written.

# Access and sign-in
refusal-access-sign-in = Sign in to do this ({ $action }).
refusal-access-role = This ({ $action }) needs one of the roles: { $roles }.
refusal-access-unit = You may not do this ({ $action }) at { $name } ({ $unit }).
refusal-access-register = You may not do this ({ $action }) in register “{ $register }”.
refusal-access-own-work = Whoever did the work ({ $account }) may not take this step ({ $action }); a second person is needed.
refusal-sign-in-wait = Too many wrong attempts. Try again in { $minutes } minutes.
refusal-account-password = The password needs at least { $min } characters.
refusal-account-login = The login “{ $login }” is not valid or is taken.

# Input
refusal-input-required = The field “{ $field }” is empty.
refusal-input-date = “{ $text }” in “{ $field }” is not a date. Write day/month/year, for example 30/08/2025.
refusal-input-future = The date in “{ $field }” lies in the future.
refusal-input-too-long = The field “{ $field }” is longer than { $max } characters.
refusal-input-too-large = The file is larger than { $max } MB.
refusal-input-time = “{ $text }” is not a { $expected }.
refusal-import-bad-row = { $place }: { $detail } ({ $code })
refusal-number-ambiguous = “{ $text }” can be read as { $first } or { $second }. Write it more clearly.
refusal-number-unknown-qualifier = The qualifier “{ $text }” is not known. Use one of: { $known }.

# Units, tasks, figures
refusal-unit-unknown = There is no unit “{ $unit }”.
refusal-unit-not-on-map = This unit is not on the map of the chosen day.
refusal-task-progress = Progress runs from 0 to 100, not { $value }.
refusal-task-dates = The deadline { $deadline } is before the start { $starts_on }.
refusal-lifecycle-step = This step cannot be taken in the present state.
refusal-lifecycle-unknown-state = The lifecycle has no state “{ $state }”.
refusal-lifecycle-unknown-transition = The lifecycle has no step “{ $transition }”.
refusal-lifecycle-guard = The condition for the step “{ $transition }” is not met: { $guard }.
refusal-conflict-not-a-claim = { $deadline } is not one of the contradicting deadlines.
refusal-figure-live = The indicator “{ $indicator }” is counted from records; it is not typed in.
refusal-freeze-twice = The period { $period } is already frozen.
refusal-freeze-not-over = The period { $period } is not over, so it cannot be frozen.
