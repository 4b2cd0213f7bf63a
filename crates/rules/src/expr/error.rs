//! What is wrong with an expression, where, in words that help.

use std::fmt;

/// A fault of an expression. `at` counts characters from its beginning; `code` is also the key of its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExprError {
    pub at: usize,
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

impl ExprError {
    pub(crate) fn new(at: usize, code: &'static str) -> Self {
        Self { at, code, args: Vec::new() }
    }
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
    /// A named value; empty when absent.
    #[must_use]
    pub fn arg(&self, name: &str) -> &str {
        self.args.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v)
    }
}

impl fmt::Display for ExprError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let a = |name| self.arg(name);
        write!(f, "at character {}: ", self.at + 1)?;
        match self.code {
            "expr.syntax" => write!(f, "not readable as an expression: {}", a("message")),
            "expr.too_long" => write!(f, "longer than {} characters", a("most")),
            "expr.unknown_field" if a("near").is_empty() => write!(f, "register {} has no field {:?}", a("register"), a("name")),
            "expr.unknown_field" => write!(f, "register {} has no field {:?}; is {:?} meant?", a("register"), a("name"), a("near")),
            "expr.unknown_name" => write!(f, "unknown name {:?}; fields are written record.NAME, the time of evaluation is now", a("name")),
            "expr.unknown_function" => write!(f, "unknown function {:?}", a("name")),
            "expr.arguments" => write!(f, "{} takes {}", a("name"), a("wants")),
            "expr.wants" => write!(f, "{} wants {}, but this is {}", a("place"), a("wants"), a("got")),
            "expr.types" => write!(f, "{} cannot join {} and {}", a("op"), a("left"), a("right")),
            "expr.date_and_time" => write!(
                f,
                "a date and a timestamp are not the same thing: compare date(timestamp) with a date, or timestamp(date) (its first instant) with a timestamp"
            ),
            "expr.text_literal" => write!(f, "compare a {0} with {0}(\"…\"), not with a text", a("type")),
            "expr.choice" => write!(f, "{:?} is not a choice of {}; choices are {}", a("value"), a("name"), a("choices")),
            "expr.literal" => write!(f, "{:?} is not a {}", a("value"), a("type")),
            "expr.now" => write!(
                f,
                "now may stand only in an ordering comparison (<, <=, >, >=) against something without now, so that the instant at which it flips is known"
            ),
            "expr.personal" => write!(f, "field {} is personal data and may not be counted", a("name")),
            "expr.too_precise" => write!(f, "more than {} decimal digits", a("most")),
            "expr.null" => write!(f, "null can only be compared with == and !="),
            "expr.unsupported" => write!(f, "{} is not supported here", a("what")),
            code => {
                f.write_str(code)?;
                self.args.iter().try_for_each(|(name, value)| write!(f, " {name}={value:?}"))
            }
        }
    }
}

impl std::error::Error for ExprError {}
