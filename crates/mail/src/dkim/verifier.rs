//! Verifying the signatures of a message that came in (RFC 6376 section 6, RFC 8301, RFC 8463).

use std::collections::HashMap;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{ED25519, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, UnparsedPublicKey};
use data_encoding::BASE64;
use kernel::Timestamp;

use super::canonical;
use crate::dns::Texts;

/// Most signatures of one message that are looked at.
const MOST: usize = 8;
/// Most fields that one signature covers.
const FIELDS: usize = 200;

/// What became of one signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The domain signed these very octets.
    Pass,
    /// It did not; why, in a word.
    Fail(&'static str),
    /// Its key could not be looked up.
    Unavailable,
}

/// A signature, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The domain that signs (`d=`), in lower case.
    pub domain: String,
    /// Under which name its key is published (`s=`).
    pub selector: String,
    /// Whether it holds.
    pub check: Check,
}

/// Verifies the signatures of a message, the first [`MOST`] of them. Never fails: what is wrong stands in the result.
pub async fn verify(message: &[u8], keys: &dyn Texts, now: Timestamp) -> Vec<Signature> {
    let (fields, body) = canonical::split(message);
    let mut all = Vec::new();
    for (at, (_, value)) in fields.iter().enumerate().filter(|(_, (name, _))| is(name, "dkim-signature")).take(MOST) {
        let (mut domain, mut selector) = (String::new(), String::new());
        let check = match Tags::read(value) {
            None => Check::Fail("malformed"),
            Some(tags) => {
                (domain, selector) = (tags.get("d").to_ascii_lowercase(), tags.get("s").to_ascii_lowercase());
                one(&tags, (&fields, at), body, keys, now).await
            }
        };
        all.push(Signature { domain, selector, check });
    }
    all
}

fn is(name: &str, other: &str) -> bool {
    name.eq_ignore_ascii_case(other)
}

type Fields<'a> = Vec<(&'a str, &'a [u8])>;

async fn one(tags: &Tags, (fields, at): (&Fields<'_>, usize), body: &[u8], keys: &dyn Texts, now: Timestamp) -> Check {
    if let Err(why) = tags.sound(now) {
        return Check::Fail(why);
    }
    let (of_header, of_body) = tags.get("c").split_once('/').unwrap_or((tags.get("c"), "simple"));
    let (relaxed, body) = match (of_header, of_body) {
        ("relaxed", "relaxed") => (true, canonical::body(body)),
        ("relaxed", "simple") => (true, canonical::simple_body(body)),
        ("simple" | "", "relaxed") => (false, canonical::body(body)),
        ("simple" | "", "simple" | "") => (false, canonical::simple_body(body)),
        _ => return Check::Fail("canonicalisation"),
    };
    let hash = BASE64.encode(digest::digest(&digest::SHA256, &body).as_ref());
    if hash != tags.get("bh") {
        return Check::Fail("body");
    }
    let Ok(signature) = BASE64.decode(tags.get("b").as_bytes()) else { return Check::Fail("malformed") };
    let data = signed(tags, fields, at, relaxed);
    let name = format!("{}._domainkey.{}", tags.get("s"), tags.get("d"));
    let Ok(records) = keys.texts(&name).await else { return Check::Unavailable };
    let records: Vec<Tags> = records.iter().filter_map(|record| Tags::read(record.as_bytes())).collect();
    if records.is_empty() {
        return Check::Fail("no key");
    }
    if records.iter().any(|record| holds(tags, record, &data, &signature)) {
        Check::Pass
    } else {
        Check::Fail("signature")
    }
}

/// Whether the signature is by the key of this record.
fn holds(tags: &Tags, record: &Tags, data: &[u8], signature: &[u8]) -> bool {
    let key_type = record.or("k", "rsa");
    let is_for = |tag, default, wanted: &[&str]| record.or(tag, default).split(':').any(|part| wanted.contains(&part));
    if record.or("v", "DKIM1") != "DKIM1" || !is_for("h", "sha256", &["sha256"]) || !is_for("s", "*", &["*", "email"]) {
        return false;
    }
    // Strict keys sign for their own domain only, not for those below it.
    if record.get("t").split(':').any(|flag| flag == "s") && tags.has("i") && tags.identity() != tags.get("d") {
        return false;
    }
    let Ok(key) = BASE64.decode(record.get("p").as_bytes()) else { return false };
    match (tags.get("a"), key_type) {
        ("rsa-sha256", "rsa") => {
            UnparsedPublicKey::new(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, key).verify(data, signature).is_ok()
        }
        ("ed25519-sha256", "ed25519") => {
            let digest = digest::digest(&digest::SHA256, data);
            UnparsedPublicKey::new(&ED25519, key).verify(digest.as_ref(), signature).is_ok()
        }
        _ => false,
    }
}

/// The octets that were signed: the fields named in `h=`, of several with one name the last first, and the signature's
/// own without its value.
fn signed(tags: &Tags, fields: &Fields<'_>, at: usize, relaxed: bool) -> Vec<u8> {
    let mut data = Vec::with_capacity(2048);
    let mut taken = vec![false; fields.len()];
    for name in tags.get("h").split(':').take(FIELDS) {
        let found = (0..fields.len()).rev().find(|index| !taken[*index] && is(fields[*index].0, name));
        let Some(found) = found else { continue };
        taken[found] = true;
        let (name, value) = fields[found];
        put(&mut data, name, value, relaxed);
        data.extend_from_slice(b"\r\n");
    }
    let (name, value) = fields[at];
    put(&mut data, name, &without_signature(value), relaxed);
    data
}

fn put(data: &mut Vec<u8>, name: &str, value: &[u8], relaxed: bool) {
    if relaxed {
        canonical::header(data, name, value);
    } else {
        data.extend_from_slice(name.as_bytes());
        data.push(b':');
        let value = value.strip_suffix(b"\n").unwrap_or(value);
        data.extend_from_slice(value.strip_suffix(b"\r").unwrap_or(value));
    }
}

/// The field's value with nothing after `b=`.
fn without_signature(value: &[u8]) -> Vec<u8> {
    let tags = value.split(|octet| *octet == b';').map(|tag| {
        let end = tag.iter().position(|octet| *octet == b'=').filter(|end| tag[..*end].trim_ascii() == b"b");
        end.map_or(tag, |end| &tag[..=end])
    });
    tags.collect::<Vec<_>>().join(&b';')
}

/// `name=value` pairs (RFC 6376 section 3.2), without white space.
pub(crate) struct Tags(HashMap<String, String>);

impl Tags {
    /// Reads a list; `None` when it is none, or names one thing twice.
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok().filter(|text| text.len() <= 16 * 1024)?;
        let mut tags = HashMap::new();
        for tag in text.split(';').filter(|tag| !tag.trim().is_empty()) {
            let (name, value) = tag.split_once('=')?;
            let value = value.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            if tags.insert(name.trim().to_owned(), value).is_some() {
                return None;
            }
        }
        Some(Self(tags))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// A value; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(crate) fn or<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        self.0.get(name).map_or(default, String::as_str)
    }

    /// The domain of `i=`.
    fn identity(&self) -> &str {
        self.get("i").rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether a signature says all that it must and nothing that weakens it.
    fn sound(&self, now: Timestamp) -> Result<(), &'static str> {
        let domain = self.get("d").to_ascii_lowercase();
        let identity = self.identity().to_ascii_lowercase();
        let below = identity == domain || identity.strip_suffix(&domain).is_some_and(|rest| rest.ends_with('.'));
        let expires: Option<i64> =
            Some(self.get("x")).filter(|text| !text.is_empty()).and_then(|text| text.parse().ok());
        if self.get("v") != "1" || !is_host(&domain) || !is_host(self.get("s")) || self.get("b").is_empty() {
            Err("malformed")
        } else if !self.get("h").split(':').any(|name| is(name, "from")) {
            Err("from is not signed")
        } else if self.has("l") {
            // What is added after the signed length would be taken for signed (RFC 6376 section 8.2).
            Err("a part of the body only")
        } else if self.has("i") && !below {
            Err("identity")
        } else if expires.is_some_and(|expires| expires < now.as_seconds()) {
            Err("expired")
        } else {
            Ok(())
        }
    }
}

/// Whether a name can be looked up: dotted labels of letters, digits, hyphens and underscores.
pub(crate) fn is_host(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'))
    };
    name.len() <= 230 && name.split('.').all(label)
}
