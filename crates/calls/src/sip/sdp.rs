//! What is agreed about sound: SDP (RFC 4566), offer and answer (RFC 3264).

use std::fmt::Write;
use std::net::{IpAddr, SocketAddr};

/// Longest description that is read.
const LONGEST: usize = 32 * 1024;
/// Most media of a description.
const MOST_MEDIA: usize = 16;
/// The number under which we offer keys that are pressed (RFC 4733).
pub(crate) const EVENTS: u8 = 101;

/// How sound is written. Both have 8000 samples a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codec {
    /// G.711 µ-law.
    Pcmu,
    /// G.711 A-law.
    Pcma,
}

impl Codec {
    /// The payload type that stands for it everywhere (RFC 3551).
    pub const fn payload(self) -> u8 {
        match self {
            Self::Pcmu => 0,
            Self::Pcma => 8,
        }
    }

    /// The name in descriptions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pcmu => "PCMU",
            Self::Pcma => "PCMA",
        }
    }
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Both.
    #[default]
    SendRecv,
    /// Whoever wrote it.
    SendOnly,
    /// The other one.
    RecvOnly,
    /// Nobody.
    Inactive,
}

impl Direction {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SendRecv => "sendrecv",
            Self::SendOnly => "sendonly",
            Self::RecvOnly => "recvonly",
            Self::Inactive => "inactive",
        }
    }

    const fn reversed(self) -> Self {
        match self {
            Self::SendOnly => Self::RecvOnly,
            Self::RecvOnly => Self::SendOnly,
            same => same,
        }
    }
}

/// One `m=` line with what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Medium {
    kind: String,
    port: u16,
    protocol: String,
    formats: Vec<String>,
    connection: Option<IpAddr>,
    maps: Vec<(u8, String)>,
    direction: Option<Direction>,
}

/// A description of a session.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Description {
    connection: Option<IpAddr>,
    direction: Option<Direction>,
    media: Vec<Medium>,
}

impl Description {
    /// Reads a description; `None` when it is none.
    pub fn parse(octets: &[u8]) -> Option<Self> {
        if octets.len() > LONGEST {
            return None;
        }
        let text = String::from_utf8_lossy(octets);
        let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
        if lines.next()? != "v=0" {
            return None;
        }
        let mut all = Self::default();
        for line in lines {
            let (kind, value) = line.split_once('=')?;
            match kind {
                "m" => {
                    if all.media.len() == MOST_MEDIA {
                        return None;
                    }
                    all.media.push(medium(value)?);
                }
                "c" => {
                    // A name instead of an address would make us look it up: such media are not used.
                    let at = value.split_ascii_whitespace().nth(2).and_then(|at| at.split('/').next()?.parse().ok());
                    match all.media.last_mut() {
                        Some(medium) => medium.connection = at,
                        None => all.connection = at,
                    }
                }
                "a" => all.attribute(value),
                _ => {}
            }
        }
        Some(all)
    }

    fn attribute(&mut self, value: &str) {
        let direction = match value {
            "sendrecv" => Some(Direction::SendRecv),
            "sendonly" => Some(Direction::SendOnly),
            "recvonly" => Some(Direction::RecvOnly),
            "inactive" => Some(Direction::Inactive),
            _ => None,
        };
        let Some(medium) = self.media.last_mut() else {
            self.direction = direction.or(self.direction);
            return;
        };
        medium.direction = direction.or(medium.direction);
        let map = value.strip_prefix("rtpmap:").and_then(|map| map.split_once(' '));
        if let Some((number, name)) = map.and_then(|(number, name)| Some((number.parse::<u8>().ok()?, name))) {
            medium.maps.push((number, name.trim().to_ascii_uppercase()));
        }
    }

    /// The first sound that can be used, with its place among the media.
    fn audio(&self, codecs: &[Codec]) -> Option<(usize, Agreed)> {
        self.media.iter().enumerate().find_map(|(n, medium)| {
            if medium.kind != "audio" || medium.port == 0 || medium.protocol != "RTP/AVP" {
                return None;
            }
            let codec = medium.formats.iter().find_map(|format| {
                let number: u8 = format.parse().ok()?;
                let mapped = medium.maps.iter().find(|(of, _)| *of == number).map(|(_, name)| name.as_str());
                codecs.iter().copied().find(|codec| {
                    let name = format!("{}/8000", codec.as_str());
                    // Only the static numbers: nobody gives G.711 another one.
                    number == codec.payload()
                        && mapped.is_none_or(|mapped| mapped == name || mapped == name.clone() + "/1")
                })
            })?;
            let events = medium.formats.iter().find_map(|format| {
                let number: u8 = format.parse().ok().filter(|number| (96..128).contains(number))?;
                medium.maps.iter().any(|(of, name)| *of == number && name == "TELEPHONE-EVENT/8000").then_some(number)
            });
            let ip = medium.connection.or(self.connection)?;
            let mut theirs = medium.direction.or(self.direction).unwrap_or_default();
            // How calls were held before there was an attribute for it.
            if ip.is_unspecified() {
                theirs = if matches!(theirs, Direction::SendRecv) { Direction::SendOnly } else { theirs };
            }
            let ours = theirs.reversed();
            let send = matches!(ours, Direction::SendRecv | Direction::SendOnly) && !ip.is_unspecified();
            let receive = matches!(ours, Direction::SendRecv | Direction::RecvOnly);
            Some((
                n,
                Agreed { remote: SocketAddr::new(ip, medium.port), codec, events, send, receive, direction: ours },
            ))
        })
    }
}

fn medium(value: &str) -> Option<Medium> {
    let mut parts = value.split_ascii_whitespace();
    let (kind, port, protocol) = (parts.next()?, parts.next()?, parts.next()?);
    let port = port.split('/').next()?.parse().ok()?;
    Some(Medium {
        kind: kind.to_owned(),
        port,
        protocol: protocol.to_owned(),
        formats: parts.take(64).map(str::to_owned).collect(),
        connection: None,
        maps: Vec::new(),
        direction: None,
    })
}

/// What both sides know now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// Where our sound goes.
    pub remote: SocketAddr,
    /// How it is written.
    pub codec: Codec,
    /// The payload type of keys that are pressed, when the other side takes them.
    pub events: Option<u8>,
    /// Whether we send.
    pub send: bool,
    /// Whether we listen.
    pub receive: bool,
    /// The same as our description says it.
    pub direction: Direction,
}

/// Our side of the sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Local {
    /// The address we say.
    pub ip: IpAddr,
    /// The port we listen at.
    pub port: u16,
    /// What we can write, the best first.
    pub codecs: Vec<Codec>,
}

impl Local {
    /// Our offer. `session` and `version` name it (section 5 of RFC 3264: a change counts the version up).
    pub fn offer(&self, (session, version): (u64, u64)) -> Vec<u8> {
        let mut out = self.head((session, version));
        self.media(&mut out, &self.codecs, Some(EVENTS), Direction::SendRecv);
        out.into_bytes()
    }

    /// Our answer to an offer, and what is agreed by it; `None` when there is nothing in common.
    pub fn answer(&self, offer: &Description, name: (u64, u64)) -> Option<(Vec<u8>, Agreed)> {
        let (place, agreed) = offer.audio(&self.codecs)?;
        let mut out = self.head(name);
        for (n, medium) in offer.media.iter().enumerate() {
            if n == place {
                self.media(&mut out, &[agreed.codec], agreed.events, agreed.direction);
            } else {
                let formats = if medium.formats.is_empty() { "0".to_owned() } else { medium.formats.join(" ") };
                let _ = write!(out, "m={} 0 {} {formats}\r\n", medium.kind, medium.protocol);
            }
        }
        Some((out.into_bytes(), agreed))
    }

    /// What an answer to our offer agrees to.
    pub fn agree(&self, answer: &Description) -> Option<Agreed> {
        answer.audio(&self.codecs).map(|(_, agreed)| agreed)
    }

    fn head(&self, (session, version): (u64, u64)) -> String {
        let family = if self.ip.is_ipv4() { "IP4" } else { "IP6" };
        let ip = self.ip;
        format!("v=0\r\no=barid {session} {version} IN {family} {ip}\r\ns=-\r\nc=IN {family} {ip}\r\nt=0 0\r\n")
    }

    fn media(&self, out: &mut String, codecs: &[Codec], events: Option<u8>, direction: Direction) {
        let _ = write!(out, "m=audio {} RTP/AVP", self.port);
        for number in codecs.iter().map(|codec| codec.payload()).chain(events) {
            let _ = write!(out, " {number}");
        }
        out.push_str("\r\n");
        for codec in codecs {
            let _ = write!(out, "a=rtpmap:{} {}/8000\r\n", codec.payload(), codec.as_str());
        }
        if let Some(number) = events {
            let _ = write!(out, "a=rtpmap:{number} telephone-event/8000\r\na=fmtp:{number} 0-15\r\n");
        }
        let _ = write!(out, "a=ptime:20\r\na={}\r\n", direction.as_str());
    }
}

#[cfg(test)]
mod tests {
    use super::{Codec, Description, Direction, Local};

    fn local() -> Local {
        Local { ip: "127.0.0.1".parse().unwrap(), port: 4000, codecs: vec![Codec::Pcma, Codec::Pcmu] }
    }

    #[test]
    fn our_own_offer_is_answered_and_agreed_to() {
        let other = Local { port: 5000, codecs: vec![Codec::Pcmu], ..local() };
        let offer = Description::parse(&local().offer((1, 1))).unwrap();
        let (answer, agreed) = other.answer(&offer, (2, 1)).unwrap();
        assert_eq!((agreed.codec, agreed.remote.port(), agreed.events), (Codec::Pcmu, 4000, Some(101)));
        let back = local().agree(&Description::parse(&answer).unwrap()).unwrap();
        assert_eq!((back.codec, back.remote.port(), back.send, back.receive), (Codec::Pcmu, 5000, true, true));
    }

    #[test]
    fn hold_video_and_other_numbers_are_understood() {
        let text = "v=0\r\no=- 1 1 IN IP4 10.0.0.9\r\ns=-\r\nt=0 0\r\na=sendonly\r\nm=video 6000 RTP/AVP 96\r\n\
            a=rtpmap:96 VP8/90000\r\nm=audio 6002 RTP/AVP 18 0 110\r\nc=IN IP4 10.0.0.8/127\r\n\
            a=rtpmap:110 telephone-event/8000\r\n";
        let offer = Description::parse(text.as_bytes()).unwrap();
        let (answer, agreed) = local().answer(&offer, (1, 2)).unwrap();
        assert_eq!((agreed.remote.to_string().as_str(), agreed.events), ("10.0.0.8:6002", Some(110)));
        assert_eq!((agreed.send, agreed.receive, agreed.direction), (false, true, Direction::RecvOnly));
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.contains("m=video 0 RTP/AVP 96\r\nm=audio 4000 RTP/AVP 0 110\r\n"), "{answer}");
        let held = text.replace("10.0.0.8/127", "0.0.0.0").replace("a=sendonly\r\n", "");
        let (_, held) = local().answer(&Description::parse(held.as_bytes()).unwrap(), (1, 3)).unwrap();
        assert!(!held.send);
    }

    #[test]
    fn nothing_in_common_and_nonsense_agree_to_nothing() {
        let only_g729 = "v=0\r\nc=IN IP4 1.2.3.4\r\nm=audio 6000 RTP/AVP 18\r\n";
        assert!(local().answer(&Description::parse(only_g729.as_bytes()).unwrap(), (1, 1)).is_none());
        for text in ["", "v=1\r\n", "v=0\r\nm=audio x RTP/AVP 0\r\n", "v=0\r\nnonsense\r\n"] {
            assert!(Description::parse(text.as_bytes()).is_none(), "{text}");
        }
        let named = "v=0\r\nc=IN IP4 evil.example\r\nm=audio 6000 RTP/AVP 0\r\n";
        assert!(local().answer(&Description::parse(named.as_bytes()).unwrap(), (1, 1)).is_none());
    }
}
