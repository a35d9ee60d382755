//! SIP messages: there and back, the torture tests of RFC 4475, streams, and whatever octets.

use calls::sip::{Framer, Malformed, Message, Method, NameAddr, Start, Uri, Via, parse, split_list};
use proptest::prelude::*;

fn crlf(text: &str) -> Vec<u8> {
    text.trim_start().replace('\n', "\r\n").into_bytes()
}

/// RFC 4475 section 3.1.1.1.
const TORTUOUS: &str = r#"
INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
TO :
 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
from   : "J Rosenberg \\\""       <sip:jdrosen@example.com>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: wsinv.ndaksdj@192.0.2.1
Content-Length   : 150
cseq: 0009
  INVITE
Via  : SIP  /   2.0
 /UDP
    192.0.2.2;branch=390skdjuw
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
Content-Type: application/sdp
Route:
 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
v:  SIP  / 2.0  / TCP     spindle.example.com   ;
  branch  =   z9hG4bK9ikj8  ,
 SIP  /    2.0   / UDP  192.168.255.111   ; branch=
 z9hG4bK30239
m:"Quoted string \"\"" <sip:jdrosen@example.com> ; newparam =
      newvalue ;
  secondparam ; q = 0.33

v=0
o=mhandley 29739 7272939 IN IP4 192.0.2.3
s=-
c=IN IP4 192.0.2.4
t=0 0
m=audio 49217 RTP/AVP 0 12
m=video 3227 RTP/AVP 31
a=rtpmap:31 LPC
"#;

#[test]
fn the_short_tortuous_invite_is_read() {
    let message = parse(&crlf(TORTUOUS)).unwrap();
    message.check().unwrap();
    assert_eq!(message.method(), Some(&Method::Invite));
    assert_eq!(message.to().unwrap().tag(), Some("1918181833n"));
    assert_eq!(message.from().unwrap().display.as_deref(), Some("J Rosenberg \\\""));
    assert_eq!(message.cseq().unwrap(), (9, Method::Invite));
    assert_eq!(message.headers.all("Via").flat_map(split_list).count(), 3);
    let via = message.via().unwrap();
    assert_eq!((via.transport.as_str(), via.branch(), via.is_unique()), ("UDP", Some("390skdjuw"), false));
    assert_eq!(message.contact().unwrap().params.get("q"), Some("0.33"));
    assert_eq!(message.headers.get("newfangledheader"), Some("newfangled value continued newfangled value"));
    assert!(message.body.starts_with(b"v=0"));
    assert_eq!(message.body.len(), 150);
}

#[test]
fn every_character_that_a_request_may_have_is_read() {
    // Section 3.1.1.2.
    let text = "!interesting-Method0123456789_*+`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:\
        &it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0\n\
        Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+`'~\n\
        To: \"BEL:\\\x07 NUL:\\\0 DEL:\\\x7f\" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>\n\
        From: token1~` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%=\"\u{440}\u{430}\";tag=_token~1'+`*%!-.\n\
        Call-ID: intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{\n\
        CSeq: 139122385 !interesting-Method0123456789_*+`.%indeed'~\nMax-Forwards: 255\n\n";
    let message = parse(&crlf(text)).unwrap();
    message.check().unwrap();
    assert!(matches!(message.method(), Some(Method::Other(name)) if name.starts_with("!interesting")));
}

#[test]
fn what_is_damaged_is_refused_by_name() {
    let good = "OPTIONS sip:a@h SIP/2.0\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\nFrom: <sip:b@h>;tag=1\nTo: <sip:a@h>\n\
        Call-ID: x\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n";
    let checked = |text: &str| parse(&crlf(text)).and_then(|message| message.check().map(|()| message));
    assert!(checked(good).is_ok());
    for (from, to, expected) in [
        ("SIP/2.0\nVia", "SIP/7.0\nVia", Malformed::Version),
        ("OPTIONS sip", "OPTIONS  sip", Malformed::Uri),
        ("OPTIONS sip:a@h", "OPTIONS <sip:a@h>", Malformed::Uri),
        ("sip:a@h SIP", "sip:a@h; lr SIP", Malformed::Uri),
        ("\n\n", "\n", Malformed::Incomplete),
        ("Call-ID: x\n", "", Malformed::Missing("Call-ID")),
        ("Call-ID: x", "Call-ID: x\ni: y", Malformed::Repeated("Call-ID")),
        ("CSeq: 1 OPTIONS", "CSeq: 36893488147419103232 OPTIONS", Malformed::CSeq),
        ("CSeq: 1 OPTIONS", "CSeq: 1 INVITE", Malformed::CSeq),
        ("Length: 0", "Length: -999", Malformed::ContentLength),
        ("Length: 0", "Length: 9999", Malformed::ContentLength),
        ("Length: 0", "Length: 0\nl: 1", Malformed::ContentLength),
        ("Length: 0", "Length: 99999999", Malformed::TooLarge),
        ("To: <sip:a@h>", "To: \"Mr. J. <sip:a@h>", Malformed::Uri),
        ("Via: SIP/2.0/UDP h", "Via: SIP/2.0/UDP h h", Malformed::Via),
        ("Via: SIP/2.0/UDP h", "Via: nonsense", Malformed::Via),
        ("Call-ID: x", "nothing at all", Malformed::Header),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        assert_eq!(checked(&text).unwrap_err(), expected, "{text}");
    }
    assert_eq!(parse(&crlf("SIP/2.0 99 Low\n\n")), Err(Malformed::StartLine));
    assert_eq!(parse("a".repeat(40_000).as_bytes()), Err(Malformed::TooLarge));
    let many = format!("OPTIONS sip:a@h SIP/2.0\n{}\n", "X: y\n".repeat(300));
    assert_eq!(parse(&crlf(&many)), Err(Malformed::Header));
}

#[test]
fn a_stream_is_cut_at_content_length_however_it_arrives() {
    let one = crlf("OPTIONS sip:a@h SIP/2.0\nl: 4\n\nbody");
    let two = crlf("SIP/2.0 200 OK\nContent-Length: 0\n\n");
    let all = [b"\r\n\r\n".as_slice(), &one, &two, b"\r\n\r\n", &one].concat();
    for pieces in [1, 2, 7, all.len()] {
        let (mut framer, mut bodies, mut pings) = (Framer::default(), Vec::new(), 0);
        for piece in all.chunks(pieces) {
            framer.push(piece).unwrap();
            while let Some(message) = framer.next_message().unwrap() {
                bodies.push(message.body);
            }
            pings += framer.pings();
        }
        assert_eq!(bodies, [b"body".to_vec(), Vec::new(), b"body".to_vec()]);
        assert!(pings <= 2);
    }
    let mut framer = Framer::default();
    framer.push(&crlf("OPTIONS sip:a@h SIP/2.0\n\n")).unwrap();
    assert_eq!(framer.next_message(), Err(Malformed::Missing("Content-Length")));
    let mut endless = Framer::default();
    assert!((0..100).any(|_| endless.push("x".repeat(65_536).as_bytes()).is_err()));
}

fn token() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9.!%*_+~-]{1,12}"
}

fn message() -> impl Strategy<Value = Message> {
    let start = prop_oneof![
        (token(), token()).prop_map(|(user, host)| {
            let host: String = host.chars().filter(char::is_ascii_alphanumeric).collect();
            let uri = Uri::sip(Some(&user), if host.is_empty() { "h" } else { &host }, Some(5070));
            Start::Request { method: Method::Info, uri }
        }),
        (100u16..700, "[ -~]{0,30}")
            .prop_map(|(status, reason)| Start::Response { status, reason: reason.trim_start().into() }),
    ];
    let values = prop::collection::vec("[!-~][ -~]{0,40}[!-~]", 0..8);
    (start, values, prop::collection::vec(any::<u8>(), 0..200)).prop_map(|(start, values, body)| {
        let mut made = Message::request(Method::Info, Uri::sip(None, "h", None));
        made.start = start;
        made.body = body;
        for value in values {
            made.headers.push("X-Something", value);
        }
        made
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(message in message()) {
        prop_assert_eq!(parse(&message.octets()).unwrap(), message);
    }

    #[test]
    fn no_octets_break_the_reader(octets in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&octets);
        let mut framer = Framer::default();
        if framer.push(&octets).is_ok() {
            while let Ok(Some(message)) = framer.next_message() {
                let _ = message.check();
            }
        }
    }

    #[test]
    fn no_damage_breaks_the_reader(at in 0usize..900, octet in any::<u8>(), cut in 0usize..1200) {
        let mut octets = crlf(TORTUOUS);
        if let Some(place) = octets.get_mut(at) {
            *place = octet;
        }
        octets.truncate(cut);
        if let Ok(message) = parse(&octets) {
            let _ = (message.check(), message.contact(), message.route("Route"));
            // What was understood is written so that it is understood again.
            let again = parse(&message.octets()).unwrap();
            prop_assert_eq!(again.octets(), message.octets());
        }
    }

    #[test]
    fn no_text_breaks_addresses(text in "\\PC{0,80}") {
        let _ = (text.parse::<Uri>(), text.parse::<Via>(), split_list(&text));
        if let Ok(address) = text.parse::<NameAddr>() {
            prop_assert!(address.to_string().parse::<NameAddr>().is_ok());
        }
    }
}
