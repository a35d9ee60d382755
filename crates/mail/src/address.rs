//! Addresses that carry a token: where bounces, unsubscribe mail and replies come back.
//!
//! `b+<token>@bounce.example.com` is the return path of one message (VERP), `u+…` its unsubscribe
//! address, `r+…` its reply address. The token is base32 in lower case, because hosts on the way change
//! the case of local parts; it holds opaque octets with a MAC and no address. A local part has at most
//! 64 octets (RFC 5321 section 4.5.3.1.1), which leaves 38 for payload and MAC together.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use kernel::{DeliveryId, Email, RawId, WorkspaceId};
use store::{Core, WorkspaceKeys};

/// Most octets of a token, payload and MAC together.
pub const TOKEN: usize = 38;

/// What an address with a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The return path: delivery reports and complaints.
    Bounce,
    /// The mailto of List-Unsubscribe.
    Unsubscribe,
    /// Where the recipient's answer goes.
    Reply,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Bounce, Self::Unsubscribe, Self::Reply];

    const fn prefix(self) -> char {
        match self {
            Self::Bounce => 'b',
            Self::Unsubscribe => 'u',
            Self::Reply => 'r',
        }
    }

    /// The label under which tokens of this kind are signed, so that one cannot be used as another.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Bounce => "mail.bounce",
            Self::Unsubscribe => "mail.unsubscribe",
            Self::Reply => "mail.reply",
        }
    }
}

/// Signs payloads into tokens and back. The workspace's keys do it; tests use their own.
pub trait Tokens: Send + Sync {
    /// Payload and MAC together, at most [`TOKEN`] octets; `None` when the payload is too long.
    fn sign(&self, kind: Kind, payload: &[u8]) -> Option<Vec<u8>>;
    /// The payload of a token whose MAC is right.
    fn verify(&self, kind: Kind, token: &[u8]) -> Option<Vec<u8>>;
}

impl Tokens for WorkspaceKeys {
    fn sign(&self, kind: Kind, payload: &[u8]) -> Option<Vec<u8>> {
        let mac = self.mac(kind.label(), payload);
        (payload.len() + mac.len() <= TOKEN).then(|| [payload, &mac].concat())
    }

    fn verify(&self, kind: Kind, token: &[u8]) -> Option<Vec<u8>> {
        Self::verify(self, kind.label(), &BASE64URL_NOPAD.encode(token))
    }
}

/// Octets of a workspace's id inside a payload. All of it would not fit; its last octets are random,
/// and a token that fits a second workspace by chance does not verify there.
const HINT: usize = 6;

/// The payload that names a delivery.
pub fn delivery_payload(workspace: WorkspaceId, delivery: DeliveryId) -> [u8; 22] {
    let mut payload = [0; 22];
    payload[..HINT].copy_from_slice(&workspace.0[16 - HINT..]);
    payload[HINT..].copy_from_slice(&delivery.0);
    payload
}

/// Which delivery a token names, if it is one of ours.
pub async fn delivery_of(core: &Core, found: &Found) -> store::Result<Option<(WorkspaceId, DeliveryId)>> {
    let Some(octets) = found.octets().filter(|octets| octets.len() == TOKEN) else { return Ok(None) };
    for workspace in core.vault.workspaces().await? {
        if workspace.0[16 - HINT..] != octets[..HINT] {
            continue;
        }
        let keys = core.vault.keys(workspace).await?;
        if let Some(payload) = Tokens::verify(keys.as_ref(), found.kind, &octets)
            && let Some(delivery) = payload.get(HINT..).and_then(|raw| RawId::try_from(raw).ok())
        {
            return Ok(Some((workspace, DeliveryId(delivery))));
        }
    }
    Ok(None)
}

/// The local part `<kind>+<token>`; `None` when the payload is too long. As the left part of a Message-ID
/// (kind [`Kind::Reply`]) it lets an answer be matched by what it refers to.
pub fn local_part(tokens: &dyn Tokens, kind: Kind, payload: &[u8]) -> Option<String> {
    let token = tokens.sign(kind, payload).filter(|token| token.len() <= TOKEN)?;
    let mut text = String::with_capacity(2 + BASE32_NOPAD.encode_len(token.len()));
    text.push(kind.prefix());
    text.push('+');
    BASE32_NOPAD.encode_append(&token, &mut text);
    text.make_ascii_lowercase();
    Some(text)
}

/// The address for `payload` under `domain` (A-label); `None` when it would be no valid address.
pub fn with_token(tokens: &dyn Tokens, kind: Kind, payload: &[u8], domain: &str) -> Option<Email> {
    Email::parse(&format!("{}@{domain}", local_part(tokens, kind, payload)?)).ok()
}

/// A token as it stands in an address, not verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What the address is for.
    pub kind: Kind,
    /// The token's text, in lower case.
    pub text: String,
}

impl Found {
    /// Reads a local part (or a whole address).
    pub fn in_address(address: &str) -> Option<Self> {
        let local = address.split('@').next()?;
        let mut characters = local.chars();
        let first = characters.next()?.to_ascii_lowercase();
        let kind = Kind::ALL.into_iter().find(|kind| kind.prefix() == first)?;
        let text = characters.as_str().strip_prefix('+')?.to_ascii_lowercase();
        let plausible = (16..=62).contains(&text.len()) && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'));
        plausible.then_some(Self { kind, text })
    }

    /// The octets of the token.
    pub fn octets(&self) -> Option<Vec<u8>> {
        BASE32_NOPAD.decode(self.text.to_ascii_uppercase().as_bytes()).ok()
    }

    /// The payload, if the MAC is right.
    pub fn verify(&self, tokens: &dyn Tokens) -> Option<Vec<u8>> {
        tokens.verify(self.kind, &self.octets()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::hmac;
    use proptest::prelude::*;

    struct Keyed(hmac::Key);

    impl Keyed {
        fn mac(&self, kind: Kind, payload: &[u8]) -> Vec<u8> {
            hmac::sign(&self.0, &[kind.label().as_bytes(), b"\0", payload].concat()).as_ref()[..16].to_vec()
        }
    }

    impl Tokens for Keyed {
        fn sign(&self, kind: Kind, payload: &[u8]) -> Option<Vec<u8>> {
            Some([payload, &self.mac(kind, payload)].concat())
        }
        fn verify(&self, kind: Kind, token: &[u8]) -> Option<Vec<u8>> {
            let (payload, mac) = token.split_at_checked(token.len().checked_sub(16)?)?;
            (self.mac(kind, payload) == mac).then(|| payload.to_vec())
        }
    }

    fn tokens() -> Keyed {
        Keyed(hmac::Key::new(hmac::HMAC_SHA256, b"key"))
    }

    #[test]
    fn a_token_survives_a_change_of_case_and_no_change_of_kind() {
        let payload = [7_u8; 22];
        let address = with_token(&tokens(), Kind::Bounce, &payload, "bounce.example.com").unwrap();
        assert!(address.local().len() <= 64);
        let found = Found::in_address(&address.wire().to_uppercase()).unwrap();
        assert_eq!(found.verify(&tokens()).unwrap(), payload);
        let other = Found { kind: Kind::Reply, ..found };
        assert_eq!(other.verify(&tokens()), None);
        assert!(with_token(&tokens(), Kind::Bounce, &[7; 23], "bounce.example.com").is_none());
    }

    proptest! {
        #[test]
        fn any_address_is_survived(text in "[bur]\\+?\\PC{0,70}(@\\PC{0,20})?") {
            if let Some(found) = Found::in_address(&text) {
                prop_assert_eq!(found.verify(&tokens()), None);
            }
        }
    }
}
