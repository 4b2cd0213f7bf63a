# Sign-in
sign-in-title = Sign in
sign-in-promise = Every figure opens down to its records, is right within a second, and can be proved unaltered.
sign-in-demo = Demonstration accounts
sign-in-demo-text = Only in the demonstration, with simulated data.
sign-in-login = Login
sign-in-password = Password
sign-in-submit = Sign in
sign-in-wrong = The login or the password is wrong.

# Packs
admin-accounts = Accounts and grants
admin-packs = Packs
packs-title = Packs
packs-empty = No pack is loaded
packs-empty-text = A pack is a folder of text files that declare units, registers, indicators and directives. Check one with “haidang pack check”.
pack-whole = Valid
pack-faults = 
    { $count ->
        [one] 1 fault
       *[other] { $count } faults
    }
pack-loaded = Loaded { $moment }
pack-files = 
    { $count ->
        [one] 1 file
       *[other] { $count } files
    }

# Ledger
ledger-title = Ledger
ledger-lead = Every change is an entry of one Merkle tree (RFC 6962). Whoever holds a signed root can check that no entry was altered or removed.
ledger-state = State of the ledger
ledger-size = Entries
ledger-root = Root
ledger-whole = Whole
ledger-broken = Broken
ledger-not-yet = Not checked yet
ledger-recent = Latest entries
ledger-empty = The ledger is empty
ledger-empty-text = The first entry appears with the first record.
ledger-checkpoints = Signed checkpoints
ledger-checkpoints-none = No checkpoint has been signed yet.
ledger-find = Open an entry
ledger-find-label = Entry number
ledger-find-button = Open the entry
ledger-prove = Check consistency
ledger-prove-label = Size of the older ledger you hold
ledger-prove-button = Get the proof
ledger-key = Public key
entry-title = Ledger entry { $seq }
entry-verdict = Verdict
entry-holds = The proof holds
entry-holds-text = Entry { $seq } is in the tree of { $size } entries; the server has just recomputed it from leaf to root.
entry-fails = The proof fails
entry-fails-text = The recomputed root does not match. Tell the administrator at once and leave the data files as they are.
entry-changes = Changes
entry-no-changes = This entry changes no field.
entry-proof = Inclusion proof
entry-proof-text = Hashing the leaf with each value below in turn gives the signed root.
entry-leaf-hash = Leaf hash
entry-left = joined on the left
entry-right = joined on the right
entry-root = Root of { $size } entries
entry-leaf-withheld = Not shown: the leaf holds words that may tell personal data. Its hash proves it all the same.
entry-leaf = The leaf as hashed
entry-download = Download the proof

# Accounts
accounts-title = Accounts and grants
accounts-create = Add an account
accounts-find = Find by name
accounts-empty = No account matches
accounts-empty-text = Try another name, or add an account.
account-locked = Locked
grant-over = over
grant-since = since { $date }
grant-revoke = Revoke

# Errors
error-name = Name this when asking for help
error-not-found-title = This page was not found
error-not-found = The address leads nowhere, or you may not see what is there.
error-not-found-next = Check the address, or use the search field at the top.
error-forbidden-title = You may not do this
error-forbidden = Your present role does not include this at this unit.
error-forbidden-next = If you need it, ask your unit's administrator for a grant.
error-server-title = Something went wrong on the server
error-server = The request was not completed.
error-server-kept = What was saved before is untouched; nothing half-done was written.
error-server-next = Try again in a few minutes.
error-title = This could not be done
error-title-page = This page cannot be opened yet
error-kept-409 = What you entered is not saved; what was saved is untouched.
error-next-409 = Open the page again, compare with the new version and save again.
error-next-403 = If you need it, ask your unit’s administrator for a grant.
error-next-405 = This address takes a form and shows nothing. Open the page that has the form.
error-next-404 = Check the address, or use the search field.
error-kept-500 = What was saved before is untouched; nothing half-done was written.
error-next-500 = Try again in a few minutes; if it fails again, report the code below.
error-kept-503 = What you just did was not written.
error-next-503 = Try again in a few minutes.
error-busy-title = The system is busy
error-back = Back to the overview

# Background work
admin-jobs = Background work
jobs-title = Background work
jobs-lead = What the program does beside people’s own work: reading the text of scans, sending notices to other systems. What was begun is finished even if the server stops in between.
jobs-empty = No work yet
jobs-empty-text = When officers scan papers into dossiers, the reading of their text appears here.
job-digitise = Searchable scan (PDF/A)
job-state-waiting = Waiting
job-state-running = Running
job-state-done = Done
job-state-failed = Failed
job-progress = { $done } / { $total }
job-again = Try again
col-job = Work
col-attempts = Attempts
col-outcome = Outcome
done-job-again = The work waits to be tried again.
