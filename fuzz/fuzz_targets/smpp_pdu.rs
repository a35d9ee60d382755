//! PDUs of operators and customers, and the receipts in them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use telecom::smpp::coding::{DefaultAlphabet, decode};
use telecom::smpp::{Body, Pdu, Receipt};
use telecom::sms::UserDataHeader;

fuzz_target!(|bytes: &[u8]| {
    let mut rest = bytes;
    while let Ok(Some((pdu, used))) = Pdu::parse(rest) {
        assert!(used >= 16 && used <= rest.len());
        if let Body::Deliver(message) | Body::Submit(message) = &pdu.body {
            let _ = (Receipt::read(message), UserDataHeader::parse(message.octets()));
            let _ = decode(message.data_coding, message.octets(), (DefaultAlphabet::Gsm7Packed, 7));
        }
        let again = pdu.octets();
        let (back, _) = Pdu::parse(&again).expect("what we write is read").expect("whole");
        assert_eq!(back.body.command(), pdu.body.command());
        rest = &rest[used..];
    }
});
