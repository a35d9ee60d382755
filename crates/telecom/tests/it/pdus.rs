//! PDUs: there and back, and every damaged form named.

use proptest::prelude::*;
use telecom::smpp::{
    About, Address, Bind, BindMode, Body, Data, Head, IdResp, Message, Pdu, PduError, QueryResp, Status, Tlvs, tag,
};
use telecom::sms::TonNpi;

fn address() -> impl Strategy<Value = Address> {
    (any::<u8>(), any::<u8>(), "[ -~]{0,20}").prop_map(|(ton, npi, text)| Address { kind: TonNpi { ton, npi }, text })
}

fn tlvs() -> impl Strategy<Value = Tlvs> {
    prop::collection::vec((any::<u16>(), prop::collection::vec(any::<u8>(), 0..40)), 0..4)
        .prop_map(|all| all.into_iter().fold(Tlvs::default(), |tlvs, (tag, value)| tlvs.with(tag, value)))
}

fn message() -> impl Strategy<Value = Message> {
    let octets = prop::collection::vec(any::<u8>(), 0..=254);
    (address(), address(), any::<[u8; 7]>(), "[0-9]{15}R|", octets, tlvs()).prop_map(
        |(source, destination, flags, validity, short_message, tlvs)| Message {
            service_type: "VMA".into(),
            source,
            destination,
            esm_class: flags[0],
            protocol_id: flags[1],
            priority: flags[2],
            schedule: String::new(),
            validity,
            registered_delivery: flags[3],
            replace: flags[4],
            data_coding: flags[5],
            default_message: flags[6],
            short_message,
            tlvs,
        },
    )
}

fn id_resp() -> impl Strategy<Value = IdResp> {
    ("[ -~]{0,64}", tlvs()).prop_map(|(id, tlvs)| IdResp { id, tlvs })
}

fn body() -> impl Strategy<Value = Body> {
    let mode = prop::sample::select(vec![BindMode::Receiver, BindMode::Transmitter, BindMode::Transceiver]);
    let about = |cancel: bool| {
        ("[a-f0-9]{1,64}", address(), address()).prop_map(move |(message_id, source, destination)| About {
            service_type: if cancel { "CMT".into() } else { String::new() },
            message_id,
            source,
            destination: if cancel { destination } else { Address::default() },
        })
    };
    prop_oneof![
        (mode.clone(), "[a-z]{0,15}", "[!-~]{0,64}", address()).prop_map(|(mode, system_id, password, range)| {
            Body::Bind(Bind { mode, system_id, password, system_type: "test".into(), interface_version: 0x34, range })
        }),
        (mode, id_resp()).prop_map(|(mode, resp)| Body::BindResp(mode, resp)),
        message().prop_map(|message| Body::Submit(Box::new(message))),
        message().prop_map(|message| Body::Deliver(Box::new(message))),
        id_resp().prop_map(Body::SubmitResp),
        id_resp().prop_map(Body::DeliverResp),
        id_resp().prop_map(Body::DataResp),
        about(false).prop_map(Body::Query),
        about(true).prop_map(Body::Cancel),
        (address(), address(), tlvs()).prop_map(|(source, destination, tlvs)| {
            Body::Data(Box::new(Data { source, destination, tlvs, ..Data::default() }))
        }),
        ("[a-f0-9]{1,64}", any::<u8>()).prop_map(|(message_id, state)| Body::QueryResp(QueryResp {
            message_id,
            state,
            ..QueryResp::default()
        })),
        prop::sample::select(vec![
            Body::Unbind,
            Body::UnbindResp,
            Body::CancelResp,
            Body::EnquireLink,
            Body::EnquireLinkResp,
            Body::GenericNack,
        ]),
    ]
}

proptest! {
    #[test]
    fn there_and_back(body in body(), status in any::<u32>(), sequence in any::<u32>(), rest in prop::collection::vec(any::<u8>(), 0..8)) {
        let pdu = Pdu { status: Status(status), sequence, body };
        let mut octets = pdu.octets();
        let length = octets.len();
        octets.extend(rest);
        prop_assert_eq!(Pdu::parse(&octets).unwrap().unwrap(), (pdu, length));
    }

    #[test]
    fn every_cut_waits_and_every_shortened_pdu_has_a_reason(body in body(), cut in any::<prop::sample::Index>()) {
        let pdu = Pdu::request(7, body);
        let octets = pdu.octets();
        let cut = cut.index(octets.len());
        prop_assert_eq!(Pdu::parse(&octets[..cut]).unwrap(), None);
        // The same, but the length says that this is all.
        if cut >= 16 {
            let mut short = octets[..cut].to_vec();
            short[..4].copy_from_slice(&(cut as u32).to_be_bytes());
            match Pdu::parse(&short) {
                Ok(Some((read, used))) => prop_assert!(used == cut && read.octets().len() <= octets.len()),
                Ok(None) => prop_assert!(false, "a whole PDU was not read"),
                Err(error) => prop_assert!(!error.status().is_ok()),
            }
        }
    }

    #[test]
    fn any_octets_are_answered(octets in prop::collection::vec(any::<u8>(), 0..200), command in prop::sample::select(vec![1u32, 2, 3, 4, 5, 6, 8, 9, 0xb, 0x15, 0x102, 0x103, 0x8000_0000, 0x8000_0004, 0x8000_0009])) {
        let _ = Pdu::parse(&octets);
        let head = Head { length: 16, command, status: Status::OK, sequence: 1 };
        if let Ok(read) = Pdu::read(&head, &octets) {
            let again = read.octets();
            let (back, _) = Pdu::parse(&again).unwrap().unwrap();
            prop_assert_eq!(back.body.command(), command);
        }
    }
}

#[test]
fn damage_is_named() {
    let head = |command: u32, body: &[u8]| {
        let mut octets = (16 + body.len() as u32).to_be_bytes().to_vec();
        octets.extend(command.to_be_bytes());
        octets.extend([0; 4]);
        octets.extend([0, 0, 0, 9]);
        octets.extend(body);
        Pdu::parse(&octets)
    };
    assert_eq!(Pdu::parse(&[0; 16]), Err(PduError::Length(0)));
    assert_eq!(Pdu::parse(&[0xff; 16]), Err(PduError::Length(u32::MAX)));
    assert_eq!(head(0x99, &[]), Err(PduError::Command(0x99)));
    assert_eq!(head(0x8000_0099, &[]), Err(PduError::Command(0x8000_0099)));
    assert_eq!(head(0x15, b"x"), Err(PduError::Trailing(1)));
    assert_eq!(head(9, b"me"), Err(PduError::Truncated("system_id")));
    assert_eq!(head(4, b"\0\x01\x01123456789012345678901\0"), Err(PduError::Unterminated("source_addr")));
    assert_eq!(head(4, b"\0\x05\0\xd9\xa3\0"), Err(PduError::NotAscii("source_addr")));
    let submit = |tail: &[u8]| head(4, &[b"\0\x05\0A\0\x01\x011\0\0\0\0\0\0\0\0\0\0".as_slice(), tail].concat());
    assert_eq!(submit(&[4, b'a']), Err(PduError::Truncated("short_message")));
    assert_eq!(submit(&[0, 4, 0x24, 0, 9, 1]), Err(PduError::Tlv(0x0424)));
    assert_eq!(submit(&[0, 4]), Err(PduError::Truncated("optional parameter")));
    let (pdu, _) = submit(&[0, 4, 0x24, 0, 2, b'h', b'i']).unwrap().unwrap();
    let Body::Submit(message) = pdu.body else { panic!("a submit_sm") };
    assert_eq!(message.octets(), b"hi");
    assert_eq!(message.tlvs.number(tag::MESSAGE_PAYLOAD), Some(0x6869));
    assert_eq!(PduError::Unterminated("source_addr").status(), Status::INVALID_SOURCE);
    // A refused submission without a body, as most write it.
    let (refused, _) = head(0x8000_0004, &[]).unwrap().unwrap();
    assert_eq!(refused.body, Body::SubmitResp(IdResp::default()));
}
