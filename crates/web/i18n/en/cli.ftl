# The command line
cli-no-data = there is no data in { $place }: is --data right?
cli-whose = the database holds the data of several governments: name one with --tenant
cli-nothing-of = the database holds nothing of “{ $tenant }”: are --data and --tenant right?
cli-unknown-pack = there is no pack “{ $name }”: give a folder, or one of { $known }
cli-faults = { $count ->
    [one] 1 fault:
   *[other] { $count } faults:
}
cli-cannot-read = cannot read { $path }
cli-not-utf8 = { $path } is not UTF-8 text
cli-cannot-write = cannot write { $path }
cli-cannot-open = cannot open { $path }
cli-cannot-listen = cannot listen on { $address }; choose another with --port

cli-tiles = { $count } tiles derived from the entries
cli-whole = whole: { $entries } entries, { $records } records, { $checkpoints } signed checkpoints, all figures as counted from the ledger; root { $root }
cli-not-whole = NOT whole: { $text }
cli-no-fault = { $count } definitions, no fault
cli-packs-loaded = { $added } added, { $changed } changed, { $unchanged } unchanged, { $retired } retired
cli-deadlines-moved = { $count ->
    [one] the deadline of one open dossier moved: working days or terms changed
   *[other] the deadlines of { $count } open dossiers moved: working days or terms changed
}
cli-password-of = Password of { $login } (one line on standard input):
cli-grant-form = --grant “{ $grant }” is not role=unit
cli-no-unit = there is no unit “{ $unit }”: give a code (26506), a code with its first day (26506@2025-07-01) or a whole name
cli-unit-several = “{ $unit }” may mean: { $list }. Give one of these.
cli-may-sign-in = { $login } may sign in now
cli-backed-up = { $folder }: { $entries } entries, { $files } files, checked. Keep the signing key { $key } apart from it.
cli-restore-no-key = { $folder } was signed by a key that is not at { $key }: name it with --key-file
cli-restore-wrong-key = { $folder } was not signed by the key { $key }: name the right one with --key-file
cli-restore-broken = restored, but not whole: { $text }
cli-restored = restored { $entries } entries of tenant { $tenant }; verified. The signing key is { $key }: it is needed from now on.
cli-frozen = { $period }: { $count } figures kept at ledger size { $size }

cli-mapping-register = { $path } is a mapping for the register “{ $is }”, not “{ $asked }”
cli-mapping-format = { $path } is a mapping for { $is } files, not { $asked }
cli-import-refused = { $count ->
    [one] 1 row cannot be taken; nothing was imported. It is:
   *[other] { $count } rows cannot be taken; nothing was imported. The first:
}
cli-import-mend = Mend the file or the mapping; single bad rows can be left out with --skip-bad.
cli-import-left-out = { $count ->
    [one] 1 bad row was left out; it is in { $path } with its reason
   *[other] { $count } bad rows were left out; they are in { $path } with their reasons
}
cli-import-closed-early = note: { $count } rows were finished before they were received; they are imported as they came
cli-import-due-early = note: { $count } rows were due before they were received; they are imported as they came
cli-import-changed = { $path } was changed while it was being imported; import it again
cli-import-done = { $added } added, { $changed } changed, { $unchanged } unchanged, { $left } left out, in { $seconds } s
cli-checking = checking
cli-importing = importing

cli-no-account = No account exists yet. Create one: haidang account --login NAME --name "FULL NAME" --grant admin=UNIT
cli-demo-postgres = The demonstration is put into the PostgreSQL database given with --data.
cli-demo-real = the data in { $place } is real, not a demonstration: use haidang serve
cli-data-is-file = { $place } is a file; --data takes a folder, or the address of a PostgreSQL
cli-served-already = another server is at work on the data folder { $place }. A folder has one server; for several, use PostgreSQL
cli-simulate-real = the database holds real records; a simulation goes into an empty one
cli-demo-ready = Ready in { $seconds } s. Data: { $place }
cli-demo-accounts = Accounts (password of all: { $password }):
cli-demo-stop = Stop with Ctrl-C.

cli-date-form = { $option } “{ $text }” is not a date like 2025-06-30
cli-figure-conflict = Sources give different values; nobody has decided between them yet
cli-records = { $count ->
    [one] 1 record
   *[other] { $count } records
}

# Simulation
cli-simulate-open = SIMULATED data. Open it with: haidang serve, with the same --data and --tenant; then sign in with one of the accounts below.
cli-simulated = SIMULATED year, seed { $seed }
cli-simulated-wards = wards
cli-simulated-dossiers = dossiers
cli-simulated-writes = records written
cli-simulated-task-reports = task reports
cli-simulated-evidence = of these with evidence
cli-simulated-tasks-approved = tasks approved
cli-simulated-tasks-returned = tasks returned
cli-simulated-figures = figures handed in
cli-simulated-figures-approved = figures approved
cli-simulated-figures-returned = figures returned
cli-simulated-conflicts = contradictions decided
cli-simulated-frozen = figures frozen for { $period }
cli-simulated-calibration = { $indicator }, { $unit }, { $period }: published { $published }, reached { $reached }
cli-step-packs = loading packs
cli-step-accounts = making accounts
cli-step-people = making people and units
cli-step-acts = simulating the year’s work
cli-step-desks = simulating the one-stop desks
cli-step-figures = counting figures
cli-exported = { $cases ->
    [one] 1 case
   *[other] { $cases } cases
}, { $events ->
    [one] 1 event
   *[other] { $events } events
}
