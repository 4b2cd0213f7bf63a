//! The streaming writer. What it writes is valid by the schema of IEEE 1849-2016 and readable as XES 1.0.

use std::io::{self, Write};

use crate::tabular::{Kind, Named, RawValue};

/// Name, prefix and address of the standard extensions that every written log declares.
const EXTENSIONS: [(&str, &str, &str); 4] = [
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
];

/// What a written log says about itself.
#[derive(Debug, Clone, Default)]
pub struct LogHead {
    /// Attributes that every trace has, with the value for newly made ones.
    pub trace_globals: Vec<Named>,
    /// The same for events.
    pub event_globals: Vec<Named>,
    /// Name and keys, keys separated by spaces.
    pub classifiers: Vec<(String, String)>,
    pub attributes: Vec<Named>,
}

/// Writes a log trace by trace. A log that was not [finished](XesWriter::finish) is not well-formed.
pub struct XesWriter<W: Write> {
    out: W,
}

impl XesWriter<Vec<u8>> {
    /// What was written since the last time.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }
}

impl<W: Write> XesWriter<W> {
    /// # Errors
    /// What the output says.
    pub fn new(mut out: W, head: &LogHead) -> io::Result<Self> {
        // The schema wants a decimal number as version; readers of 1.0 and of IEEE 1849 both take 1.0.
        out.write_all(
            b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log xes.version=\"1.0\" xes.features=\"nested-attributes\" \
              xmlns=\"http://www.xes-standard.org/\">\n",
        )?;
        for (name, prefix, uri) in EXTENSIONS {
            writeln!(out, "\t<extension name=\"{name}\" prefix=\"{prefix}\" uri=\"{uri}\"/>")?;
        }
        let mut writer = Self { out };
        for (scope, globals) in [("trace", &head.trace_globals), ("event", &head.event_globals)] {
            if !globals.is_empty() {
                writeln!(writer.out, "\t<global scope=\"{scope}\">")?;
                writer.values(globals, 2)?;
                writer.out.write_all(b"\t</global>\n")?;
            }
        }
        for (name, keys) in &head.classifiers {
            writer.out.write_all(b"\t<classifier name=\"")?;
            writer.escaped(name)?;
            writer.out.write_all(b"\" keys=\"")?;
            writer.escaped(keys)?;
            writer.out.write_all(b"\"/>\n")?;
        }
        writer.values(&head.attributes, 1)?;
        Ok(writer)
    }

    /// # Errors
    /// What the output says.
    pub fn trace<'e>(&mut self, values: &[Named], events: impl IntoIterator<Item = &'e [Named]>) -> io::Result<()> {
        self.out.write_all(b"\t<trace>\n")?;
        self.values(values, 2)?;
        for event in events {
            self.out.write_all(b"\t\t<event>\n")?;
            self.values(event, 3)?;
            self.out.write_all(b"\t\t</event>\n")?;
        }
        self.out.write_all(b"\t</trace>\n")
    }

    /// Closes the log and gives the output back, flushed.
    ///
    /// # Errors
    /// What the output says.
    pub fn finish(mut self) -> io::Result<W> {
        self.out.write_all(b"</log>\n")?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn values(&mut self, values: &[Named], depth: usize) -> io::Result<()> {
        values.iter().try_for_each(|(key, value)| self.value(key, value, depth))
    }

    fn value(&mut self, key: &str, value: &RawValue, depth: usize) -> io::Result<()> {
        let element = value.kind.element();
        self.indent(depth)?;
        write!(self.out, "<{element} key=\"")?;
        self.escaped(key)?;
        if !matches!(value.kind, Kind::List | Kind::Container) {
            self.out.write_all(b"\" value=\"")?;
            self.escaped(&value.text)?;
        }
        // The schema demands `<values>` even in an empty list.
        let list = value.kind == Kind::List;
        if value.children.is_empty() && !list {
            return self.out.write_all(b"\"/>\n");
        }
        self.out.write_all(b"\">\n")?;
        if list {
            self.indent(depth + 1)?;
            self.out.write_all(b"<values>\n")?;
            self.values(&value.children, depth + 2)?;
            self.indent(depth + 1)?;
            self.out.write_all(b"</values>\n")?;
        } else {
            self.values(&value.children, depth + 1)?;
        }
        self.indent(depth)?;
        writeln!(self.out, "</{element}>")
    }

    fn indent(&mut self, depth: usize) -> io::Result<()> {
        (0..depth).try_for_each(|_| self.out.write_all(b"\t"))
    }

    /// Text of an attribute value. White space other than a space is written as a reference, or a reader would make spaces
    /// of it; characters that XML 1.0 cannot hold at all become U+FFFD.
    fn escaped(&mut self, text: &str) -> io::Result<()> {
        let mut plain = 0;
        for (at, c) in text.char_indices() {
            let written: &[u8] = match c {
                '&' => b"&amp;",
                '<' => b"&lt;",
                '>' => b"&gt;",
                '"' => b"&quot;",
                '\t' => b"&#9;",
                '\n' => b"&#10;",
                '\r' => b"&#13;",
                '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => "\u{fffd}".as_bytes(),
                _ => continue,
            };
            self.out.write_all(&text.as_bytes()[plain..at])?;
            self.out.write_all(written)?;
            plain = at + c.len_utf8();
        }
        self.out.write_all(&text.as_bytes()[plain..])
    }
}
