//! Keys, notes and checkpoints: what is refused, and how it is said.

use ledger::*;

const ORIGIN: &str = "so-lieu.vungtau.example/vung-tau";

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name, &[seed; 32]).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: ORIGIN.into(), size: 1434, root: leaf_hash("gốc".as_bytes()), extensions: Vec::new() }
}

#[test]
fn a_checkpoint_comes_back_as_it_was_signed() {
    let log = key(ORIGIN, 1);
    let note = sign_checkpoint(&checkpoint(), &log).unwrap();
    assert!(note.starts_with("so-lieu.vungtau.example/vung-tau\n1434\n"), "{note}");
    let opened = open_log_checkpoint(&note, log.verifier(), &[]).unwrap();
    assert_eq!(opened.checkpoint, checkpoint());
    assert_eq!((opened.verified.len(), opened.unknown.len()), (1, 0));
    assert_eq!(serde_json::from_str::<Checkpoint>(&serde_json::to_string(&checkpoint()).unwrap()).unwrap(), checkpoint());
}

#[test]
fn every_single_changed_byte_is_refused() {
    let log = key(ORIGIN, 1);
    let note = sign_checkpoint(&checkpoint(), &log).unwrap();
    for at in 0..note.len() {
        for mask in [0x01, 0x02, 0x20] {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= mask;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(open_log_checkpoint(&changed, log.verifier(), &[]).is_err(), "byte {at} xor {mask}: {changed}");
            }
        }
    }
    for at in (0..note.len()).filter(|at| note.is_char_boundary(*at)) {
        assert!(open_log_checkpoint(&note[..at], log.verifier(), &[]).is_err(), "cut at {at}");
    }
}

#[test]
fn a_change_is_told_by_its_kind() {
    let log = key(ORIGIN, 1);
    let note = sign_checkpoint(&checkpoint(), &log).unwrap();
    let open = |note: &str| open_log_checkpoint(note, log.verifier(), &[]).unwrap_err();
    let bad_signature = CheckpointError::Note(NoteError::BadSignature { name: ORIGIN.into() });
    assert_eq!(open(&note.replace("1434", "1435")), bad_signature);
    assert_eq!(open(&note.replacen('\n', "\nthêm\n", 3)), bad_signature);
    assert_eq!(open(&note.replace("\n\n", "\n")), CheckpointError::Note(NoteError::NoSeparator));
    assert_eq!(open(&note.replace('\n', "\r\n")), CheckpointError::Note(NoteError::Text));
    assert_eq!(open(note.trim_end()), CheckpointError::Note(NoteError::Text));
    assert_eq!(open(&note.replace('\u{2014}', "-")), CheckpointError::Note(NoteError::SignatureLine { line: 1 }));
    let twice = format!("{note}{}\n", note.lines().last().unwrap());
    assert_eq!(open(&twice), CheckpointError::Note(NoteError::SignedTwice { name: ORIGIN.into() }));
    let many = format!("{note}{}", "\u{2014} x AAAAAAAA\n".repeat(MAX_SIGNATURES));
    assert_eq!(open(&many), CheckpointError::Note(NoteError::TooManySignatures));
    assert_eq!(open(&"x\n".repeat(MAX_NOTE_BYTES)), CheckpointError::Note(NoteError::TooLarge(2 * MAX_NOTE_BYTES)));
    // The same name with another key is another signer.
    let imitator = sign_checkpoint(&checkpoint(), &key(ORIGIN, 2)).unwrap();
    assert_eq!(open(&imitator), CheckpointError::Note(NoteError::NoKnownSignature));
}

#[test]
fn witnesses_are_kept_and_checked() {
    let (log, witness, stranger) = (key(ORIGIN, 1), key("thanh-tra.example/w1", 2), key("la.example/w", 3));
    let note = sign_checkpoint(&checkpoint(), &log).unwrap();
    let note = cosign_note(&note, &stranger).unwrap();
    let note = cosign_note(&note, &witness).unwrap();
    let witnesses = [witness.verifier().clone()];
    let opened = open_log_checkpoint(&note, log.verifier(), &witnesses).unwrap();
    let names = |lines: &[SignatureLine]| lines.iter().map(|line| line.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&opened.verified), [ORIGIN, "thanh-tra.example/w1"]);
    assert_eq!(names(&opened.unknown), ["la.example/w"]);
    assert_eq!(opened.unknown[0].key_id, stranger.verifier().id());

    // A known witness whose signature was replaced spoils the note; an unknown one proves nothing and harms nothing.
    let lines: Vec<&str> = note.lines().collect();
    let other = cosign_note(&sign_checkpoint(&Checkpoint { size: 1, ..checkpoint() }, &log).unwrap(), &witness).unwrap();
    let forged = note.replace(lines[lines.len() - 1], other.lines().last().unwrap());
    let refused = CheckpointError::Note(NoteError::BadSignature { name: "thanh-tra.example/w1".into() });
    assert_eq!(open_log_checkpoint(&forged, log.verifier(), &witnesses), Err(refused));
    assert!(open_log_checkpoint(&forged, log.verifier(), &[]).is_ok());

    assert_eq!(cosign_note(&note, &witness), Err(NoteError::SignedTwice { name: "thanh-tra.example/w1".into() }));

    // A witness alone does not make it the log's word.
    let alone = sign_note(&checkpoint().body().unwrap(), &witness).unwrap();
    assert_eq!(open_checkpoint(&alone, &witnesses).unwrap().checkpoint, checkpoint());
    assert_eq!(open_log_checkpoint(&alone, log.verifier(), &witnesses), Err(CheckpointError::NotSignedByLog(ORIGIN.into())));
}

#[test]
fn a_log_signs_only_its_own_origin() {
    let other = key("khac.example/log", 1);
    let refused = CheckpointError::Origin { origin: ORIGIN.into(), key: "khac.example/log".into() };
    assert_eq!(sign_checkpoint(&checkpoint(), &other), Err(refused.clone()));
    let smuggled = sign_note(&checkpoint().body().unwrap(), &other).unwrap();
    assert_eq!(open_log_checkpoint(&smuggled, other.verifier(), &[]), Err(refused));
}

#[test]
fn malformed_checkpoint_texts_are_refused() {
    let root = "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=";
    let good = format!("a.example\n8\n{root}\n");
    let parsed = Checkpoint::parse(&good).unwrap();
    assert_eq!(parsed.root.to_string(), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    assert_eq!(parsed.body().unwrap(), good);
    let extended = Checkpoint::parse(&format!("{good}một dòng thêm\n")).unwrap();
    assert_eq!(extended.extensions, ["một dòng thêm"]);

    for (text, refused) in [
        (String::new(), CheckpointError::Lines),
        ("a.example\n8\n".into(), CheckpointError::Lines),
        (good.trim_end().into(), CheckpointError::Lines),
        (format!("\n8\n{root}\n"), CheckpointError::Line(1)),
        (format!("{good}\n"), CheckpointError::Line(4)),
        (format!("a\n08\n{root}\n"), CheckpointError::Size("08".into())),
        (format!("a\n+8\n{root}\n"), CheckpointError::Size("+8".into())),
        (format!("a\n-1\n{root}\n"), CheckpointError::Size("-1".into())),
        (format!("a\n18446744073709551616\n{root}\n"), CheckpointError::Size("18446744073709551616".into())),
        ("a\n8\nXcna\n".into(), CheckpointError::Root("Xcna".into())),
        // Bits beyond the 32 bytes would give one root two spellings.
        (format!("a\n8\n{}h=\n", &root[..42]), CheckpointError::Root(format!("{}h=", &root[..42]))),
        (format!("a\n0\n{root}\n"), CheckpointError::EmptyRoot),
    ] {
        assert_eq!(Checkpoint::parse(&text), Err(refused), "{text:?}");
    }
    let with = |origin: &str, line: &str| Checkpoint { origin: origin.into(), extensions: vec![line.into()], ..checkpoint() }.body();
    assert_eq!(with("", "x"), Err(CheckpointError::Line(1)));
    assert_eq!(with("a\n9", "x"), Err(CheckpointError::Line(1)));
    assert_eq!(with("a", ""), Err(CheckpointError::Line(4)));
    assert_eq!(with("a", "x\n\n\u{2014} y z"), Err(CheckpointError::Line(4)));
}

#[test]
fn an_empty_log_signs_the_empty_root() {
    let empty = Checkpoint { size: 0, root: Hash::EMPTY_ROOT, ..checkpoint() };
    let note = sign_checkpoint(&empty, &key(ORIGIN, 1)).unwrap();
    assert_eq!(open_log_checkpoint(&note, key(ORIGIN, 1).verifier(), &[]).unwrap().checkpoint, empty);
}

#[test]
fn malformed_keys_are_refused() {
    let good = key(ORIGIN, 1);
    let (public, private) = (good.verifier().to_string(), good.to_private_text());
    assert_eq!(public.parse::<VerifierKey>().unwrap(), *good.verifier());
    assert_eq!(format!("{private}\n").parse::<SigningKey>().unwrap().verifier(), good.verifier());
    assert!(!format!("{good:?}").contains(private.rsplit_once('+').unwrap().1), "Debug keeps the secret");

    let parts: Vec<&str> = public.splitn(3, '+').collect();
    let (id, body) = (parts[1], parts[2]);
    let read = |text: String| text.parse::<VerifierKey>().unwrap_err();
    assert_eq!(read(ORIGIN.into()), KeyError::VerifierShape);
    assert_eq!(read(format!("{ORIGIN}+{}+{body}", id.to_uppercase() + "Z")), KeyError::VerifierShape);
    assert_eq!(read(format!("+{id}+{body}")), KeyError::Name(String::new()));
    assert_eq!(read(format!("a b+{id}+{body}")), KeyError::Name("a b".into()));
    assert_eq!(read(format!("{ORIGIN}+{id}+{body}!")), KeyError::Base64 { name: ORIGIN.into() });
    assert_eq!(read(format!("{ORIGIN}+{id}+AQID")), KeyError::Length { name: ORIGIN.into(), found: 2 });
    assert_eq!(read(format!("{ORIGIN}+{id}+")), KeyError::Length { name: ORIGIN.into(), found: 0 });
    assert_eq!(read(format!("{ORIGIN}+{id}+BAID")), KeyError::Algorithm { name: ORIGIN.into(), found: 4 });
    assert!(
        matches!(read(format!("{ORIGIN}+00000000+{body}")), KeyError::Id { found: 0, computed, .. } if computed == good.verifier().id())
    );
    assert!(matches!(read(format!("khac+{id}+{body}")), KeyError::Id { .. }), "a key does not change its name");
    // The neutral point of the curve would accept forged signatures.
    let mut neutral = [0; 32];
    neutral[0] = 1;
    assert_eq!(VerifierKey::new("a", &neutral), Err(KeyError::Point { name: "a".into() }));
    assert_eq!("PRIVATE+KEY+a".parse::<SigningKey>().unwrap_err(), KeyError::SigningShape);
    assert_eq!(public.parse::<SigningKey>().unwrap_err(), KeyError::SigningShape);
    assert!(matches!(private.replace(id, "00000000").parse::<SigningKey>(), Err(KeyError::Id { .. })));
    assert!(matches!(SigningKey::from_seed("a+b", &[0; 32]), Err(KeyError::Name(_))));
}
