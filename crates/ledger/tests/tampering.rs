//! Whatever is changed, the check refuses, and says what is wrong.

use ledger::*;
use std::collections::HashMap;

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|index| leaf_hash(format!("mục {index}").as_bytes())).collect()
}

fn tree(count: u64) -> (Hash, HashMap<TileId, Vec<u8>>) {
    let mut writer = TileWriter::new();
    let tiles = writer.append(&leaves(count)).into_iter().map(|tile| (tile.id, tile.hashes)).collect();
    (writer.root(), tiles)
}

fn flipped(hash: &Hash, bit: usize) -> Hash {
    let mut hash = *hash;
    hash.0[bit / 8] ^= 1 << (bit % 8);
    hash
}

#[test]
fn a_changed_inclusion_proof_is_refused() {
    for size in [1u64, 2, 3, 6, 7, 8, 13, 64, 300] {
        let (root, tiles) = tree(size);
        let leaves = leaves(size);
        for index in [0, size / 3, size / 2, size - 1] {
            let leaf = leaves[index as usize];
            let proof = Plan::inclusion(index, size).unwrap().build_from(&tiles).unwrap();
            let check = |leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash| verify_inclusion(leaf, index, size, proof, root);
            assert_eq!(check(&leaf, index, size, &proof, &root), Ok(()));
            assert!(matches!(check(&flipped(&leaf, 3), index, size, &proof, &root), Err(ProofError::RootMismatch { .. })));
            assert!(matches!(check(&leaf, index, size, &proof, &flipped(&root, 255)), Err(ProofError::RootMismatch { .. })));
            for at in 0..proof.len() {
                let mut changed = proof.clone();
                changed[at] = flipped(&changed[at], at * 7 % 256);
                assert!(matches!(check(&leaf, index, size, &changed, &root), Err(ProofError::RootMismatch { .. })));
            }
            let longer = [&proof[..], &[root]].concat();
            assert_eq!(check(&leaf, index, size, &longer, &root), Err(ProofError::TooLong { used: proof.len(), found: proof.len() + 1 }));
            if let Some((_, shorter)) = proof.split_last() {
                assert_eq!(check(&leaf, index, size, shorter, &root), Err(ProofError::TooShort { found: proof.len() - 1 }));
            }
            assert_eq!(check(&leaf, size, size, &proof, &root), Err(ProofError::IndexOutside { index: size, size }));
            for other in (0..size).filter(|other| *other != index) {
                assert!(check(&leaf, other, size, &proof, &root).is_err(), "leaf {index} of {size} passes as {other}");
            }
        }
    }
    assert_eq!(verify_inclusion(&Hash::EMPTY_ROOT, 0, 0, &[], &Hash::EMPTY_ROOT), Err(ProofError::IndexOutside { index: 0, size: 0 }));
}

#[test]
fn a_changed_consistency_proof_is_refused() {
    for to in [2u64, 3, 7, 8, 13, 64, 300] {
        let (new_root, tiles) = tree(to);
        for from in 1..to {
            let (old_root, _) = tree(from);
            let proof = Plan::consistency(from, to).unwrap().build_from(&tiles).unwrap();
            let check = |from, old: &Hash, to, new: &Hash, proof: &[Hash]| verify_consistency(from, old, to, new, proof);
            assert_eq!(check(from, &old_root, to, &new_root, &proof), Ok(()), "from {from} to {to}");
            assert!(check(from, &flipped(&old_root, 0), to, &new_root, &proof).is_err());
            assert!(matches!(check(from, &old_root, to, &flipped(&new_root, 9), &proof), Err(ProofError::RootMismatch { .. })));
            assert!(check(from, &new_root, to, &old_root, &proof).is_err(), "roots exchanged");
            for at in 0..proof.len() {
                let mut changed = proof.clone();
                changed[at] = flipped(&changed[at], at * 11 % 256);
                assert!(check(from, &old_root, to, &new_root, &changed).is_err());
            }
            let longer = [&proof[..], &[old_root]].concat();
            assert!(matches!(check(from, &old_root, to, &new_root, &longer), Err(ProofError::TooLong { .. })));
            let shorter = &proof[..proof.len() - 1];
            assert!(matches!(check(from, &old_root, to, &new_root, shorter), Err(ProofError::TooShort { .. })));
            assert_eq!(check(to, &new_root, from, &old_root, &proof), Err(ProofError::SizesReversed { from: to, to: from }));
        }
        assert!(verify_consistency(to, &new_root, to, &flipped(&new_root, 1), &[]).is_err());
        assert_eq!(verify_consistency(to, &new_root, to, &new_root, &[new_root]), Err(ProofError::TooLong { used: 0, found: 1 }));
        assert_eq!(
            verify_consistency(0, &new_root, to, &new_root, &[]),
            Err(ProofError::OldRootMismatch { computed: Hash::EMPTY_ROOT, claimed: new_root })
        );
    }
}

#[test]
fn a_rewritten_entry_cannot_be_made_consistent() {
    // A log that changed leaf 5 after publishing size 9 offers its honest-looking proof for the new tree.
    let published = tree(9).0;
    let mut rewritten = leaves(20);
    rewritten[5] = leaf_hash(b"sua lai");
    let mut writer = TileWriter::new();
    let tiles: HashMap<_, _> = writer.append(&rewritten).into_iter().map(|tile| (tile.id, tile.hashes)).collect();
    let proof = Plan::consistency(9, 20).unwrap().build_from(&tiles).unwrap();
    assert!(matches!(
        verify_consistency(9, &published, 20, &writer.root(), &proof),
        Err(ProofError::OldRootMismatch { claimed, .. }) if claimed == published
    ));
}

#[test]
fn damaged_tiles_are_named() {
    let (root, mut tiles) = tree(700);
    let id = TileId { level: 0, idx: 1 };
    let plan = Plan::inclusion(300, 700).unwrap();
    assert!(plan.tiles().contains(&id));
    let whole = tiles[&id].clone();

    tiles.insert(id, whole[..40 * 32].to_vec());
    assert!(matches!(plan.build_from(&tiles), Err(TileError::Short { tile, .. }) if tile == id));
    for bad in [&[][..], &whole[..100], &[&whole[..], &[0; 32]].concat()] {
        tiles.insert(id, bad.to_vec());
        assert_eq!(plan.build_from(&tiles), Err(TileError::Shape { tile: id, found: bad.len() }));
    }
    tiles.remove(&id);
    assert_eq!(plan.build_from(&tiles), Err(TileError::Missing(id)));

    // A flipped bit in any tile that the proof reads ends in a proof that does not verify.
    for id in plan.tiles() {
        let (_, mut tiles) = tree(700);
        let bytes = tiles.get_mut(&id).unwrap();
        let at = if id.level == 0 && id.idx == 1 { ((300 % 256) ^ 1) * 32 } else { 0 };
        bytes[at] ^= 0x10;
        let proof = plan.build_from(&tiles).unwrap();
        assert!(verify_inclusion(&leaves(700)[300], 300, 700, &proof, &root).is_err(), "tile {id}");
    }
}

#[test]
fn a_writer_refuses_tiles_that_contradict_its_right_edge() {
    let mut writer = TileWriter::new();
    let mut tiles: HashMap<_, _> = writer.append(&leaves(700)).into_iter().map(|tile| (tile.id, tile.hashes)).collect();
    let edge = TileWriter::edge_tiles(700);
    assert_eq!(edge, [TileId { level: 0, idx: 2 }, TileId { level: 1, idx: 0 }]);
    let resume = |tiles: &HashMap<TileId, Vec<u8>>, frontier: &Frontier| {
        TileWriter::resume(frontier.clone(), |id| tiles.get(&id).map(Vec::as_slice)).map(|writer| writer.root())
    };
    assert_eq!(resume(&tiles, writer.frontier()), Ok(writer.root()));

    let whole = tiles[&edge[0]].clone();
    let (needed, longer) = (whole.len(), [&whole[..], &[7; 32]].concat());
    tiles.insert(edge[0], longer);
    assert_eq!(resume(&tiles, writer.frontier()), Err(TileError::Long { tile: edge[0], needed, found: needed + 32 }));
    tiles.insert(edge[0], whole[..needed - 32].to_vec());
    assert_eq!(resume(&tiles, writer.frontier()), Err(TileError::Short { tile: edge[0], needed, found: needed - 32 }));
    let mut changed = whole.clone();
    changed[0] ^= 1;
    tiles.insert(edge[0], changed);
    assert!(matches!(resume(&tiles, writer.frontier()), Err(TileError::FrontierMismatch { size: 700, .. })));
    tiles.remove(&edge[0]);
    assert_eq!(resume(&tiles, writer.frontier()), Err(TileError::Missing(edge[0])));
}

#[test]
fn stored_frontiers_are_checked() {
    let mut frontier = Frontier::new();
    leaves(11).into_iter().for_each(|leaf| frontier.append(leaf));
    let bytes = frontier.to_bytes();
    assert_eq!(bytes.len(), 8 + 3 * 32);
    assert_eq!(Frontier::from_bytes(&bytes), Ok(frontier));
    assert_eq!(Frontier::from_bytes(&bytes[..7]), Err(FrontierError::Short(7)));
    assert_eq!(Frontier::from_bytes(&bytes[..103]), Err(FrontierError::Length { size: 11, expected: 104, found: 103 }));
    assert_eq!(Frontier::from_bytes(&[0; 8]), Ok(Frontier::new()));
    let full = Frontier::from_bytes(&[&[0xff; 8][..], &[0; 64 * 32]].concat()).unwrap();
    assert_eq!((full.size(), full.roots().len()), (u64::MAX, 64));
}

#[test]
fn impossible_questions_are_refused() {
    assert_eq!(Plan::inclusion(5, 5), Err(PlanError::IndexOutside { index: 5, size: 5 }));
    assert_eq!(Plan::consistency(6, 5), Err(PlanError::SizesReversed { from: 6, to: 5 }));
    assert!(Plan::consistency(0, 5).unwrap().is_empty());
    assert!(Plan::consistency(5, 5).unwrap().is_empty());
    // The largest tree there can be is planned without overflow.
    assert_eq!(Plan::inclusion(u64::MAX - 1, u64::MAX).unwrap().len(), 63);
    assert_eq!(Plan::consistency(u64::MAX / 2, u64::MAX).unwrap().tiles().last().unwrap().level, 7);
    for bad in [
        "tile/8/000",
        "tile/0/00",
        "tile/0/x000/001",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/00/001",
        "0/001",
        "tile/0/x001",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/0/+01",
    ] {
        assert!(TileId::from_path(bad).is_err(), "{bad}");
    }
}
