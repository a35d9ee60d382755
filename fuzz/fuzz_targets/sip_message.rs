//! What operators and strangers send: SIP messages, descriptions of sound, RTP, WAV files.
#![no_main]

use calls::rtp::{Packet, read_wav};
use calls::sip::{Challenge, Codec, Description, Framer, Local, Message, parse, split_list};
use libfuzzer_sys::fuzz_target;

fn looked_at(message: &Message) {
    let _ = (message.check(), message.contact(), message.route("Record-Route"), Challenge::of(message));
    if let Some(description) = Description::parse(&message.body) {
        let local = Local { ip: [127, 0, 0, 1].into(), port: 4000, codecs: vec![Codec::Pcma, Codec::Pcmu] };
        if let Some((answer, _)) = local.answer(&description, (1, 1)) {
            assert!(Description::parse(&answer).is_some(), "what we answer is a description");
        }
    }
    for value in message.headers.all("Via") {
        let _ = split_list(value);
    }
}

fuzz_target!(|octets: &[u8]| {
    if let Ok(message) = parse(octets) {
        looked_at(&message);
        let again = parse(&message.octets()).expect("what we write is read");
        assert_eq!(again.octets(), message.octets());
    }
    let mut framer = Framer::default();
    if framer.push(octets).is_ok() {
        while let Ok(Some(message)) = framer.next_message() {
            looked_at(&message);
        }
    }
    let _ = (Packet::parse(octets), read_wav(octets));
});
