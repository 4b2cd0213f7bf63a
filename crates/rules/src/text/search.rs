//! What a search finds: every word asked for begins a word of the text, whatever its marks and case.

use super::fold;

/// Words of one question; what is typed beyond narrows no search of ours.
pub const WANTED_MAX: usize = 8;

/// Hands over the words of a text, folded and cut at everything that is neither letter nor digit: `H29.12-0004` has three.
pub fn words(text: &str, mut each: impl FnMut(&str)) {
    let folded = fold(text);
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        each(word);
    }
}

/// The words somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted(Vec<String>);

impl Wanted {
    #[must_use]
    pub fn read(question: &str) -> Self {
        let mut list: Vec<String> = Vec::new();
        words(question, |w| {
            if list.len() < WANTED_MAX && !list.iter().any(|known| known == w) {
                list.push(w.to_owned());
            }
        });
        Self(list)
    }

    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Nothing that could be found was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether these texts together answer the question.
    pub fn found_in<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> bool {
        let mut open: Vec<&str> = self.0.iter().map(String::as_str).collect();
        for text in texts {
            if open.is_empty() {
                break;
            }
            words(text, |word| open.retain(|wanted| !answers(word, wanted)));
        }
        !self.0.is_empty() && open.is_empty()
    }
}

/// One letter asks for a word of one letter; more ask for what begins with them.
#[must_use]
pub fn answers(word: &str, wanted: &str) -> bool {
    if wanted.chars().nth(1).is_none() { word == wanted } else { word.starts_with(wanted) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_asked_for_begins_a_word() {
        let found = |question: &str, texts: &[&str]| Wanted::read(question).found_in(texts.iter().copied());
        let name = ["H29.12-251123-0004", "Nguyễn Thị Ánh Ý"];
        assert!(found("nguyen anh", &name) && found("ÁNH nguy", &name) && found("0004 thi", &name) && found("251123-0004", &name));
        assert!(found("y", &name), "a name of one letter");
        assert!(!found("n", &name), "one letter is no beginning");
        assert!(!found("guyen", &name) && !found("nguyen lan", &name));
        assert!(!found(" – ", &name) && !found("", &name));
    }

    #[test]
    fn a_question_is_bounded() {
        assert_eq!(Wanted::read("a b c d e f g h i j").words().len(), WANTED_MAX);
        assert_eq!(Wanted::read("lan LAN Lân").words(), ["lan"]);
    }
}
