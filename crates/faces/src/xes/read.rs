//! The streaming reader: a stack of open elements over the XML events, one trace in memory at a time.

use std::{borrow::Cow, collections::HashSet, io::Read, mem, sync::Arc};

use quick_xml::{
    Reader, XmlVersion,
    errors::{Error, IllFormedError},
    events::{BytesStart, Event, attributes::AttrError},
};

use super::{Extension, Global, Header, Limits};
use crate::{
    input::{Input, spot_within},
    tabular::{Kind, Named, Place, RawEvent, RawValue, RowFault, Source, SourceRow, Spot},
};

/// Reads a log trace by trace. See the module for what is accepted.
pub struct XesSource {
    xml: Reader<Input>,
    log: Log,
    /// Bytes of the trace being read, or of one element outside traces.
    buf: Vec<u8>,
    done: bool,
}

impl XesSource {
    /// `file` is the name shown in places.
    pub fn new(file: &str, reader: impl Read + Send + 'static) -> Self {
        Self::with_limits(file, reader, Limits::default())
    }

    pub fn with_limits(file: &str, reader: impl Read + Send + 'static, limits: Limits) -> Self {
        let xml = Reader::from_reader(Input::new(reader, limits.into(), limits.max_token_bytes));
        let log = Log {
            file: Arc::from(file),
            limits,
            prefix: None,
            header: Header::default(),
            stack: Vec::new(),
            trace: Trace::default(),
            item: 0,
            closed: false,
            attributes: 0,
        };
        Self { xml, log, buf: Vec::new(), done: false }
    }

    /// What the log has said about itself so far: complete once the first trace was returned.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.log.header
    }

    /// Reads on to the end of the next trace; `Ok(None)` is the end of the log.
    fn read_trace(&mut self) -> Result<Option<SourceRow>, RowFault> {
        self.buf.clear();
        loop {
            if !self.log.in_trace() {
                self.buf.clear();
            }
            let input = self.xml.get_mut();
            input.mark();
            let start = input.spot();
            let from = self.buf.len();
            let event = match self.xml.read_event_into(&mut self.buf) {
                Ok(event) => event,
                Err(error) => {
                    let fault = xml_fault(&self.log, self.xml.get_mut(), start, &error);
                    return Err(fault);
                }
            };
            let step = match event {
                Event::Start(tag) => self.log.open(&tag, start, false),
                Event::Empty(tag) => self.log.open(&tag, start, true),
                Event::End(_) => self.log.close(),
                Event::Eof => {
                    return self.log.end_of_file(self.xml.get_ref().spot()).map(|()| None);
                }
                Event::Text(text) => self.log.text(&text, start),
                Event::CData(data) => self.log.text(&data, start),
                Event::GeneralRef(entity) => self.log.text(&entity, start),
                Event::DocType(_) => Err(self.log.fault("xes.dtd", start).fatal()),
                Event::Decl(decl) => check_encoding(&self.log, decl.encoding(), start),
                Event::Comment(_) | Event::PI(_) => Ok(Step::On),
            };
            let step = match step {
                Ok(step) => step,
                Err(fault) if fault.fatal || !self.log.in_trace() => return Err(fault.fatal()),
                Err(fault) => {
                    // The first fault of a trace is told; the trace is read to its end so that the next one can follow.
                    self.log.trace.fault.get_or_insert(Box::new(fault));
                    Step::On
                }
            };
            if self.buf.len() > self.log.limits.max_trace_bytes {
                let limit = self.log.limits.max_trace_bytes;
                return Err(self.log.fault("xes.trace_too_large", self.log.trace.spot).with("limit", limit).fatal());
            }
            match step {
                Step::On => {}
                Step::Trace => {
                    let raw = String::from_utf8_lossy(&self.buf).into_owned();
                    return self.log.take_trace(raw).map(Some);
                }
                Step::Refused(code) => {
                    let raw = self.buf.get(from..).map(|b| String::from_utf8_lossy(b).into_owned());
                    return Err(RowFault { raw, ..self.log.fault(code, start) });
                }
            }
        }
    }
}

impl Iterator for XesSource {
    type Item = Result<SourceRow, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let row = self.read_trace();
        self.done = match &row {
            Ok(row) => row.is_none(),
            Err(fault) => fault.fatal,
        };
        row.transpose()
    }
}

impl Source for XesSource {
    fn file(&self) -> &str {
        &self.log.file
    }
    fn bytes_read(&self) -> u64 {
        self.xml.get_ref().bytes_read()
    }
}

/// What one XML event led to.
enum Step {
    On,
    /// A trace is complete.
    Trace,
    /// One element outside traces is refused; reading goes on after its start tag.
    Refused(&'static str),
}

enum Frame {
    Log,
    Extension,
    Classifier,
    Global(Global),
    Trace,
    Event(RawEvent),
    Attribute(Named),
    /// `<values>` of a list: what stands in it belongs to the list.
    Values,
    /// An element of another namespace, or one already refused.
    Skipped,
}

#[derive(Default)]
struct Trace {
    spot: Spot,
    values: Vec<Named>,
    events: Vec<RawEvent>,
    fault: Option<Box<RowFault>>,
}

/// The log as read so far.
struct Log {
    file: Arc<str>,
    limits: Limits,
    /// The namespace prefix of the root, colon included, where it has one.
    prefix: Option<Box<str>>,
    header: Header,
    /// Open elements with the line on which each opened.
    stack: Vec<(Frame, u32)>,
    trace: Trace,
    item: u64,
    closed: bool,
    /// In this trace, or in the header.
    attributes: usize,
}

impl Log {
    fn in_trace(&self) -> bool {
        matches!(self.stack.get(1), Some((Frame::Trace, _)))
    }

    fn place(&self, spot: Spot) -> Place {
        Place { file: Arc::clone(&self.file), line: u64::from(spot.line), column: Some(spot.column), item: self.item }
    }

    fn fault(&self, code: &'static str, spot: Spot) -> RowFault {
        RowFault::new(self.place(spot), code)
    }

    fn inside(&self) -> &'static str {
        match self.stack.last() {
            None => "the document",
            Some((frame, _)) => frame.name(),
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>, spot: Spot, empty: bool) -> Result<Step, RowFault> {
        if self.stack.len() >= self.limits.max_depth {
            return Err(self.fault("xes.depth", spot).with("limit", self.limits.max_depth).fatal());
        }
        let frame = match self.frame(tag, spot) {
            Ok(Some(frame)) => Ok(frame),
            Ok(None) => {
                if !empty {
                    self.push(Frame::Skipped, spot);
                }
                return Ok(Step::Refused("xes.orphan_event"));
            }
            Err(fault) => Err(fault),
        };
        match frame {
            Ok(frame) if empty => self.finish(frame),
            Ok(frame) => {
                self.push(frame, spot);
                Ok(Step::On)
            }
            Err(fault) => {
                // Its end tag will come, whatever was wrong with its start.
                if !empty {
                    self.push(Frame::Skipped, spot);
                }
                Err(fault)
            }
        }
    }

    fn push(&mut self, frame: Frame, spot: Spot) {
        self.stack.push((frame, spot.line));
    }

    /// What the element is where it stands; `None` for an event outside traces.
    fn frame(&mut self, tag: &BytesStart<'_>, spot: Spot) -> Result<Option<Frame>, RowFault> {
        let full = tag.name().0;
        if self.closed {
            return Err(self.fault("xes.malformed", spot).with("detail", format_args!("<{full}> follows the end of the log")).fatal());
        }
        let Some((top, _)) = self.stack.last() else { return self.root(tag, full, spot).map(Some) };
        if matches!(top, Frame::Skipped) {
            return Ok(Some(Frame::Skipped));
        }
        let name = match &self.prefix {
            Some(prefix) => full.strip_prefix(&**prefix),
            None => (!full.contains(':')).then_some(full),
        };
        // Some other namespace.
        let Some(name) = name else { return Ok(Some(Frame::Skipped)) };
        let frame = match (top, name) {
            (Frame::Log, "trace") => {
                self.item += 1;
                self.attributes = 0;
                self.trace = Trace { spot, ..Trace::default() };
                Frame::Trace
            }
            (Frame::Log, "event") => return Ok(None),
            (Frame::Trace, "event") => Frame::Event(RawEvent { spot, attrs: Vec::with_capacity(6) }),
            (Frame::Log, "extension") => {
                let [name, prefix, uri] = self.texts(tag, spot, ["name", "prefix", "uri"])?;
                self.header.extensions.push(Extension { name, prefix, uri });
                Frame::Extension
            }
            (Frame::Log, "classifier") => {
                let [name, keys] = self.texts(tag, spot, ["name", "keys"])?;
                self.header.classifiers.push((name, keys));
                Frame::Classifier
            }
            (Frame::Log, "global") => {
                let [scope] = self.texts(tag, spot, ["scope"])?;
                // The schema's default.
                let scope = if scope.is_empty() { "event".to_owned() } else { scope };
                Frame::Global(Global { scope, attributes: Vec::new() })
            }
            (Frame::Attribute((_, RawValue { kind: Kind::List, .. })), "values") => Frame::Values,
            (
                Frame::Log | Frame::Trace | Frame::Event(_) | Frame::Global(_) | Frame::Attribute(_) | Frame::Values,
                "string" | "date" | "int" | "float" | "boolean" | "id" | "list" | "container",
            ) => Frame::Attribute(self.attribute(tag, name, spot)?),
            _ => return Err(self.fault("xes.element", spot).with("found", name).with("inside", self.inside())),
        };
        Ok(Some(frame))
    }

    fn root(&mut self, tag: &BytesStart<'_>, full: &str, spot: Spot) -> Result<Frame, RowFault> {
        let (prefix, name) = full.rsplit_once(':').map_or((None, full), |(prefix, name)| (Some(prefix), name));
        if name != "log" {
            return Err(self.fault("xes.root", spot).with("found", full).fatal());
        }
        self.prefix = prefix.map(|p| format!("{p}:").into_boxed_str());
        let [version] = self.texts(tag, spot, ["xes.version"])?;
        self.header.version = Some(version).filter(|v| !v.is_empty());
        Ok(Frame::Log)
    }

    /// The values of the named XML attributes; empty where one is missing.
    fn texts<const N: usize>(&self, tag: &BytesStart<'_>, spot: Spot, names: [&str; N]) -> Result<[String; N], RowFault> {
        let mut found = [const { String::new() }; N];
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.attribute_fault(tag, spot, &error))?;
            if let Some(i) = names.iter().position(|name| attribute.key.0 == *name) {
                found[i] = self.unescape(&attribute, spot)?.into_owned();
            }
        }
        Ok(found)
    }

    fn unescape<'a>(&self, attribute: &quick_xml::events::attributes::Attribute<'a>, spot: Spot) -> Result<Cow<'a, str>, RowFault> {
        attribute.normalized_value(XmlVersion::Explicit1_0).map_err(|error| self.fault("xes.entity", spot).with("detail", error))
    }

    /// A malformed tag: the rest of the file cannot be trusted to be nested as it looks.
    fn attribute_fault(&self, tag: &BytesStart<'_>, spot: Spot, error: &AttrError) -> RowFault {
        let (AttrError::ExpectedEq(offset)
        | AttrError::ExpectedValue(offset)
        | AttrError::UnquotedValue(offset)
        | AttrError::ExpectedQuote(offset, _)
        | AttrError::Duplicated(offset, _)) = *error;
        // The tag's bytes begin after its `<`.
        let mut here = spot_within(spot, tag.as_bytes(), offset);
        if here.line == spot.line {
            here.column = here.column.saturating_add(1);
        }
        self.fault("xes.malformed", here).with("detail", error).fatal()
    }

    fn attribute(&mut self, tag: &BytesStart<'_>, element: &str, spot: Spot) -> Result<Named, RowFault> {
        self.attributes += 1;
        if self.attributes > self.limits.max_attributes {
            return Err(self.fault("xes.attributes", spot).with("limit", self.limits.max_attributes).fatal());
        }
        let (mut key, mut value) = (None, None);
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.attribute_fault(tag, spot, &error))?;
            match attribute.key.0 {
                "key" => key = Some(self.unescape(&attribute, spot)?.into_owned()),
                "value" => value = Some(self.unescape(&attribute, spot)?.into_owned()),
                _ => {}
            }
        }
        let many = matches!(element, "list" | "container");
        let Some(key) = key else { return Err(self.fault("xes.key", spot).with("element", element)) };
        let text = match value {
            Some(_) if many => String::new(),
            Some(text) => text,
            None if many => String::new(),
            None => return Err(self.fault("xes.value", spot).with("element", element).with("key", key)),
        };
        if text.len() > self.limits.max_value_bytes {
            return Err(self.fault("xes.value_too_long", spot).with("key", key).with("limit", self.limits.max_value_bytes));
        }
        let Some(kind) = Kind::read(element, &text) else {
            let code = match element {
                "date" => "xes.date",
                "int" => "xes.int",
                "float" => "xes.float",
                _ => "xes.boolean",
            };
            return Err(self.fault(code, spot).with("key", key).with("value", text));
        };
        Ok((key, RawValue { kind, text, children: Vec::new(), spot }))
    }

    fn close(&mut self) -> Result<Step, RowFault> {
        // The XML reader refuses an end tag without its start.
        match self.stack.pop() {
            Some((frame, _)) => self.finish(frame),
            None => Ok(Step::On),
        }
    }

    fn finish(&mut self, frame: Frame) -> Result<Step, RowFault> {
        match frame {
            Frame::Log => self.closed = true,
            Frame::Trace => {
                let repeated = first_repeated(&self.trace.values).map(|n| self.repeated(n));
                if let Some(fault) = repeated {
                    self.trace.fault.get_or_insert(Box::new(fault));
                }
                return Ok(Step::Trace);
            }
            Frame::Event(event) => {
                if let Some(named) = first_repeated(&event.attrs) {
                    return Err(self.repeated(named));
                }
                self.trace.events.push(event);
            }
            Frame::Global(global) => self.header.globals.push(global),
            Frame::Attribute(named) => {
                if !matches!(named.1.kind, Kind::List | Kind::Container)
                    && let Some(named) = first_repeated(&named.1.children)
                {
                    return Err(self.repeated(named));
                }
                self.attach(named);
            }
            Frame::Extension | Frame::Classifier | Frame::Values | Frame::Skipped => {}
        }
        Ok(Step::On)
    }

    fn repeated(&self, (key, value): &Named) -> RowFault {
        self.fault("xes.duplicate", value.spot).with("key", key)
    }

    /// Gives an attribute to the element around it.
    fn attach(&mut self, named: Named) {
        let parent = match self.stack.as_mut_slice() {
            [.., (Frame::Attribute((_, list)), _), (Frame::Values, _)] => &mut list.children,
            [.., (Frame::Attribute((_, parent)), _)] => &mut parent.children,
            [.., (Frame::Event(event), _)] => &mut event.attrs,
            [.., (Frame::Global(global), _)] => &mut global.attributes,
            [.., (Frame::Trace, _)] => &mut self.trace.values,
            [(Frame::Log, _)] => &mut self.header.attributes,
            // Within an element that was refused.
            _ => return,
        };
        parent.push(named);
    }

    fn text(&self, text: &str, spot: Spot) -> Result<Step, RowFault> {
        if text.bytes().all(|b| b.is_ascii_whitespace()) || matches!(self.stack.last(), Some((Frame::Skipped, _))) {
            return Ok(Step::On);
        }
        if self.stack.is_empty() {
            let detail = if self.closed { "text follows the end of the log" } else { "text stands before the log" };
            return Err(self.fault("xes.malformed", spot).with("detail", detail).fatal());
        }
        let blank = text.len() - text.trim_ascii_start().len();
        let spot = spot_within(spot, text.as_bytes(), blank);
        Err(self.fault("xes.text", spot).with("inside", self.inside()).with("text", text.trim_ascii()))
    }

    fn take_trace(&mut self, raw: String) -> Result<SourceRow, RowFault> {
        let trace = mem::take(&mut self.trace);
        match trace.fault {
            Some(fault) => Err(RowFault { raw: Some(raw), ..*fault }),
            None => Ok(SourceRow { place: self.place(trace.spot), values: trace.values, events: trace.events, raw }),
        }
    }

    fn end_of_file(&self, spot: Spot) -> Result<(), RowFault> {
        match self.stack.last() {
            Some((frame, opened)) => Err(self.fault("xes.truncated", spot).with("element", frame.name()).with("opened", opened).fatal()),
            None if self.closed => Ok(()),
            None => Err(self.fault("xes.empty", spot).fatal()),
        }
    }
}

impl Frame {
    fn name(&self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Extension => "extension",
            Self::Classifier => "classifier",
            Self::Global(_) => "global",
            Self::Trace => "trace",
            Self::Event(_) => "event",
            Self::Attribute((_, value)) => value.kind.element(),
            Self::Values => "values",
            Self::Skipped => "an element that was passed over",
        }
    }
}

/// Up to this many siblings are compared pair by pair; more go through a set.
const FEW_SIBLINGS: usize = 32;

/// IEEE 1849: keys are unique among siblings, except within a list or container. The first that repeats.
fn first_repeated(siblings: &[Named]) -> Option<&Named> {
    if siblings.len() <= FEW_SIBLINGS {
        return siblings.iter().enumerate().find(|(i, (key, _))| siblings[..*i].iter().any(|(known, _)| known == key)).map(|(_, n)| n);
    }
    let mut seen = HashSet::with_capacity(siblings.len());
    siblings.iter().find(|(key, _)| !seen.insert(key.as_str()))
}

fn check_encoding(log: &Log, encoding: Option<Result<Cow<'_, str>, AttrError>>, spot: Spot) -> Result<Step, RowFault> {
    match encoding {
        Some(Ok(name)) if !["utf-8", "utf8", "us-ascii"].iter().any(|ok| name.eq_ignore_ascii_case(ok)) => {
            Err(log.fault("input.encoding", spot).with("detail", format_args!("it declares {name}")).fatal())
        }
        Some(Err(error)) => Err(log.fault("xes.malformed", spot).with("detail", error).fatal()),
        _ => Ok(Step::On),
    }
}

/// A fault of the XML itself: always the end of the reading.
fn xml_fault(log: &Log, input: &mut Input, start: Spot, error: &Error) -> RowFault {
    if let Some(stop) = input.take_stop() {
        return stop.fault(log.place(input.spot()));
    }
    let fault = match error {
        Error::IllFormed(
            IllFormedError::MismatchedEndTag { .. } | IllFormedError::UnmatchedEndTag(_) | IllFormedError::MissingEndTag(_),
        ) => log.fault("xes.nesting", start),
        Error::Encoding(_) => log.fault("input.encoding", start),
        Error::Escape(_) | Error::IllFormed(IllFormedError::UnclosedReference) => log.fault("xes.entity", start),
        _ => log.fault("xes.malformed", start),
    };
    fault.with("detail", error).fatal()
}
