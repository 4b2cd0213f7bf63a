//! A bounded byte stream that knows its line and column, unpacks gzip by itself, and remembers why it stopped.

use std::{
    io::{self, BufRead, BufReader, Read},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use flate2::bufread::MultiGzDecoder;

use crate::tabular::{Place, RowFault, Spot};

const BUFFER_BYTES: usize = 64 * 1024;
/// Below this many bytes no compression ratio is suspicious: a small file of equal lines packs very well.
const RATIO_FREE_BYTES: u64 = 64 * 1024 * 1024;

/// How much a file may unpack to.
#[derive(Debug, Clone, Copy)]
pub struct InputLimits {
    pub max_bytes: u64,
    pub max_ratio: u64,
}

/// Why the stream stopped before its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stop {
    Io(String),
    Gzip(String),
    GzipTruncated,
    TooLarge(u64),
    Ratio(u64),
    Token(u64),
    Encoding(&'static str),
}

impl Stop {
    pub fn fault(self, place: Place) -> RowFault {
        let new = |code| RowFault::new(place, code).fatal();
        match self {
            Self::Io(detail) => new("input.io").with("detail", detail),
            Self::Gzip(detail) => new("input.gzip").with("detail", detail),
            Self::GzipTruncated => new("input.gzip_truncated"),
            Self::TooLarge(limit) => new("input.too_large").with("limit", limit),
            Self::Ratio(limit) => new("input.ratio").with("limit", limit),
            Self::Token(limit) => new("xes.token_too_long").with("limit", limit),
            Self::Encoding(detail) => new("input.encoding").with("detail", detail),
        }
    }
}

/// Counts what is taken from the file itself.
struct Tally {
    inner: Box<dyn Read + Send>,
    taken: Arc<AtomicU64>,
}

impl Read for Tally {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

enum Body {
    Plain(BufReader<Tally>),
    Gzip(Box<MultiGzDecoder<BufReader<Tally>>>),
}

pub struct Input {
    body: Body,
    taken: Arc<AtomicU64>,
    limits: InputLimits,
    buf: Box<[u8]>,
    pos: usize,
    len: usize,
    line: u64,
    /// Characters since the line began.
    column: u64,
    unpacked: u64,
    token: u64,
    /// Longest run of bytes between two calls of [`Input::mark`].
    max_token: u64,
    stop: Option<Stop>,
}

impl Input {
    /// Never fails: what is wrong with the first bytes is told by the first read.
    pub fn new(reader: impl Read + Send + 'static, limits: InputLimits, max_token: u64) -> Self {
        let taken = Arc::new(AtomicU64::new(0));
        let mut file = BufReader::with_capacity(BUFFER_BYTES, Tally { inner: Box::new(reader), taken: Arc::clone(&taken) });
        let mut stop = None;
        // RFC 1952: a gzip member begins with 1f 8b. A reader may give one byte at a time, hence the loop below for the rest.
        let gzip = match file.fill_buf() {
            Ok(first) => first.first() == Some(&0x1f),
            Err(error) => {
                stop = Some(Stop::Io(error.to_string()));
                false
            }
        };
        let body = if gzip { Body::Gzip(Box::new(MultiGzDecoder::new(file))) } else { Body::Plain(file) };
        let buf = vec![0; BUFFER_BYTES].into_boxed_slice();
        let mut input = Self { body, taken, limits, buf, pos: 0, len: 0, line: 1, column: 1, unpacked: 0, token: 0, max_token, stop };
        input.skip_byte_order_mark();
        input
    }

    fn skip_byte_order_mark(&mut self) {
        while self.len < 4 && self.stop.is_none() {
            if self.refill() == 0 {
                break;
            }
        }
        match self.buf[..self.len] {
            [0xef, 0xbb, 0xbf, ..] => self.pos = 3,
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => self.stop = Some(Stop::Encoding("it begins with a UTF-16 byte order mark")),
            [0, b'<', ..] | [b'<', 0, ..] => self.stop = Some(Stop::Encoding("it looks like UTF-16")),
            _ => {}
        }
    }

    /// Appends to the buffer; 0 at the end and on a stop.
    fn refill(&mut self) -> usize {
        let read = loop {
            let space = &mut self.buf[self.len..];
            let read = match &mut self.body {
                Body::Plain(file) => file.read(space),
                Body::Gzip(gzip) => gzip.read(space),
            };
            match read {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let gzip = matches!(self.body, Body::Gzip(_));
        match read {
            Ok(n) => {
                self.unpacked += n as u64;
                self.len += n;
                if self.unpacked > self.limits.max_bytes {
                    self.stop = Some(Stop::TooLarge(self.limits.max_bytes));
                } else if gzip && self.unpacked > RATIO_FREE_BYTES && self.unpacked / self.bytes_read().max(1) > self.limits.max_ratio {
                    self.stop = Some(Stop::Ratio(self.limits.max_ratio));
                }
                n
            }
            Err(error) => {
                self.stop = Some(match error.kind() {
                    io::ErrorKind::UnexpectedEof if gzip => Stop::GzipTruncated,
                    io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData if gzip => Stop::Gzip(error.to_string()),
                    _ => Stop::Io(error.to_string()),
                });
                0
            }
        }
    }

    pub fn bytes_read(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// What comes next, as much as the buffer holds, untaken: for finding out what the content is.
    pub fn peek(&mut self) -> &[u8] {
        while self.len < self.buf.len() && self.stop.is_none() && self.refill() > 0 {}
        &self.buf[self.pos..self.len]
    }

    /// A new token begins here.
    pub fn mark(&mut self) {
        self.token = 0;
    }

    pub fn spot(&self) -> Spot {
        Spot { line: u32::try_from(self.line).unwrap_or(u32::MAX), column: u32::try_from(self.column).unwrap_or(u32::MAX) }
    }

    /// Why reading stopped, once.
    pub fn take_stop(&mut self) -> Option<Stop> {
        self.stop.take()
    }
}

impl Read for Input {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let n = available.len().min(out.len());
        out[..n].copy_from_slice(&available[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.stop.is_none() && self.token > self.max_token {
            self.stop = Some(Stop::Token(self.max_token));
        }
        if self.stop.is_none() && self.pos == self.len {
            (self.pos, self.len) = (0, 0);
            self.refill();
        }
        if self.stop.is_some() {
            return Err(io::Error::other("stopped"));
        }
        Ok(&self.buf[self.pos..self.len])
    }

    fn consume(&mut self, n: usize) {
        let end = (self.pos + n).min(self.len);
        let taken = &self.buf[self.pos..end];
        self.token += taken.len() as u64;
        let (lines, last_line) = match taken.iter().rposition(|b| *b == b'\n') {
            Some(last) => (taken[..=last].iter().filter(|b| **b == b'\n').count(), &taken[last + 1..]),
            None => (0, taken),
        };
        if lines > 0 {
            self.line += lines as u64;
            self.column = 1;
        }
        self.column += characters(last_line);
        self.pos = end;
    }
}

/// Characters in UTF-8 bytes, also where the bytes are cut within a character.
pub fn characters(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b & 0xc0 != 0x80).count() as u64
}

/// The spot `offset` bytes into `text`, which begins at `start`.
pub fn spot_within(start: Spot, text: &[u8], offset: usize) -> Spot {
    let before = &text[..offset.min(text.len())];
    let narrow = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    match before.iter().rposition(|b| *b == b'\n') {
        Some(last) => Spot {
            line: start.line.saturating_add(narrow(before.iter().filter(|b| **b == b'\n').count() as u64)),
            column: narrow(1 + characters(&before[last + 1..])),
        },
        None => Spot { line: start.line, column: start.column.saturating_add(narrow(characters(before))) },
    }
}
