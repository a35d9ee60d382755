//! Digest access authentication (RFC 7616) for servers that want no Basic: MD5 and SHA-256, `qop=auth`.

use std::fmt::Write as _;

use aws_lc_rs::digest as sha;
use data_encoding::HEXLOWER;
use md5::{Digest as _, Md5};

/// What a server asks to be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    sha256: bool,
    qop: bool,
}

/// Keys and values of a header, commas inside quotes respected.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut rest = text.trim();
    while let Some((key, after)) = rest.split_once('=') {
        let key = key.trim().trim_start_matches(',').trim().to_ascii_lowercase();
        let after = after.trim_start();
        let (value, next) = if let Some(quoted) = after.strip_prefix('"') {
            let end = quoted.find('"').unwrap_or(quoted.len());
            (&quoted[..end], quoted.get(end + 1..).unwrap_or(""))
        } else {
            let end = after.find(',').unwrap_or(after.len());
            (after[..end].trim(), &after[end..])
        };
        out.push((key, value.to_owned()));
        rest = next.trim_start().trim_start_matches(',').trim_start();
        if out.len() > 20 {
            break;
        }
    }
    out
}

impl Challenge {
    /// Reads a `WWW-Authenticate` value that offers Digest.
    pub(super) fn read(header: &str) -> Option<Self> {
        let header = header.trim();
        let rest = header.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("digest ")).map(|_| &header[7..])?;
        let all = parameters(rest);
        let get = |name: &str| all.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let safe =
            |text: String| Some(text).filter(|text| !text.contains(['"', '\\', '\r', '\n']) && text.len() <= 512);
        let sha256 = match get("algorithm").map(|name| name.to_ascii_uppercase()).as_deref() {
            None | Some("MD5") => false,
            Some("SHA-256") => true,
            Some(_) => return None,
        };
        let qop = match get("qop") {
            None => false,
            Some(list) => list.split(',').any(|one| one.trim() == "auth").then_some(true)?,
        };
        Some(Self {
            realm: safe(get("realm")?)?,
            nonce: safe(get("nonce")?)?,
            opaque: get("opaque").and_then(safe),
            sha256,
            qop,
        })
    }

    fn hash(&self, text: &str) -> String {
        if self.sha256 {
            HEXLOWER.encode(sha::digest(&sha::SHA256, text.as_bytes()).as_ref())
        } else {
            HEXLOWER.encode(&Md5::digest(text.as_bytes()))
        }
    }

    /// The `Authorization` value. The nonce is used for one request only, so the client's own nonce need not be
    /// random.
    pub(super) fn answer(&self, (name, password): (&str, &str), method: &str, path: &str) -> String {
        let name: String = name.chars().filter(|c| !c.is_control() && !matches!(c, '"' | '\\')).collect();
        let first = self.hash(&format!("{name}:{}:{password}", self.realm));
        let second = self.hash(&format!("{method}:{path}"));
        let own = self.hash(&format!("{}:{path}", self.nonce));
        let own = &own[..16];
        let response = if self.qop {
            self.hash(&format!("{first}:{}:00000001:{own}:auth:{second}", self.nonce))
        } else {
            self.hash(&format!("{first}:{}:{second}", self.nonce))
        };
        let mut out = format!(
            "Digest username=\"{name}\", realm=\"{}\", nonce=\"{}\", uri=\"{path}\", response=\"{response}\", algorithm={}",
            self.realm,
            self.nonce,
            if self.sha256 { "SHA-256" } else { "MD5" }
        );
        if self.qop {
            let _ = write!(out, ", qop=auth, nc=00000001, cnonce=\"{own}\"");
        }
        if let Some(opaque) = &self.opaque {
            let _ = write!(out, ", opaque=\"{opaque}\"");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_older_form_gives_the_known_response() {
        // RFC 2069's example with its errata: no qop.
        let challenge = Challenge::read(
            "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
        )
        .unwrap();
        let answer = challenge.answer(("Mufasa", "Circle Of Life"), "GET", "/dir/index.html");
        assert!(answer.contains("response=\"670fd8c2df070c60b045671b8b24ff02\""), "{answer}");
    }

    #[test]
    fn what_cannot_be_answered_is_none() {
        for text in [
            "Basic realm=\"x\"",
            "Digest",
            "Digest realm=\"x\"",
            "Digest realm=\"x\", nonce=\"y\", qop=\"auth-int\"",
            "Digest realm=\"x\", nonce=\"y\", algorithm=MD5-sess",
        ] {
            assert_eq!(Challenge::read(text), None, "{text}");
        }
        assert!(
            Challenge::read("digest realm=\"a,b\", nonce=n, qop=\"auth-int, auth\", algorithm=SHA-256").unwrap().qop
        );
    }
}
