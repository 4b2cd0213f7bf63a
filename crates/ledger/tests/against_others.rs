//! The same questions asked of two independent implementations: `ct_merkle` (roots and proofs) and `tlog_tiles` (tiles, paths,
//! proofs from tiles, checkpoint text).

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ledger::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// Leaf data that is different for every index and seed, of changing length.
fn data(seed: u64, index: u64) -> Vec<u8> {
    format!("{seed:x}·{}", "lá ".repeat((index % 7) as usize) + &index.to_string()).into_bytes()
}

fn leaf_hashes(seed: u64, size: u64) -> Vec<Hash> {
    (0..size).map(|index| leaf_hash(&data(seed, index))).collect()
}

fn their_tree(seed: u64, size: u64) -> MemoryBackedTree<sha2::Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..size).for_each(|index| tree.push(data(seed, index)));
    tree
}

/// What a store would hold after appending in batches of the given lengths.
fn stored(leaves: &[Hash], batches: &[usize]) -> (TileWriter, HashMap<TileId, Vec<u8>>) {
    let mut writer = TileWriter::new();
    let mut tiles = HashMap::new();
    let mut rest = leaves;
    for batch in batches.iter().copied().chain([usize::MAX]) {
        let (now, later) = rest.split_at(batch.min(rest.len()));
        tiles.extend(writer.append(now).into_iter().map(|tile| (tile.id, tile.hashes)));
        rest = later;
    }
    (writer, tiles)
}

fn joined(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| hash.0).collect()
}

/// `tlog_tiles` reading our tiles; it checks every tile against the root before it uses it.
struct TheirReader<'a>(&'a HashMap<TileId, Vec<u8>>);

impl tlog_tiles::TileReader for TheirReader<'_> {
    fn height(&self) -> u8 {
        8
    }

    fn read_tiles(&self, tiles: &[tlog_tiles::Tile]) -> Result<Vec<Vec<u8>>, tlog_tiles::Error> {
        let read = |tile: &tlog_tiles::Tile| {
            let bytes = &self.0[&TileId { level: tile.level(), idx: tile.level_index() }];
            bytes[..tile.width() as usize * 32].to_vec()
        };
        Ok(tiles.iter().map(read).collect())
    }

    fn save_tiles(&self, _: &[tlog_tiles::Tile], _: &[Vec<u8>]) {}
}

fn theirs(hash: Hash) -> tlog_tiles::Hash {
    tlog_tiles::Hash(hash.0)
}

/// Sizes around the places where tiles and subtrees end, and others.
fn sizes() -> impl Strategy<Value = u64> {
    prop_oneof![1u64..40, 250u64..262, 500u64..520, 1u64..1500, Just(256), Just(512), Just(1024)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn roots_and_proofs_equal_those_of_ct_merkle(seed in any::<u64>(), size in sizes(), a in any::<u64>(), b in any::<u64>(), batches in proptest::collection::vec(0usize..400, 0..6)) {
        let leaves = leaf_hashes(seed, size);
        let (writer, tiles) = stored(&leaves, &batches);
        let tree = their_tree(seed, size);
        let root = tree.root();
        prop_assert_eq!(&writer.root().0[..], root.as_bytes().as_slice());
        prop_assert_eq!(Plan::root(size).build_from(&tiles).unwrap(), [writer.root()]);

        let index = a % size;
        let proof = Plan::inclusion(index, size).unwrap().build_from(&tiles).unwrap();
        let their_proof = tree.prove_inclusion(index as usize);
        prop_assert_eq!(&joined(&proof)[..], their_proof.as_bytes());
        verify_inclusion(&leaves[index as usize], index, size, &proof, &writer.root()).unwrap();
        root.verify_inclusion(&data(seed, index), index, &ct_merkle::InclusionProof::from_bytes(joined(&proof))).unwrap();

        let from = 1 + b % size;
        let proof = Plan::consistency(from, size).unwrap().build_from(&tiles).unwrap();
        let their_proof = tree.prove_consistency((size - from) as usize);
        prop_assert_eq!(&joined(&proof)[..], their_proof.as_bytes());
        let (older, _) = stored(&leaves[..from as usize], &[]);
        verify_consistency(from, &older.root(), size, &writer.root(), &proof).unwrap();
        // The older root also comes out of the newer tree's tiles.
        prop_assert_eq!(Plan::root(from).build_from(&tiles).unwrap(), [older.root()]);
    }

    #[test]
    fn tiles_are_those_of_tlog_tiles(seed in any::<u64>(), before in 0u64..1200, more in 1u64..1200) {
        let size = before + more;
        let leaves = leaf_hashes(seed, size);
        let (first, second) = leaves.split_at(before as usize);
        let mut writer = TileWriter::new();
        let mut tiles: HashMap<_, _> = writer.append(first).into_iter().map(|tile| (tile.id, tile.hashes)).collect();
        let changed = writer.append(second);

        let expected: BTreeMap<_, _> = tlog_tiles::Tile::new_tiles(8, before, size).iter().map(|t| ((t.level(), t.level_index()), t.width() as usize * 32)).collect();
        let ours: BTreeMap<_, _> = changed.iter().map(|tile| ((tile.id.level, tile.id.idx), tile.hashes.len())).collect();
        prop_assert_eq!(changed.len(), ours.len(), "a tile comes once");
        prop_assert!(changed.is_sorted_by_key(|tile| tile.id));
        prop_assert_eq!(ours, expected);

        // Their reader refuses any tile that does not hash up to the root.
        tiles.extend(changed.into_iter().map(|tile| (tile.id, tile.hashes)));
        let source = TheirReader(&tiles);
        let reader = tlog_tiles::TileHashReader::new(size, theirs(writer.root()), &source);
        let index = seed % size;
        let proof = tlog_tiles::prove_record(size, index, &reader).unwrap();
        prop_assert_eq!(proof, Plan::inclusion(index, size).unwrap().build_from(&tiles).unwrap().into_iter().map(theirs).collect::<Vec<_>>());
        let from = 1 + index;
        let proof = tlog_tiles::prove_tree(size, from, &reader).unwrap();
        prop_assert_eq!(proof, Plan::consistency(from, size).unwrap().build_from(&tiles).unwrap().into_iter().map(theirs).collect::<Vec<_>>());
    }

    #[test]
    fn a_writer_resumed_from_storage_goes_on_as_if_it_never_stopped(seed in any::<u64>(), before in 0u64..70_000, more in 1u64..600) {
        // Node hashes are what is tested; the leaves may be cheap.
        let leaves: Vec<Hash> = (0..before + more).map(|index| { let mut h = [0; 32]; h[..8].copy_from_slice(&(seed ^ index).to_le_bytes()); Hash(h) }).collect();
        let (mut straight, tiles) = stored(&leaves[..before as usize], &[1000, 7, 65_536]);
        let frontier = Frontier::from_bytes(&straight.frontier().to_bytes()).unwrap();
        let mut asked = Vec::new();
        let mut resumed = TileWriter::resume(frontier, |id| { asked.push(id); tiles.get(&id).map(Vec::as_slice) }).unwrap();
        asked.sort_unstable();
        asked.dedup();
        prop_assert_eq!(asked, TileWriter::edge_tiles(before));
        prop_assert_eq!(resumed.root(), straight.root());
        prop_assert_eq!(resumed.append(&leaves[before as usize..]), straight.append(&leaves[before as usize..]));
        prop_assert_eq!(resumed.frontier(), straight.frontier());
    }

    #[test]
    fn tile_paths_are_read_back(level in 0u8..8, idx in prop_oneof![0u64..3000, any::<u64>()], width in 1usize..=256) {
        let id = TileId { level, idx };
        prop_assert_eq!(TileId::from_path(&id.path(width)).unwrap(), (id, width));
        // Their path carries the tile height after the word tile; the public form of tlog-tiles does not.
        let theirs = tlog_tiles::Tile::new(8, level, idx, width as u32, false).path();
        prop_assert_eq!(id.path(width), theirs.replacen("tile/8/", "tile/", 1));
    }

    #[test]
    fn checkpoint_text_is_that_of_tlog_tiles(origin in "[a-z]{1,12}(\\.[a-z]{2,8}){0,2}(/[a-z0-9-]{1,12})?", size in 1u64.., root in any::<[u8; 32]>()) {
        let ours = Checkpoint { origin: origin.clone(), size, root: Hash(root), extensions: Vec::new() };
        let theirs = tlog_tiles::Checkpoint::from_bytes(ours.body().unwrap().as_bytes()).unwrap();
        prop_assert_eq!((theirs.origin(), theirs.size(), theirs.hash().0), (origin.as_str(), size, root));
        prop_assert_eq!(theirs.to_bytes(), ours.body().unwrap().into_bytes());
        prop_assert_eq!(Checkpoint::parse(&ours.body().unwrap()).unwrap(), ours);
    }
}

#[test]
fn every_proof_of_every_small_tree_equals_that_of_ct_merkle() {
    let leaves = leaf_hashes(1, 40);
    let (_, tiles) = stored(&leaves, &[]);
    for size in 1..=40u64 {
        let tree = their_tree(1, size);
        for index in 0..size {
            let proof = Plan::inclusion(index, size).unwrap().build_from(&tiles).unwrap();
            assert_eq!(joined(&proof), tree.prove_inclusion(index as usize).as_bytes(), "leaf {index} of {size}");
            let from = index + 1;
            let proof = Plan::consistency(from, size).unwrap().build_from(&tiles).unwrap();
            assert_eq!(joined(&proof), tree.prove_consistency((size - from) as usize).as_bytes(), "from {from} to {size}");
        }
    }
}

#[test]
fn tile_layout_of_seventy_thousand_leaves() {
    // The worked example of the tlog-tiles specification.
    let leaves: Vec<Hash> = (0..70_000u64).map(|index| leaf_hash(&index.to_be_bytes())).collect();
    let (writer, tiles) = stored(&leaves, &[300, 1, 255, 40_000]);
    let count = |level: u8, full: bool| tiles.iter().filter(|(id, t)| id.level == level && (t.len() == 8192) == full).count();
    assert_eq!((count(0, true), count(0, false)), (273, 1));
    assert_eq!((count(1, true), count(1, false)), (1, 1));
    assert_eq!((count(2, true), count(2, false)), (0, 1));
    assert_eq!(tiles.len(), 277);
    let width = |level, idx| tiles[&TileId { level, idx }].len() / 32;
    assert_eq!((width(0, 273), width(1, 1), width(2, 0)), (112, 17, 1));
    let mut source = Map(tiles);
    assert_eq!(root_from_tiles(&mut source, 70_000), Ok(writer.root()));
    let proof = inclusion_proof(&mut source, 65_536, 70_000).unwrap();
    verify_inclusion(&leaves[65_536], 65_536, 70_000, &proof, &writer.root()).unwrap();
    let old = root_from_tiles(&mut source, 65_537).unwrap();
    let proof = consistency_proof(&mut source, 65_537, 70_000).unwrap();
    verify_consistency(65_537, &old, 70_000, &writer.root(), &proof).unwrap();
}

struct Map(HashMap<TileId, Vec<u8>>);

impl TileSource for Map {
    type Error = std::convert::Infallible;

    fn tile(&mut self, level: u8, idx: u64) -> Result<Option<Vec<u8>>, Self::Error> {
        Ok(self.0.get(&TileId { level, idx }).cloned())
    }
}
