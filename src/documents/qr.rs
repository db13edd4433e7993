//! A code for checking as a picture: a QR code as PNG, black and white, not compressed. PURE.

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
    for (name, data) in [(b"IHDR", header), (b"IDAT", stored(&lines)), (b"IEND", Vec::new())] {
        let body = [&name[..], &data].concat();
        out.extend((data.len() as u32).to_be_bytes());
        out.extend(&body);
        out.extend(crc32(&body).to_be_bytes());
    }
    out
}

/// A zlib stream that compresses nothing (RFC 1950, RFC 1951).
fn stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let blocks = data.chunks(0xffff);
    let last = blocks.len().saturating_sub(1);
    for (at, block) in blocks.enumerate() {
        let length = block.len() as u16;
        out.push(u8::from(at == last));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (a, b) = data.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    out.extend((b << 16 | a).to_be_bytes());
    out
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
    })
}
