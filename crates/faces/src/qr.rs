//! QR codes as images: for a payment on a screen, for the tracking page on a printed paper.

use std::io::Write;

use flate2::{Compression, Crc, write::ZlibEncoder};
use qrcode::{EcLevel, QrCode, types::Color};

/// White modules around the code, as its standard demands.
const QUIET: usize = 4;
/// Pixels of one module in a PNG: 300 to 400 pixels for a payment.
const SCALE: usize = 8;

/// The text is longer than a code can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is too long for a QR code")]
pub struct TooLong;

/// Rows of modules, true = dark, with the white edge.
fn modules(text: &str) -> Result<Vec<Vec<bool>>, TooLong> {
    // M restores 15 %: enough for a folded paper, and still a coarse code that old phones read.
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| TooLong)?;
    let (width, colors) = (code.width(), code.to_colors());
    let dark = |x: usize, y: usize| {
        let inside = |v: usize| v.checked_sub(QUIET).filter(|v| *v < width);
        matches!((inside(x), inside(y)), (Some(x), Some(y)) if colors[y * width + x] == Color::Dark)
    };
    let size = width + 2 * QUIET;
    Ok((0..size).map(|y| (0..size).map(|x| dark(x, y)).collect()).collect())
}

/// A drawing that scales; it stands in a page as it is. One path, one unit for each module.
///
/// # Errors
/// [`TooLong`]
pub fn svg(text: &str) -> Result<String, TooLong> {
    let rows = modules(text)?;
    let size = rows.len();
    let mut path = String::new();
    for (y, row) in rows.iter().enumerate() {
        let mut x = 0;
        while x < size {
            let run = row[x..].iter().take_while(|dark| **dark).count();
            if run > 0 {
                path += &format!("M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    // Dark on white whatever the page's colours are, or a camera does not find it.
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

/// A picture of one bit for each pixel.
///
/// # Errors
/// [`TooLong`]
pub fn png(text: &str) -> Result<Vec<u8>, TooLong> {
    let rows = modules(text)?;
    let size = rows.len() * SCALE;
    let mut pixels = Vec::with_capacity(size * (size / 8 + 2));
    for row in &rows {
        // SCALE is 8: each module is one byte of its line. Before each line stands its filter, 0 = none.
        let line: Vec<u8> = std::iter::once(0).chain(row.iter().map(|dark| if *dark { 0 } else { 0xff })).collect();
        (0..SCALE).for_each(|_| pixels.extend_from_slice(&line));
    }
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    let packed = zlib.write_all(&pixels).and_then(|()| zlib.finish()).map_err(|_| TooLong)?;
    let side = u32::try_from(size).map_err(|_| TooLong)?.to_be_bytes();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    // Width, height, 1 bit of grey, and the three methods that the format has.
    chunk(&mut out, b"IHDR", &[&side[..], &side[..], &[1, 0, 0, 0, 0]].concat());
    chunk(&mut out, b"IDAT", &packed);
    chunk(&mut out, b"IEND", &[]);
    Ok(out)
}

fn chunk(out: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    out.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let mut crc = Crc::new();
    crc.update(name);
    crc.update(data);
    out.extend_from_slice(name);
    out.extend_from_slice(data);
    out.extend_from_slice(&crc.sum().to_be_bytes());
}
