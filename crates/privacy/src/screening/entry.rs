//! One line of an opt-out list, as registers deliver them: an address, a domain, a telephone number,
//! or the SHA-1 or SHA-256 of an address.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use data_encoding::HEXLOWER_PERMISSIVE;
use kernel::{Email, Phone};
use store::{Blind, WorkspaceKeys};

use crate::rules::Country;
use crate::suppression;
use crate::vocabulary::Channel;

/// The ways in which a list names people, as bits.
pub(super) const PLAIN: u8 = 1;
pub(super) const SHA_1: u8 = 2;
pub(super) const SHA_256: u8 = 4;

/// What a line came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing, or a comment.
    Empty,
    /// Somebody, by the keyed hash they are kept under, and how they were named.
    Entry(Blind, u8),
    /// Something else.
    Unreadable,
}

/// Reads lines of one list.
pub(super) struct Reader<'k> {
    pub(super) keys: &'k WorkspaceKeys,
    pub(super) country: Country,
    pub(super) channel: Channel,
}

impl Reader<'_> {
    /// The first field of the line counts; the rest of it belongs to the register.
    pub(super) fn read(&self, line: &[u8]) -> Line {
        let Ok(text) = std::str::from_utf8(line) else { return Line::Unreadable };
        let text = text.trim_start_matches('\u{feff}').split([',', ';', '\t']).next().unwrap_or_default();
        let text = text.trim().trim_matches('"').trim();
        if text.is_empty() || text.starts_with('#') {
            return Line::Empty;
        }
        let found = if self.channel.is_phone() { self.number(text) } else { self.address(text) };
        found.map_or(Line::Unreadable, |(hash, form)| Line::Entry(hash, form))
    }

    fn number(&self, text: &str) -> Option<(Blind, u8)> {
        let phone = Phone::parse(text, Some(self.country.as_str())).ok()?;
        Some((suppression::phone_hash(self.keys, &phone), PLAIN))
    }

    fn address(&self, text: &str) -> Option<(Blind, u8)> {
        if let Some(bytes) = hex(text) {
            let form = if bytes.len() == 20 { SHA_1 } else { SHA_256 };
            return Some((of_digest(self.keys, &bytes), form));
        }
        if let Ok(email) = Email::parse(text) {
            return Some((suppression::email_hash(self.keys, &email), PLAIN));
        }
        // A whole domain stands as `@example.at` or `example.at`.
        let domain = text.strip_prefix('@').unwrap_or(text);
        if domain.contains('@') || !domain.contains('.') {
            return None;
        }
        let email = Email::parse(&format!("postmaster@{domain}")).ok()?;
        Some((suppression::domain_hash(self.keys, &email), PLAIN))
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    if !matches!(text.len(), 40 | 64) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()
}

fn of_digest(keys: &WorkspaceKeys, digest: &[u8]) -> Blind {
    keys.mac("opt-out list", digest)
}

/// Under which hashes an address in its normal form may stand on a list that names people in these
/// ways by digest: itself, or its domain with or without the sign before it.
pub(super) fn digests(keys: &WorkspaceKeys, normal: &str, forms: u8) -> Vec<Blind> {
    let domain = normal.rsplit('@').next().unwrap_or_default();
    let spellings = [normal.to_owned(), format!("@{domain}"), domain.to_owned()];
    let ways = [(SHA_1, &SHA1_FOR_LEGACY_USE_ONLY), (SHA_256, &SHA256)];
    let ways = ways.into_iter().filter(|(form, _)| forms & form != 0);
    ways.flat_map(|(_, way)| spellings.iter().map(|text| of_digest(keys, digest(way, text.as_bytes()).as_ref())))
        .collect()
}
