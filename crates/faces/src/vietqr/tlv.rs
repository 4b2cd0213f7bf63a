//! Data objects of EMVCo QR codes: two digits of tag, two digits of length in characters, the value.

use super::{PAYLOAD_MAX, VietQrFault, crc16};

/// Tag and length of the checksum, which covers themselves.
const CRC_HEAD: &str = "6304";

#[derive(Debug, Default)]
pub(super) struct Writer(String);

impl Writer {
    pub fn put(&mut self, tag: &'static str, value: &str) -> Result<&mut Self, VietQrFault> {
        let length = value.chars().count();
        if length > 99 {
            return Err(VietQrFault::TooLong { part: tag, length, max: 99 });
        }
        self.0 += &format!("{tag}{length:02}{value}");
        Ok(self)
    }

    pub fn put_some(&mut self, tag: &'static str, value: Option<&str>) -> Result<&mut Self, VietQrFault> {
        match value {
            Some(value) => self.put(tag, value),
            None => Ok(self),
        }
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    /// With the checksum at its end.
    pub fn sealed(mut self) -> String {
        self.0 += CRC_HEAD;
        let crc = crc16(self.0.as_bytes());
        self.0 += &format!("{crc:04X}");
        self.0
    }
}

/// The objects of a whole code, checksum first verified.
pub(super) fn read_sealed(payload: &str) -> Result<Vec<(&str, &str)>, VietQrFault> {
    if payload.len() > PAYLOAD_MAX {
        return Err(VietQrFault::TooLong { part: "payload", length: payload.len(), max: PAYLOAD_MAX });
    }
    let cut = payload.len().checked_sub(4).filter(|cut| payload.is_char_boundary(*cut));
    let (body, said) = payload.split_at(cut.ok_or(VietQrFault::Missing("63"))?);
    if !body.ends_with(CRC_HEAD) {
        return Err(VietQrFault::Missing("63"));
    }
    let counted = format!("{:04X}", crc16(body.as_bytes()));
    if !said.eq_ignore_ascii_case(&counted) {
        return Err(VietQrFault::Checksum { said: said.to_owned(), counted });
    }
    let objects = read(payload)?;
    match objects.last() {
        Some(("63", _)) if objects[0].0 == "00" => Ok(objects),
        _ => Err(VietQrFault::Order),
    }
}

/// The objects of a text, each tag at most once.
pub(super) fn read(text: &str) -> Result<Vec<(&str, &str)>, VietQrFault> {
    let mut objects: Vec<(&str, &str)> = Vec::new();
    let mut rest = text;
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    while !rest.is_empty() {
        let at = text.len() - rest.len();
        let head = rest.get(..4).filter(|head| digits(head)).ok_or(VietQrFault::Cut { at })?;
        let (tag, length) = head.split_at(2);
        let length: usize = length.parse().map_err(|_| VietQrFault::Cut { at })?;
        let tail = &rest[4..];
        let end = if tail.is_ascii() { Some(length) } else { tail.char_indices().map(|(i, _)| i).chain([tail.len()]).nth(length) };
        let value = end.and_then(|end| tail.get(..end)).ok_or(VietQrFault::Cut { at })?;
        if find(&objects, tag).is_some() {
            return Err(VietQrFault::Twice(tag.to_owned()));
        }
        objects.push((tag, value));
        rest = &tail[value.len()..];
    }
    Ok(objects)
}

pub(super) fn find<'a>(objects: &[(&str, &'a str)], tag: &str) -> Option<&'a str> {
    objects.iter().find(|(t, _)| *t == tag).map(|(_, value)| *value)
}
