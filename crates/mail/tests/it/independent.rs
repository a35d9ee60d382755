//! Messages of every kind, read by Python's e-mail package and verified by dkimpy. Each is skipped, loudly,
//! where the machine lacks it.

use std::io::Write;
use std::process::{Command, Stdio};

use kernel::{Email, Locale};
use mail::dkim::{Algorithm, KeyPair, Signer, SigningKey};
use mail::mime::{Automatic, Follows, ListId, Mailbox, Message, Unsubscribe};
use serde_json::{Value, json};

/// Runs a Python script on a JSON document; `None` (and a loud line) when Python or a module is missing.
pub(crate) fn python(script: &str, modules: &str, input: &Value) -> Option<Value> {
    let has = Command::new("python3").args(["-c", &format!("import {modules}")]).stderr(Stdio::null()).status();
    if !has.is_ok_and(|status| status.success()) {
        eprintln!("SKIPPED: python3 with {modules} is not installed");
        return None;
    }
    let mut child =
        Command::new("python3").args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

struct Kind {
    subject: &'static str,
    name: &'static str,
    to: &'static str,
    text: &'static str,
    html: Option<&'static str>,
    marketing: bool,
    language: &'static str,
}

const KINDS: &[Kind] = &[
    Kind {
        subject: "Spring offers",
        name: "Lina Haddad",
        to: "lina@example.net",
        text: "Dear Lina,\n\nthree offers = three reasons \nFrom us",
        html: Some("<p>Dear   Lina</p>\n"),
        marketing: true,
        language: "en",
    },
    Kind {
        subject: "عروض الربيع في مكتبة النور: خصومات كبيرة على كتب الأطفال والروايات حتى نهاية الشهر",
        name: "لينا حداد",
        to: "lina@example.net",
        text: "عزيزتي لينا\n\nلدينا ثلاثة عروض\n",
        html: Some("<html lang=\"ar\" dir=\"rtl\"><p>عزيزتي لينا</p></html>"),
        marketing: true,
        language: "ar",
    },
    Kind {
        subject: "Réservé à Zoë, avec une très longue ligne d’objet qui doit être pliée 😀 quelque part",
        name: "Haddad, \"Zoë\" (Lina)",
        to: "zoe@münchen.example",
        text: "Déjà vu — a long line that goes on and on and on and on and on and on and on and on until it must be broken somewhere.",
        html: Some("<p>Déjà vu</p>"),
        marketing: true,
        language: "fr",
    },
    Kind {
        subject: "Your code, \"quoted\", with, commas; and <brackets>",
        name: "O'Neil, Pat",
        to: "pat@example.net",
        text: ".\r\n..two dots\r\n.\r\nend",
        html: None,
        marketing: false,
        language: "en",
    },
    Kind {
        subject: "رسالة دولية",
        name: "لينا",
        to: "لينا@مثال.إختبار",
        text: "مرحبا",
        html: Some("<p dir=rtl>مرحبا</p>"),
        marketing: true,
        language: "ar-EG",
    },
    Kind { subject: "", name: "", to: "nobody@example.net", text: "", html: None, marketing: false, language: "en" },
    Kind {
        subject: "Injected\r\nBcc: evil@example.org",
        name: "A\r\nBcc: evil@example.org",
        to: "a@example.net",
        text: "x",
        html: Some("<p>y</p>"),
        marketing: true,
        language: "en",
    },
];

fn build(kind: &Kind) -> Vec<u8> {
    let from = Email::parse("news@example.com").unwrap();
    let to = Email::parse(kind.to).unwrap();
    let language: Locale = kind.language.parse().unwrap();
    Message {
        invitation: None,
        id: "msg_01kabcdefghjkmnpqrstvwxyz0",
        follows: Follows::Nothing,
        id_domain: "example.com",
        date: "2026-11-21T20:00:00Z".parse().unwrap(),
        utc_offset: 10800,
        from: Mailbox { name: "مكتبة النور", email: &from },
        reply_to: Some(Mailbox { name: "", email: &from }),
        to: Mailbox { name: kind.name, email: &to },
        subject: kind.subject,
        text: kind.text,
        html: kind.html,
        language: Some(&language),
        unsubscribe: kind.marketing.then_some(Unsubscribe {
            url: "https://b.example.com/u/abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz",
            mailto: Some("mailto:u+mfrggzdfmztwq2lknnwg23tpoa@bounce.example.com"),
        }),
        list: kind.marketing.then_some(ListId { label: "عروض المكتبة", id: "top_1.ws_1.example.com" }),
        feedback: if kind.marketing { &["cmp_1", "ws_1", "marketing", "barid"] } else { &[] },
        automatic: Automatic::of(!kind.marketing),
    }
    .build()
    .unwrap()
}

const READER: &str = r"
import sys, json, base64, email, email.policy
out = []
for raw in json.load(sys.stdin):
    m = email.message_from_bytes(base64.b64decode(raw), policy=email.policy.default)
    def part(kind):
        p = m.get_body((kind,))
        return None if p is None or p.get_content_subtype() != kind else p.get_content()
    to = m['To'].addresses[0]
    out.append(dict(subject=str(m['Subject']), name=to.display_name, to=to.addr_spec.encode('utf-8', 'surrogateescape').decode(), sender=m['From'].addresses[0].display_name,
        text=part('plain'), html=part('html'), language=m['Content-Language'], bcc=m['Bcc'],
        first=(m.get_payload(0).get_content_type() if m.is_multipart() else m.get_content_type()),
        defects=[str(d) for p in m.walk() for d in p.defects], date=m['Date'].datetime.isoformat()))
json.dump(out, sys.stdout)
";

fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end_matches('\n').to_owned()
}

#[test]
fn pythons_email_package_reads_what_was_written() {
    let raw: Vec<String> = KINDS.iter().map(|kind| data_encoding::BASE64.encode(&build(kind))).collect();
    let Some(read) = python(READER, "email", &json!(raw)) else { return };
    for (kind, read) in KINDS.iter().zip(read.as_array().unwrap()) {
        assert_eq!(read["subject"], mail::mime::clean(kind.subject).as_ref());
        assert_eq!(read["name"], mail::mime::clean(kind.name).as_ref());
        assert_eq!(read["sender"], "مكتبة النور");
        assert_eq!(read["to"], Email::parse(kind.to).unwrap().wire());
        assert_eq!(normal(read["text"].as_str().unwrap()), normal(kind.text));
        assert_eq!(read["html"].as_str().map(normal), kind.html.map(normal));
        assert_eq!(read["language"], kind.language);
        assert_eq!(read["bcc"], Value::Null);
        assert_eq!(read["first"], "text/plain");
        assert_eq!(read["defects"], json!([]), "{}", kind.subject);
        assert_eq!(read["date"], "2026-11-21T23:00:00+03:00");
    }
}

pub(crate) const VERIFIER: &str = r"
import sys, json, base64, dkim
given = json.load(sys.stdin)
def find(name, timeout=5):
    return given['records'].get(name.decode().rstrip('.'), '').encode()
out = []
for raw in given['messages']:
    d = dkim.DKIM(base64.b64decode(raw))
    count = len([1 for n, _ in d.headers if n.lower() == b'dkim-signature'])
    def verify(i):
        try:
            return bool(d.verify(idx=i, dnsfunc=find))
        except dkim.ValidationError:
            return False
    out.append([verify(i) for i in range(count)])
json.dump(out, sys.stdout)
";

#[test]
fn dkimpy_verifies_both_signatures_on_every_kind_of_message() {
    let keys: Vec<SigningKey> = Algorithm::ALL
        .into_iter()
        .map(|algorithm| SigningKey {
            selector: format!("barid-{}", algorithm.key_type()),
            pair: KeyPair::generate(algorithm).unwrap(),
        })
        .collect();
    let records: serde_json::Map<String, Value> = keys
        .iter()
        .map(|key| (format!("{}._domainkey.example.com", key.selector), json!(key.pair.record().unwrap())))
        .collect();
    let signer = Signer::new("example.com", keys);
    let mut messages: Vec<Vec<u8>> = KINDS
        .iter()
        .map(|kind| signer.signed(&build(kind), "2026-11-21T20:00:00Z".parse().unwrap()).unwrap())
        .collect();
    let mut broken = messages[0].clone();
    let last = broken.len() - 60;
    broken[last] ^= 1;
    messages.push(broken);
    let encoded: Vec<String> = messages.iter().map(|m| data_encoding::BASE64.encode(m)).collect();
    let Some(read) = python(VERIFIER, "dkim, nacl", &json!({"messages": encoded, "records": records})) else { return };
    let mut expected = vec![json!([true, true]); KINDS.len()];
    expected.push(json!([false, false]));
    assert_eq!(read, Value::Array(expected));
}
