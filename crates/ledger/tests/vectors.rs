//! Published values: the eight classic leaves of certificate transparency, and the examples of signed-note and Go's note package.

use ledger::*;
use std::collections::HashMap;

const LEAVES: [&str; 8] = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// Root of the first n leaves, n from 0 to 8.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// (leaf, size, audit path)
const INCLUSION: [(u64, u64, &[&str]); 6] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
    (1, 2, &["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"]),
];

/// (older size, newer size, proof)
const CONSISTENCY: [(u64, u64, &[&str]); 4] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

fn hash(text: &str) -> Hash {
    text.parse().unwrap()
}

fn leaves() -> Vec<Hash> {
    LEAVES.iter().map(|leaf| leaf_hash(&hex::decode(leaf).unwrap())).collect()
}

fn tiles() -> HashMap<TileId, Vec<u8>> {
    TileWriter::new().append(&leaves()).into_iter().map(|tile| (tile.id, tile.hashes)).collect()
}

#[test]
fn roots_of_the_classic_leaves() {
    let mut frontier = Frontier::new();
    let tiles = tiles();
    for (size, root) in ROOTS.iter().enumerate() {
        assert_eq!(frontier.root(), hash(root), "root of {size} leaves");
        if size > 0 {
            assert_eq!(Plan::root(size as u64).build_from(&tiles).unwrap(), [hash(root)], "root of {size} leaves from tiles");
            verify_consistency(0, &hash(ROOTS[0]), size as u64, &hash(root), &[]).unwrap();
        }
        if let Some(leaf) = leaves().get(size) {
            frontier.append(*leaf);
        }
    }
    assert_eq!(frontier.size(), 8);
}

#[test]
fn inclusion_proofs_of_the_classic_leaves() {
    let tiles = tiles();
    for (index, size, path) in INCLUSION {
        let path: Vec<Hash> = path.iter().map(|h| hash(h)).collect();
        assert_eq!(Plan::inclusion(index, size).unwrap().build_from(&tiles).unwrap(), path, "leaf {index} of {size}");
        verify_inclusion(&leaves()[index as usize], index, size, &path, &hash(ROOTS[size as usize])).unwrap();
    }
}

#[test]
fn consistency_proofs_of_the_classic_leaves() {
    let tiles = tiles();
    for (from, to, proof) in CONSISTENCY {
        let proof: Vec<Hash> = proof.iter().map(|h| hash(h)).collect();
        assert_eq!(Plan::consistency(from, to).unwrap().build_from(&tiles).unwrap(), proof, "from {from} to {to}");
        verify_consistency(from, &hash(ROOTS[from as usize]), to, &hash(ROOTS[to as usize]), &proof).unwrap();
    }
}

#[test]
fn hash_text_and_json() {
    let root = hash(ROOTS[8]);
    assert_eq!(root.to_string(), ROOTS[8]);
    assert_eq!(serde_json::to_string(&root).unwrap(), format!("\"{}\"", ROOTS[8]));
    assert_eq!(serde_json::from_str::<Hash>(&format!("\"{}\"", ROOTS[8])).unwrap(), root);
    for bad in ["", "00", &ROOTS[8][1..], &format!("{}0", ROOTS[8]), &ROOTS[8].replace('5', "g")] {
        assert!(bad.parse::<Hash>().is_err(), "{bad:?}");
        assert!(serde_json::from_str::<Hash>(&format!("{bad:?}")).is_err(), "{bad:?}");
    }
}

#[test]
fn the_signed_note_of_the_specification_opens() {
    let key: VerifierKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k".parse().unwrap();
    let note = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    let opened = open_note(note, std::slice::from_ref(&key)).unwrap();
    assert_eq!(opened.text, "This is an example message.\n");
    assert!(opened.is_signed_by(&key));
}

/// Key pair and signature of the examples in the documentation of golang.org/x/mod/sumdb/note. Ed25519 signatures are
/// deterministic, so ours must be theirs byte for byte.
#[test]
fn keys_and_signatures_are_those_of_the_go_implementation() {
    let private = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let public = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let key: SigningKey = private.parse().unwrap();
    assert_eq!(key.to_private_text(), private);
    assert_eq!(key.verifier().to_string(), public);
    assert_eq!(&public.parse::<VerifierKey>().unwrap(), key.verifier());
    let text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    let note = sign_note(text, &key).unwrap();
    assert_eq!(
        note,
        format!(
            "{text}\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        )
    );
}
