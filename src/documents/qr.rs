//! A code for checking as a picture: a QR code as PNG, black and white. PURE.

use std::io::Read;

use flate2::{Compression, read::ZlibEncoder};
use qrcodegen::{QrCode, QrCodeEcc};

/// Pixels of a module, and modules of white around.
const SCALE: usize = 8;
const QUIET: usize = 4;

/// The picture of a text; of nothing, where the text is longer than any code holds.
pub fn png(text: &str) -> Vec<u8> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok();
    let modules = code.as_ref().map_or(0, |code| code.size() as usize);
    let side = (modules + 2 * QUIET) * SCALE;
    let is_dark = |x: usize, y: usize| {
        let at = |pixel: usize| (pixel / SCALE) as i32 - QUIET as i32;
        code.as_ref().is_some_and(|code| code.get_module(at(x), at(y)))
    };
    let mut lines = Vec::new();
    for y in 0..side {
        lines.push(0);
        lines.extend(
            (0..side.div_ceil(8))
                .map(|byte| (0..8).fold(0_u8, |bits, bit| bits << 1 | u8::from(!is_dark(byte * 8 + bit, y)))),
        );
    }
    let size = (side as u32).to_be_bytes();
    let header = [&size[..], &size, &[1, 0, 0, 0, 0]].concat();
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut packed = Vec::new();
    let mut packing = ZlibEncoder::new(lines.as_slice(), Compression::best());
    packing.read_to_end(&mut packed).expect("bytes in memory are read");
    for (name, data) in [(b"IHDR", header), (b"IDAT", packed), (b"IEND", Vec::new())] {
        let body = [&name[..], &data].concat();
        out.extend((data.len() as u32).to_be_bytes());
        out.extend(&body);
        out.extend(crc32fast::hash(&body).to_be_bytes());
    }
    out
}
