//! Finding a procedure by ordinary words: with or without diacritics, in any order, with a slip of the finger.

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use super::def::ProcedureDef;
use crate::text::fold;

/// Words of a question that are looked at; a longer one is cut.
const MAX_WORDS: usize = 24;
/// From this part of a question on that a procedure answers, it is what is meant. Set by the questions in `office/tests/procedures.rs`.
const MEANT: f64 = 0.6;
/// From this part on it is worth a look when nothing is meant.
const NEAR: f64 = 0.5;
/// Words with which people ask for anything at all, folded: they say little of what is asked for.
const ASKING: &str = " toi minh em anh chi ong ba muon can xin lam di o dau nao the nhu gi thu tuc giay to ho so cho cua va de hoi ve nop cap mot cai \
     duoc bao nhieu tien bi co khong tai moi lai dang ky i a an the my to how do for of ";
/// What such a word weighs.
const ASKING_WEIGHT: f64 = 0.25;

/// An index over some procedures, in the order given.
#[derive(Debug, Default)]
pub struct Finder {
    docs: Vec<Doc>,
    /// In how many procedures a folded word stands.
    frequency: FxHashMap<String, u32>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Place in the order given to [`Finder::new`].
    pub position: usize,
    /// Higher is better; comparable within one question only.
    pub score: f64,
    /// Part of the question that it answers, 0..=1.
    pub fit: f64,
}

#[derive(Debug)]
struct Doc {
    code: String,
    /// Folded word, as written, how much the place counts.
    words: Vec<(String, String, f64)>,
    /// Folded names and keywords as wholes.
    phrases: Vec<String>,
    rank: u16,
}

/// Words as written (lower case, NFC) beside their folded forms.
fn words(text: &str) -> Vec<(String, String)> {
    let lower: String = text.nfc().flat_map(char::to_lowercase).collect();
    lower
        .split(|c: char| !c.is_alphanumeric() && !unicode_normalization::char::is_combining_mark(c))
        .filter(|w| !w.is_empty())
        .map(|w| (fold(w), w.to_owned()))
        .collect()
}

fn phrase(text: &str) -> String {
    words(text).into_iter().map(|(folded, _)| folded).collect::<Vec<_>>().join(" ")
}

impl Finder {
    #[must_use]
    pub fn new<'a>(procedures: impl IntoIterator<Item = &'a ProcedureDef>) -> Self {
        let mut finder = Self::default();
        for def in procedures {
            let mut all: Vec<(String, String, f64)> = Vec::new();
            let mut add = |text: &str, weight: f64| {
                for (folded, written) in words(text) {
                    match all.iter_mut().find(|(_, w, _)| *w == written) {
                        Some(known) => known.2 = known.2.max(weight),
                        None => all.push((folded, written, weight)),
                    }
                }
            };
            add(&def.name.vi, 1.0);
            add(&def.name.en, 0.9);
            for keyword in &def.keywords {
                add(keyword, 1.0);
            }
            add(&def.result.name.vi, 0.6);
            add(&def.sector.name.vi, 0.5);
            if let Some(summary) = &def.summary {
                add(&summary.vi, 0.3);
                add(&summary.en, 0.3);
            }
            let names = [&def.name.vi, &def.name.en].into_iter().chain(&def.keywords);
            let phrases = names.map(|t| phrase(t)).collect();
            let mut distinct: Vec<&str> = all.iter().map(|(f, ..)| f.as_str()).collect();
            distinct.sort_unstable();
            distinct.dedup();
            for word in distinct {
                *finder.frequency.entry(word.to_owned()).or_default() += 1;
            }
            finder.docs.push(Doc { code: def.code.to_lowercase(), words: all, phrases, rank: def.rank.unwrap_or(u16::MAX) });
        }
        finder
    }

    /// What is meant, the best first; among equals the most used. Nothing where no procedure answers most of the question.
    #[must_use]
    pub fn find(&self, question: &str, limit: usize) -> Vec<Found> {
        let mut found = self.compared(question);
        found.retain(|f| f.fit >= MEANT);
        // What is far behind the best is noise.
        let best = found.first().map_or(0.0, |f| f.score);
        found.retain(|f| f.score >= best * 0.25);
        found.truncate(limit);
        found
    }

    /// What lies near a question for which [`Self::find`] has nothing.
    #[must_use]
    pub fn near(&self, question: &str, limit: usize) -> Vec<Found> {
        let mut found = self.compared(question);
        found.retain(|f| (NEAR..MEANT).contains(&f.fit));
        found.truncate(limit);
        found
    }

    fn compared(&self, question: &str) -> Vec<Found> {
        let mut asked = words(question);
        asked.truncate(MAX_WORDS);
        let code = question.trim().to_lowercase();
        let whole = asked.iter().map(|(f, _)| f.as_str()).collect::<Vec<_>>().join(" ");
        if asked.is_empty() {
            return Vec::new();
        }
        let typed_marks = asked.iter().any(|(f, w)| f != w);
        let last = asked.len() - 1;
        let mut found: Vec<Found> = Vec::new();
        for (position, doc) in self.docs.iter().enumerate() {
            if doc.code == code || (code.len() >= 5 && doc.code.starts_with(&code)) {
                found.push(Found { position, score: 1_000.0, fit: 1.0 });
                continue;
            }
            let (mut score, mut total) = (0.0, 0.0);
            for (i, (folded, written)) in asked.iter().enumerate() {
                let weight = self.asked_weight(folded);
                let best = doc
                    .words
                    .iter()
                    .map(|(f, w, place)| place * likeness(folded, written, f, w, typed_marks, i == last))
                    .fold(0.0, f64::max);
                total += weight;
                score += weight * best;
            }
            let mut fit = if total > 0.0 { score / total } else { 0.0 };
            // What people call it, whole, counts more than the same words scattered.
            let mut bonus = 0.0_f64;
            for p in &doc.phrases {
                let carried = within(p, &whole);
                if carried || within(&whole, p) {
                    let weight = p.split(' ').filter(|w| asked.iter().any(|(f, _)| f == w)).map(|w| self.weight(w)).sum::<f64>();
                    bonus = bonus.max(if *p == whole { weight * 1.5 } else { weight });
                }
                if carried && p.contains(' ') {
                    fit = fit.max(MEANT);
                }
            }
            if score > 0.0 {
                found.push(Found { position, score: (score + bonus) * fit, fit });
            }
        }
        let rank = |f: &Found| self.docs.get(f.position).map_or(u16::MAX, |d| d.rank);
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| (rank(a), a.position).cmp(&(rank(b), b.position))));
        found
    }

    fn asked_weight(&self, folded: &str) -> f64 {
        self.weight(folded) * if within(folded, ASKING) { ASKING_WEIGHT } else { 1.0 }
    }

    /// Rare words say more.
    fn weight(&self, folded: &str) -> f64 {
        let all = f64::from(u32::try_from(self.docs.len()).unwrap_or(u32::MAX));
        let with = f64::from(self.frequency.get(folded).copied().unwrap_or(0));
        (1.0 + (all + 1.0) / (with + 1.0)).ln()
    }
}

/// Whether `part` stands in `text` between word limits.
fn within(part: &str, text: &str) -> bool {
    !part.is_empty() && format!(" {text} ").contains(&format!(" {part} "))
}

/// How much one word of the question is one word of a procedure, 0..=1.
fn likeness(asked: &str, asked_written: &str, folded: &str, written: &str, typed_marks: bool, last: bool) -> f64 {
    if asked == folded {
        // Who types marks means them: "tử" is not "từ". Who types none means any.
        return match (!typed_marks || asked_written == written, asked == asked_written) {
            (true, _) => 1.0,
            (false, true) => 0.5,
            (false, false) => 0.3,
        };
    }
    // The word may still be being typed.
    if last && asked.chars().count() >= 2 && folded.starts_with(asked) {
        return 0.7;
    }
    let (a, b) = (asked.chars().count(), folded.chars().count());
    // Among short syllables every second one is a letter away from another word: "nhà", "nhân".
    if a.min(b) < 4 || a.max(b) < 5 || a.abs_diff(b) > 2 || asked.bytes().any(|b| b.is_ascii_digit()) {
        return 0.0;
    }
    match strsim::damerau_levenshtein(asked, folded) {
        1 => 0.45,
        2 if a.min(b) >= 8 => 0.35,
        _ => 0.0,
    }
}
