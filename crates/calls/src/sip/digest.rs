//! Digest authentication (RFC 7616, RFC 8760): how a trunk knows that it is us.

use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use md5::Digest;

use super::message::Message;
use super::params::{quote, split, unquote};

/// A hash that both sides know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// What nearly every trunk still uses.
    Md5,
    /// What RFC 8760 wants.
    Sha256,
}

impl Algorithm {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    fn hash(self, text: &str) -> String {
        match self {
            Self::Md5 => HEXLOWER.encode(&md5::Md5::digest(text.as_bytes())),
            Self::Sha256 => {
                HEXLOWER.encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes()).as_ref())
            }
        }
    }
}

/// A user and a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Who.
    pub user: String,
    /// The secret.
    pub password: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:…", self.user)
    }
}

/// What the other side wants proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// For which realm.
    pub realm: String,
    /// Its nonce.
    pub nonce: String,
    /// What it wants back as it is.
    pub opaque: Option<String>,
    /// With which hash.
    pub algorithm: Algorithm,
    /// The session form of the hash.
    pub session: bool,
    /// Whether it knows `qop=auth`.
    pub qop: bool,
    /// The secret was right and only the nonce too old.
    pub stale: bool,
    /// Whether a proxy asks.
    pub proxy: bool,
}

impl Challenge {
    /// The challenge of a 401 or 407 that we can answer: the first whose hash we know, for the other side
    /// names them in its order of preference.
    pub fn of(response: &Message) -> Option<Self> {
        let proxy = match response.status()? {
            401 => false,
            407 => true,
            _ => return None,
        };
        let name = if proxy { "Proxy-Authenticate" } else { "WWW-Authenticate" };
        response.headers.all(name).find_map(|value| Self::parse(value, proxy))
    }

    fn parse(value: &str, proxy: bool) -> Option<Self> {
        let (scheme, rest) = value.trim().split_once(|c: char| c.is_ascii_whitespace())?;
        if !scheme.eq_ignore_ascii_case("Digest") {
            return None;
        }
        let mut fields = Vec::new();
        for part in split(rest, ',')? {
            if let Some((name, value)) = part.split_once('=') {
                fields.push((name.trim().to_ascii_lowercase(), unquote(value.trim())?));
            }
        }
        let get = |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let algorithm = get("algorithm").unwrap_or_else(|| "MD5".to_owned()).to_ascii_uppercase();
        let (plain, session) = match algorithm.strip_suffix("-SESS") {
            Some(plain) => (plain, true),
            None => (algorithm.as_str(), false),
        };
        let algorithm = match plain {
            "MD5" => Algorithm::Md5,
            "SHA-256" => Algorithm::Sha256,
            _ => return None,
        };
        let qop = match get("qop") {
            None => false,
            Some(known) if known.split(',').any(|one| one.trim().eq_ignore_ascii_case("auth")) => true,
            Some(_) => return None,
        };
        let stale = get("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true"));
        let (realm, nonce) = (get("realm")?, get("nonce")?);
        let long = |text: &str| text.len() > 2048;
        if long(&realm) || long(&nonce) {
            return None;
        }
        Some(Self { realm, nonce, opaque: get("opaque"), algorithm, session, qop, stale, proxy })
    }

    /// The name of the header field that answers.
    pub const fn header(&self) -> &'static str {
        if self.proxy { "Proxy-Authorization" } else { "Authorization" }
    }
}

/// The answer to a challenge. `count` says how often this nonce was used, from 1; `cnonce` is ours.
pub fn authorization(
    challenge: &Challenge,
    credentials: &Credentials,
    (method, uri): (&str, &str),
    (count, cnonce): (u32, &str),
) -> String {
    let hash = |text: String| challenge.algorithm.hash(&text);
    let Challenge { realm, nonce, .. } = challenge;
    let mut first = hash(format!("{}:{realm}:{}", credentials.user, credentials.password));
    if challenge.session {
        first = hash(format!("{first}:{nonce}:{cnonce}"));
    }
    let second = hash(format!("{method}:{uri}"));
    let response = if challenge.qop {
        hash(format!("{first}:{nonce}:{count:08x}:{cnonce}:auth:{second}"))
    } else {
        hash(format!("{first}:{nonce}:{second}"))
    };
    let mut out = format!(
        "Digest username={}, realm={}, nonce={}, uri={}, response=\"{response}\", algorithm={}{}",
        quote(&credentials.user),
        quote(realm),
        quote(nonce),
        quote(uri),
        challenge.algorithm.as_str(),
        if challenge.session { "-sess" } else { "" },
    );
    if challenge.qop {
        let _ = write!(out, ", qop=auth, nc={count:08x}, cnonce=\"{cnonce}\"");
    } else if challenge.session {
        let _ = write!(out, ", cnonce=\"{cnonce}\"");
    }
    if let Some(opaque) = &challenge.opaque {
        let _ = write!(out, ", opaque={}", quote(opaque));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, Challenge, Credentials, authorization};

    /// RFC 7616 section 3.9.1, with both hashes.
    #[test]
    fn the_standards_own_example_is_met() {
        let credentials = Credentials { user: "Mufasa".into(), password: "Circle of Life".into() };
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        let expected = [
            (Algorithm::Md5, "8ca523f5e9506fed4657c9700eebdbec"),
            (Algorithm::Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ];
        for (algorithm, response) in expected {
            let challenge = Challenge {
                realm: "http-auth@example.org".into(),
                nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v".into(),
                opaque: Some("FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS".into()),
                algorithm,
                session: false,
                qop: true,
                stale: false,
                proxy: false,
            };
            let answer = authorization(&challenge, &credentials, ("GET", "/dir/index.html"), (1, cnonce));
            assert!(answer.contains(&format!("response=\"{response}\"")), "{answer}");
        }
    }

    #[test]
    fn challenges_are_read_and_unknown_ones_passed_over() {
        let read = |text| Challenge::parse(text, true);
        let one =
            read(r#"Digest realm="a, b", nonce="n\"x", qop="auth-int,auth", algorithm=SHA-256, stale=TRUE"#).unwrap();
        assert_eq!((one.realm.as_str(), one.nonce.as_str(), one.qop, one.stale), ("a, b", "n\"x", true, true));
        assert_eq!(one.header(), "Proxy-Authorization");
        for text in [
            "Basic realm=\"x\"",
            "Digest",
            "Digest realm=\"x\"",
            "Digest realm=\"x, nonce=1",
            "Digest realm=\"x\", nonce=\"1\", algorithm=SHA-512-256",
            "Digest realm=\"x\", nonce=\"1\", qop=auth-int",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
