//! Pictures without what cameras write into them: where and when somebody was photographed is nobody's business.

/// What a picture is, by its first octets.
pub(super) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    crate::files::sniff(bytes).filter(|found| matches!(*found, "image/png" | "image/jpeg" | "image/webp"))
}

/// The same picture without notes; none when its parts cannot be told apart.
pub(super) fn bare(bytes: &[u8]) -> Option<Vec<u8>> {
    match media_type(bytes)? {
        "image/png" => png(bytes),
        "image/jpeg" => jpeg(bytes),
        _ => webp(bytes),
    }
}

fn part(bytes: &[u8], from: usize, length: usize) -> Option<&[u8]> {
    bytes.get(from..from.checked_add(length)?)
}

/// Keeps the chunks that a browser needs to draw it (PNG, third edition, section 5).
fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    const DRAWN: [&[u8]; 10] =
        [b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP"];
    let mut out = part(bytes, 0, 8)?.to_vec();
    let mut at = 8;
    loop {
        let length = u32::from_be_bytes(part(bytes, at, 4)?.try_into().ok()?) as usize;
        let kind = part(bytes, at + 4, 4)?;
        let whole = part(bytes, at, length.checked_add(12)?)?;
        if DRAWN.contains(&kind) {
            out.extend_from_slice(whole);
        }
        if kind == b"IEND" {
            return Some(out);
        }
        at += whole.len();
    }
}

/// Drops application segments and comments, except the two that say how colours are meant (ITU-T T.81, B.2.4).
fn jpeg(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = part(bytes, 0, 2)?.to_vec();
    let mut at = 2;
    loop {
        let marker = match part(bytes, at, 2)? {
            [0xff, 0xff] => {
                at += 1;
                continue;
            }
            [0xff, marker] => *marker,
            _ => return None,
        };
        if marker == 0xda {
            // From the first scan on there are no notes that a browser reads.
            let rest = bytes.get(at..)?;
            let end = rest.windows(2).rposition(|pair| pair == [0xff, 0xd9])?;
            out.extend_from_slice(&rest[..end + 2]);
            return Some(out);
        }
        let length = u16::from_be_bytes(part(bytes, at + 2, 2)?.try_into().ok()?) as usize;
        if length < 2 {
            return None;
        }
        let whole = part(bytes, at, length + 2)?;
        let noted = (0xe1..=0xef).contains(&marker) && !matches!(marker, 0xe2 | 0xee) || marker == 0xfe;
        if !noted {
            out.extend_from_slice(whole);
        }
        at += whole.len();
    }
}

/// Drops EXIF and XMP chunks (WebP container, section 2.7).
fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut out = part(bytes, 0, 12)?.to_vec();
    let end = u32::from_le_bytes(part(bytes, 4, 4)?.try_into().ok()?) as usize + 8;
    if end > bytes.len() {
        return None;
    }
    let mut at = 12;
    while at < end {
        let kind = part(bytes, at, 4)?;
        let length = u32::from_le_bytes(part(bytes, at + 4, 4)?.try_into().ok()?) as usize;
        let padded = length.checked_add(length % 2)?;
        let whole = part(bytes, at, padded.checked_add(8)?)?;
        if !matches!(kind, b"EXIF" | b"XMP ") {
            let begin = out.len();
            out.extend_from_slice(whole);
            if kind == b"VP8X"
                && let Some(flags) = out.get_mut(begin + 8)
            {
                // It has neither EXIF nor XMP any more.
                *flags &= !0x0c;
            }
        }
        at += whole.len();
    }
    let size = u32::try_from(out.len() - 8).ok()?;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    Some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chunk(kind: &[u8], data: &[u8]) -> Vec<u8> {
        [&(data.len() as u32).to_be_bytes()[..], kind, data, &[0; 4]].concat()
    }

    #[test]
    fn what_the_camera_wrote_is_gone() {
        let png = [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(b"IHDR", &[1; 13]),
            chunk(b"eXIf", b"HOME"),
            chunk(b"tEXt", b"HOME"),
            chunk(b"IDAT", b"x"),
            chunk(b"IEND", b""),
            b"HOME".to_vec(),
        ]
        .concat();
        let out = bare(&png).unwrap();
        assert!(out.ends_with(&chunk(b"IEND", b"")) && !out.windows(4).any(|part| part == b"HOME"));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04JF\xff\xe1\0\x06HOME\xff\xfe\0\x06HOME\xff\xdb\0\x03q\xff\xda\0\x02data\xff\xd9HOME";
        assert_eq!(bare(jpeg).unwrap(), b"\xff\xd8\xff\xe0\0\x04JF\xff\xdb\0\x03q\xff\xda\0\x02data\xff\xd9");
        let body =
            [&b"WEBPVP8X\x0a\0\0\0\x0c\0\0\0\0\0\0\0\0\0"[..], b"EXIF\x04\0\0\0HOME", b"VP8 \x02\0\0\0xy"].concat();
        let webp = [&b"RIFF"[..], &(body.len() as u32).to_le_bytes(), &body].concat();
        let out = bare(&webp).unwrap();
        assert!(!out.windows(4).any(|part| part == b"HOME") && out[20] == 0 && out.ends_with(b"xy"));
        assert!(bare(b"GIF89a").is_none() && bare(b"").is_none() && bare(&png[..30]).is_none());
    }

    proptest! {
        #[test]
        fn no_octets_are_too_much(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), head in 0..3_usize) {
            let heads: [&[u8]; 3] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe1", b"RIFF\x20\0\0\0WEBP"];
            let mut all = heads[head].to_vec();
            all.append(&mut bytes);
            if let Some(out) = bare(&all) {
                prop_assert!(out.len() <= all.len());
            }
        }
    }
}
