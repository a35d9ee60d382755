//! What a file is, by its first octets: PNG (W3C PNG 3), JPEG (ITU-T T.81), GIF (89a) and WebP (RFC 9649).
//! Only headers are read, nothing is decoded.

/// The longest side of a picture, in pixels.
pub const MAX_SIDE: u32 = 10_000;
/// The most pixels: more is a trap for whoever decodes it.
const MAX_PIXELS: u64 = 50_000_000;

/// A kind of picture that mail programs show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
}

impl Kind {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }
}

/// What a header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What it is.
    pub kind: Kind,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
}

/// Why a file is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// SVG.
    #[error("SVG may contain scripts, and mail programs do not show it: save the picture as PNG")]
    Svg,
    /// Something else.
    #[error("expected a PNG, JPEG, GIF or WebP picture")]
    Unknown,
    /// The file ends or errs before it says how large it is.
    #[error("the picture is damaged: its header cannot be read")]
    Damaged,
    /// More pixels than anybody shows.
    #[error("a picture has at most 10,000 pixels a side and 50 million in all")]
    Dimensions,
}

/// Looks what a file is.
///
/// # Errors
/// [`Refused`], with the reason.
pub fn sniff(bytes: &[u8]) -> Result<Seen, Refused> {
    let (kind, size) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        (Kind::Png, png(bytes))
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        (Kind::Jpeg, jpeg(bytes))
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        (Kind::Gif, pair(bytes, 6, u16::from_le_bytes))
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        (Kind::Webp, webp(bytes))
    } else {
        return Err(if is_svg(bytes) { Refused::Svg } else { Refused::Unknown });
    };
    let (width, height) = size.ok_or(Refused::Damaged)?;
    let sides = 1..=MAX_SIDE;
    if width == 0 || height == 0 {
        return Err(Refused::Damaged);
    }
    if !(sides.contains(&width) && sides.contains(&height)) || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Refused::Dimensions);
    }
    Ok(Seen { kind, width, height })
}

fn is_svg(bytes: &[u8]) -> bool {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    start.contains("<svg") || start.trim_start_matches('\u{FEFF}').trim_start().starts_with("<?xml")
}

/// Two 16-bit numbers.
fn pair(bytes: &[u8], at: usize, read: fn([u8; 2]) -> u16) -> Option<(u32, u32)> {
    let both: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some((read([both[0], both[1]]).into(), read([both[2], both[3]]).into()))
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if bytes.get(12..16)? != b"IHDR" {
        return None;
    }
    Some((number(16)?, number(20)?))
}

/// Walks the segments up to the frame header.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            // Fill octets before a marker.
            0xff => at += 1,
            // Markers without a segment.
            0x01 | 0xd0..=0xd7 => at += 2,
            // SOF0 to SOF15, without the tables and extensions between them.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let (height, width) = pair(bytes, at + 5, u16::from_be_bytes)?;
                return Some((width, height));
            }
            // The image data or the end before any frame header.
            0xd8..=0xda => return None,
            _ => {
                let length = u16::from_be_bytes(bytes.get(at + 2..at + 4)?.try_into().ok()?);
                if length < 2 {
                    return None;
                }
                at += 2 + usize::from(length);
            }
        }
    }
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8 " => {
            if bytes.get(23..26)? != b"\x9d\x01\x2a" {
                return None;
            }
            let (width, height) = pair(bytes, 26, u16::from_le_bytes)?;
            Some((width & 0x3fff, height & 0x3fff))
        }
        b"VP8L" => {
            if *bytes.get(20)? != 0x2f {
                return None;
            }
            let bits = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => {
            let three = |at: usize| {
                let octets = bytes.get(at..at + 3)?;
                Some(u32::from_le_bytes([octets[0], octets[1], octets[2], 0]) + 1)
            };
            Some((three(24)?, three(27)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &width.to_be_bytes(), &height.to_be_bytes()].concat()
    }

    #[test]
    fn each_kind_says_how_large_it_is() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc4\0\x03x\xff\xc2\0\x11\x08\x01\x02\x03\x04\x03".as_slice();
        let gif = b"GIF89a\x05\0\x07\x01rest".as_slice();
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x40\x01\xf0\x40".as_slice();
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x3f\xc1\x3b\0".as_slice();
        let extended = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x1f\x03\0\x57\x02\0".as_slice();
        for (bytes, kind, width, height) in [
            (png_of(640, 480).as_slice(), Kind::Png, 640, 480),
            (jpeg, Kind::Jpeg, 0x0304, 0x0102),
            (gif, Kind::Gif, 5, 263),
            (lossy, Kind::Webp, 320, 240),
            (lossless, Kind::Webp, 320, 240),
            (extended, Kind::Webp, 800, 600),
        ] {
            assert_eq!(sniff(bytes), Ok(Seen { kind, width, height }));
            // Cut short anywhere, it is refused, not guessed at.
            for end in 0..bytes.len().min(20) {
                assert!(sniff(&bytes[..end]).is_err() || kind == Kind::Gif, "{kind:?} {end}");
            }
        }
    }

    #[test]
    fn what_is_no_picture_is_refused_with_its_reason() {
        for (bytes, reason) in [
            (b"<svg xmlns='http://www.w3.org/2000/svg'>".as_slice(), Refused::Svg),
            (b"\xef\xbb\xbf<?xml version='1.0'?><x/>", Refused::Svg),
            (b"<html><script>", Refused::Unknown),
            (b"%PDF-1.7", Refused::Unknown),
            (b"", Refused::Unknown),
            (b"\xff\xd8\xff\xda\0\x02", Refused::Damaged),
            (b"\xff\xd8\xff\xe0\0\0\xff\xe0\0\0", Refused::Damaged),
        ] {
            assert_eq!(sniff(bytes), Err(reason));
        }
        assert_eq!(sniff(&png_of(0, 5)), Err(Refused::Damaged));
        assert_eq!(sniff(&png_of(u32::MAX, u32::MAX)), Err(Refused::Dimensions));
        assert_eq!(sniff(&png_of(9_000, 9_000)), Err(Refused::Dimensions));
        assert!(sniff(&png_of(10_000, 5_000)).is_ok());
    }

    proptest! {
        #[test]
        fn no_octets_panic(start in 0..6usize, rest: Vec<u8>) {
            let starts: [&[u8]; 6] =
                [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X", b"RIFF\0\0\0\0WEBPVP8 "];
            let _ = sniff(&[starts[start], &rest].concat());
        }
    }
}
