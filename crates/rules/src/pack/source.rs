//! A file of a pack and places in it.

use std::sync::Arc;

/// A place in a file of a pack. Lines and columns (in characters) start at 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    pub file: Arc<str>,
    pub line: u32,
    pub column: u32,
}

/// One text with its line starts, so that a byte offset becomes a line and a column.
pub(crate) struct Src<'a> {
    pub path: Arc<str>,
    pub text: &'a str,
    line_starts: Vec<usize>,
}

impl<'a> Src<'a> {
    pub fn new(path: &str, text: &'a str) -> Self {
        let line_starts = std::iter::once(0).chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1)).collect();
        Self { path: Arc::from(path), text, line_starts }
    }

    /// The last part of the path.
    pub fn file_name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    pub fn at(&self, offset: usize) -> At {
        let offset = offset.min(self.text.len());
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let start = self.line_starts[line - 1];
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        self.line(line, column)
    }

    /// `line` and `column` start at 1.
    pub fn line(&self, line: usize, column: usize) -> At {
        At { file: self.path.clone(), line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_become_lines_and_columns_in_characters() {
        let src = Src::new("a/b.toml", "một\nhai ba\n");
        assert_eq!(src.file_name(), "b.toml");
        for (offset, line, column) in [(0, 1, 1), (5, 1, 4), (6, 2, 1), (10, 2, 5), (13, 3, 1), (999, 3, 1)] {
            let at = src.at(offset);
            assert_eq!((at.line, at.column), (line, column), "offset {offset}");
        }
    }
}
