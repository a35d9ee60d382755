//! Chats that only devices can read, with real devices: what one side seals, the other one opens, and the server
//! keeps nothing readable.

use conversations::Author;
use conversations::chat::{self, Start, Words};
use conversations::conversations::{self as rows, Conversation, Said, Target};
use conversations::encryption::{self, Approval, Device, DeviceState, Encryption, Recipient, Sealed, WrappedKey};
use conversations::events::{self, NewEvent};
use conversations::visitors::{self, Profile};
use conversations::widgets::{self, Settings};
use conversations::{EndedBy, Kind, State, Visibility, mailing};
use kernel::{Code, DeviceId, VisitorId};
use testkit::Fixture;

use crate::house::House;
use crate::hpke::{Pair, expand, lock, open, seal, unlock};

const CANARY: &str = "the safe's number is 7391, الرقم السري";

fn b64(bytes: &[u8]) -> String {
    encryption::encoded(bytes)
}

fn raw(text: &str) -> Vec<u8> {
    data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()).unwrap()
}

async fn widget(house: &mut House) {
    let mut settings = Settings { encryption: Encryption::EndToEnd, ..Settings::default() };
    settings.features.transcript = false;
    house.widget = widgets::create(&house.ctx, "Sealed", &settings).await.unwrap();
}

/// A member's device, waiting for approval.
async fn device(house: &House, user: usize, seed: u8) -> (Device, Pair) {
    let pair = Pair::new([seed; 32]);
    let key = b64(&pair.public);
    let made = encryption::add(&house.ctx, &house.hub, house.users[user], ("Laptop", &key)).await.unwrap();
    (made, pair)
}

async fn approve(
    house: &House,
    id: DeviceId,
    by: usize,
    by_device: Option<DeviceId>,
    manages: bool,
) -> Result<Device, conversations::Error> {
    let approval = Approval { by: house.users[by], manages, by_device };
    encryption::approve(&house.ctx, &house.hub, id, approval).await
}

/// The owner's device, approved as the first one.
async fn first(house: &House) -> (Device, Pair) {
    let (made, pair) = device(house, 0, 1).await;
    (approve(house, made.id, 0, None, true).await.unwrap(), pair)
}

async fn begins(house: &House, visitor: VisitorId, text: Option<&str>) -> Result<Conversation, conversations::Error> {
    let start = Start {
        client: format!("start-{}", text.is_some()),
        filled: None,
        text: text.map(str::to_owned),
        profile: Profile::default(),
        page: None,
        group: None,
    };
    chat::start(&house.person, &house.hub, &house.widget, visitor, start).await.map(|begun| begun.0)
}

/// A page of one side, with a chat's key.
struct Side {
    key: [u8; 32],
    key_id: String,
    sender: [u8; 16],
    role: String,
    counter: u64,
}

fn info(row: &Conversation, key_id: &str, recipient: &str) -> String {
    format!("barid-chat-key-1\n{}\n{key_id}\n{recipient}", row.id)
}

fn aad(row: &Conversation, role: &str, sender: &str, counter: u64, visibility: &str) -> String {
    format!("barid-message-1\n{}\n{}\n{role}\n{sender}\n{counter}\n{visibility}", row.id, row.thread)
}

fn message_key(key: &[u8], key_id: &str, sender: &str) -> Vec<u8> {
    let prk = aws_lc_rs::hmac::sign(&aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, b""), key);
    expand(prk.as_ref(), format!("barid-message-1\n{key_id}\n{sender}").as_bytes(), 32)
}

fn nonce(counter: u64) -> Vec<u8> {
    [&[0; 4][..], &counter.to_be_bytes()].concat()
}

impl Side {
    fn new(seed: u8, role: &str) -> Self {
        let key_id = b64(&[seed; 16]);
        Self { key: [seed; 32], key_id, sender: [seed ^ 0x55; 16], role: role.to_owned(), counter: 0 }
    }

    fn wraps(&self, row: &Conversation, recipients: &[(String, Vec<u8>)]) -> Vec<WrappedKey> {
        let ephemeral = Pair::new([self.key[0] ^ 0x33; 32]);
        let wrap = |(recipient, public): &(String, Vec<u8>)| {
            let (enc, sealed) = seal(&ephemeral, public, info(row, &self.key_id, recipient).as_bytes(), &self.key);
            WrappedKey { recipient: recipient.clone(), enc: b64(&enc), ciphertext: b64(&sealed) }
        };
        recipients.iter().map(wrap).collect()
    }

    fn seals(&mut self, row: &Conversation, text: &str) -> Sealed {
        let sender = b64(&self.sender);
        let key = message_key(&self.key, &self.key_id, &sender);
        let plain = serde_json::json!({ "v": 1, "type": "text", "text": text }).to_string();
        let about = aad(row, &self.role, &sender, self.counter, "all");
        let ciphertext = b64(&lock(&key, &nonce(self.counter), about.as_bytes(), plain.as_bytes()));
        self.counter += 1;
        let (key_id, counter) = (self.key_id.clone(), self.counter - 1);
        Sealed { key_id, thread: row.thread, sender, counter, ciphertext, file: None }
    }
}

async fn share(house: &House, row: &Conversation, side: &Side, visitor: VisitorId) {
    let status = encryption::status(&house.ctx, row).await.unwrap();
    let to: Vec<_> = status.devices.iter().map(|one| (one.id.to_string(), one.public_key.to_vec())).collect();
    let shares = side.wraps(row, &to);
    encryption::by_visitor(&house.person, &house.hub, visitor, (&side.key_id, &shares)).await.unwrap();
}

async fn says(
    house: &House,
    visitor: VisitorId,
    client: &str,
    sealed: Sealed,
) -> Result<rows::Given, conversations::Error> {
    chat::say(&house.person, &house.hub, visitor, client, Words::Sealed(sealed)).await
}

fn code<T>(result: Result<T, conversations::Error>) -> Code {
    result.err().unwrap().problem().code
}

testkit::each_engine! {
    async fn the_devices_read_and_the_server_does_not(t: Fixture) {
        let mut house = House::build(t).await;
        widget(&mut house).await;
        let visitor: VisitorId = house.ctx.id();
        assert_eq!(code(begins(&house, visitor, None).await), Code::Unavailable, "no device could read it");
        let (device, pair) = first(&house).await;
        assert_eq!(code(begins(&house, visitor, Some(CANARY)).await), Code::EndToEndEncrypted);
        let row = begins(&house, visitor, None).await.unwrap();
        assert!(row.is_encrypted());
        let mut page = Side::new(7, "visitor");
        let early = page.seals(&row, CANARY);
        assert_eq!(code(says(&house, visitor, "m0", early).await), Code::InvalidInput, "nobody has the key yet");
        share(&house, &row, &page, visitor).await;
        let given = says(&house, visitor, "m1", page.seals(&row, CANARY)).await.unwrap();
        assert_eq!((given.event.kind, given.repeated), (Kind::Encrypted, false));
        // The member's device opens the share, and with it what was said.
        let opened = encryption::shares_for(&house.ctx, &row, (house.users[0], device.id)).await.unwrap();
        assert!(opened.status.missing.is_empty() && !opened.status.rotate);
        let kept = &opened.shares[0];
        let about = info(&row, &kept.key_id, &kept.recipient.to_string());
        let key = open(&pair, &raw(&kept.enc), about.as_bytes(), &raw(&kept.ciphertext)).unwrap();
        assert_eq!(key, page.key);
        let event = events::one(&house.ctx, row.id, given.event.seq).await.unwrap().unwrap();
        let envelope = event.body.encrypted.unwrap();
        assert_eq!((envelope.role.as_str(), event.body.text), ("visitor", None));
        let about = aad(&row, &envelope.role, &envelope.sender, envelope.counter, "all");
        let key = message_key(&key, &envelope.key_id, &envelope.sender);
        let plain = unlock(&key, &nonce(envelope.counter), about.as_bytes(), &raw(&envelope.ciphertext)).unwrap();
        assert!(String::from_utf8(plain).unwrap().contains("7391"));
        let elsewhere = about.replace("visitor", &house.users[0].to_string());
        let read = unlock(&key, &nonce(envelope.counter), elsewhere.as_bytes(), &raw(&envelope.ciphertext));
        assert!(read.is_none(), "nobody's words pass for somebody else's");
        // A member answers likewise.
        let mut answer = Side { role: house.users[0].to_string(), sender: [9; 16], counter: 0, ..page };
        let by = Author::agent(house.users[0]);
        let row = house.row(&row).await;
        let sealed = answer.seals(&row, "an answer");
        let body = events::EventBody { encrypted: Some(sealed.checked(by).unwrap()), ..events::EventBody::default() };
        let event = NewEvent { kind: Kind::Encrypted, visibility: Visibility::All, author: by, client: None, body };
        rows::send(&house.ctx, &house.hub, row.id, Said { event, resume: false }).await.unwrap();
        assert_eq!(house.row(&row).await.assignee, Some(house.users[0]));
        // Who has left and gave an address hears by mail that there is an answer, and nothing of it.
        visitors::change(&house.ctx, visitor, |known| known.profile.email = Some("lina@people.example".into()))
            .await
            .unwrap();
        house.later(130).await;
        let sent = house.recorder.sent.lock().clone();
        assert_eq!(sent.len(), 1);
        assert!(sent[0].text.contains("encrypted chat") && !sent[0].text.contains("an answer"), "{}", sent[0].text);
    }

    async fn nothing_readable_gets_in_on_any_way(t: Fixture) {
        let mut house = House::build(t).await;
        widget(&mut house).await;
        first(&house).await;
        let visitor: VisitorId = house.ctx.id();
        let row = begins(&house, visitor, None).await.unwrap();
        let (ctx, hub) = (&house.ctx, &house.hub);
        let page = Side::new(7, "visitor");
        share(&house, &row, &page, visitor).await;
        let said = chat::say(&house.person, hub, visitor, "a", Words::Text(CANARY.into())).await;
        assert_eq!(code(said), Code::EndToEndEncrypted);
        assert_eq!(code(chat::rate(&house.person, hub, visitor, Some(1), Some(CANARY)).await), Code::EndToEndEncrypted);
        assert_eq!(code(chat::transcript(&house.person, hub, visitor, "me@people.example").await), Code::EndToEndEncrypted);
        let by = Author::agent(house.users[0]);
        for event in [NewEvent::message(by, CANARY.into()), NewEvent::note(by, CANARY.into())] {
            assert_eq!(code(rows::send(ctx, hub, row.id, Said { event, resume: true }).await), Code::EndToEndEncrypted);
        }
        let target = Target::Agent(house.users[1]);
        let handed = rows::transfer(ctx, hub, row.id, target, (by, Some(CANARY.into()))).await;
        assert_eq!(code(handed), Code::EndToEndEncrypted);
        chat::rate(&house.person, hub, visitor, Some(1), None).await.unwrap();
        let letter = mailing::CameIn {
            message: ctx.id(),
            text: CANARY.into(),
            references: Vec::new(),
            from: None,
        };
        assert_eq!(code(mailing::came_in(ctx, hub, row.id, letter).await), Code::NotFound);
        // What is sealed may not stand where everything is readable.
        let plain = widgets::create(ctx, "Plain", &Settings::default()).await.unwrap();
        let sealed_widget = std::mem::replace(&mut house.widget, plain);
        let (other, open) = house.visitor("hello").await;
        let mut side = Side::new(8, "visitor");
        assert_eq!(code(says(&house, other, "x", side.seals(&open, "x")).await), Code::InvalidInput);
        house.widget = sealed_widget;
        // Search says what it passed over, the transcript shows a place, and nothing of it is readable.
        let mut side = page;
        says(&house, visitor, "m", side.seals(&row, CANARY)).await.unwrap();
        let found = conversations::archive::search((&house.ctx, &conversations::index::Index::default()), "7391", None, 10).await.unwrap();
        assert_eq!((found.items.len(), found.encrypted), (0, 1));
        let lines = mailing::transcript(&house.ctx, row.id, None, true).await.unwrap();
        assert!(lines.iter().any(|line| line.text == mailing::UNREADABLE && line.encrypted.is_some()));
        assert!(!format!("{:?}", events::after(&house.ctx, row.id, 0, 50).await.unwrap()).contains("7391"));
    }

    async fn what_is_sealed_is_in_order_and_bounded(t: Fixture) {
        let mut house = House::build(t).await;
        widget(&mut house).await;
        first(&house).await;
        let visitor: VisitorId = house.ctx.id();
        let row = begins(&house, visitor, None).await.unwrap();
        let mut page = Side::new(7, "visitor");
        share(&house, &row, &page, visitor).await;
        let one = page.seals(&row, "one");
        let first = says(&house, visitor, "m1", one.clone()).await.unwrap();
        let again = says(&house, visitor, "m1", one.clone()).await.unwrap();
        assert!(again.repeated && again.event.seq == first.event.seq, "a repeated request adds nothing");
        assert_eq!(code(says(&house, visitor, "m2", one).await), Code::InvalidInput, "a counter counts once");
        for change in [
            |sealed: &mut Sealed| sealed.key_id = "x".into(),
            |sealed: &mut Sealed| sealed.sender = "=".repeat(22),
            |sealed: &mut Sealed| sealed.counter = u64::MAX,
            |sealed: &mut Sealed| sealed.ciphertext = String::new(),
            |sealed: &mut Sealed| sealed.ciphertext = "A".repeat(60_000),
            |sealed: &mut Sealed| sealed.ciphertext = "م".repeat(40),
        ] {
            let mut sealed = page.seals(&row, "two");
            change(&mut sealed);
            assert_eq!(code(says(&house, visitor, "bad", sealed).await), Code::InvalidInput);
        }
        // The thread is bound to the words: over means seal again.
        let late = page.seals(&row, "late");
        rows::close(&house.ctx, &house.hub, row.id, EndedBy::Agent).await.unwrap();
        assert_eq!(code(says(&house, visitor, "m3", late.clone()).await), Code::Conflict);
        let row = {
            let start = Start {
                client: "again".into(),
                filled: None,
                text: None,
                profile: Profile::default(),
                page: None,
                group: None,
            };
            chat::start(&house.person, &house.hub, &house.widget, visitor, start).await.unwrap().0
        };
        assert_eq!((row.state, row.thread_n), (State::Open, 2));
        assert_eq!(code(says(&house, visitor, "m3", late).await), Code::Conflict);
        says(&house, visitor, "m3", page.seals(&row, "late")).await.unwrap();
    }

    async fn devices_are_approved_by_devices(t: Fixture) {
        let house = House::build(t).await;
        let (waiting, _) = device(&house, 1, 2).await;
        assert_eq!(code(approve(&house, waiting.id, 1, None, false).await), Code::Forbidden, "not by themselves");
        let (owner, _) = first(&house).await;
        assert_eq!(code(approve(&house, waiting.id, 0, None, true).await), Code::Forbidden, "only from a device");
        assert_eq!(code(approve(&house, waiting.id, 2, Some(owner.id), true).await), Code::Forbidden, "of one's own");
        let approved = approve(&house, waiting.id, 0, Some(owner.id), true).await.unwrap();
        assert_eq!((approved.state, approved.approved_by), (DeviceState::Approved, Some(house.users[0])));
        // A further device of one's own needs no manager; somebody else's does.
        let (second, _) = device(&house, 1, 3).await;
        let (other, _) = device(&house, 2, 4).await;
        approve(&house, second.id, 1, Some(waiting.id), false).await.unwrap();
        assert_eq!(code(approve(&house, other.id, 1, Some(waiting.id), false).await), Code::Forbidden);
        let same = encryption::add(&house.ctx, &house.hub, house.users[2], ("Copy", &other.written_key())).await;
        assert_eq!(code(same), Code::AlreadyExists);
        for key in ["", "AAAA", &b64(&[0; 32]), &b64(&[1; 33])] {
            let made = encryption::add(&house.ctx, &house.hub, house.users[2], ("Odd", key)).await;
            assert_eq!(code(made), Code::InvalidInput, "{key}");
        }
        assert_eq!(code(encryption::revoke(&house.ctx, &house.hub, owner.id, (house.users[1], false)).await), Code::Forbidden);
        encryption::revoke(&house.ctx, &house.hub, second.id, (house.users[1], false)).await.unwrap();
        assert_eq!(code(approve(&house, second.id, 0, Some(owner.id), true).await), Code::Conflict, "for good");
        // Whoever leaves leaves with their devices.
        let members = accounts::members::list(&house.ctx, None, 50).await.unwrap();
        let gone = members.iter().find(|one| one.user == house.users[1]).unwrap().id;
        accounts::members::remove(&house.ctx, accounts::members::Permissions::all(), gone).await.unwrap();
        let all = encryption::list(&house.ctx).await.unwrap();
        assert!(all.iter().filter(|one| one.member == house.users[1]).all(|one| one.state == DeviceState::Revoked));
        // The log tells all of it, each line bound to the one before.
        let log = encryption::log(&house.ctx).await.unwrap();
        let told: Vec<String> = log.iter().map(|line| line.action.to_string()).collect();
        assert_eq!(told, ["added", "added", "approved_first", "approved", "added", "added", "approved", "revoked", "revoked"]);
        let mut before = "0".repeat(64);
        for (number, line) in log.iter().enumerate() {
            let text = format!(
                "{before}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
                number + 1,
                line.device,
                line.member,
                line.action,
                line.by.map(|by| by.to_string()).unwrap_or_default(),
                line.by_device.map(|by| by.to_string()).unwrap_or_default(),
                b64(&line.public_key)
            );
            let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
            before = data_encoding::HEXLOWER.encode(hash.as_ref());
            assert_eq!(data_encoding::HEXLOWER.encode(&line.hash), before);
        }
    }

    async fn whoever_joins_gets_the_key_and_whoever_left_makes_it_old(t: Fixture) {
        let mut house = House::build(t).await;
        widget(&mut house).await;
        let (owner, _) = first(&house).await;
        let visitor: VisitorId = house.ctx.id();
        let row = begins(&house, visitor, None).await.unwrap();
        let page = Side::new(7, "visitor");
        share(&house, &row, &page, visitor).await;
        let (joined, pair) = device(&house, 1, 2).await;
        approve(&house, joined.id, 0, Some(owner.id), true).await.unwrap();
        let status = encryption::status(&house.ctx, &row).await.unwrap();
        assert_eq!(status.missing, [Recipient::Device(joined.id)]);
        // Only whoever has the key hands it on.
        let to = [(joined.id.to_string(), joined.public_key.to_vec())];
        let shares = page.wraps(&row, &to);
        let (hub, ctx) = (&house.hub, &house.ctx);
        let by_new = encryption::add_shares(ctx, hub, row.id, (house.users[1], joined.id), (&page.key_id, &shares)).await;
        assert_eq!(code(by_new), Code::Forbidden);
        let forged = encryption::add_shares(ctx, hub, row.id, (house.users[1], owner.id), (&page.key_id, &shares)).await;
        assert_eq!(code(forged), Code::Forbidden, "somebody else's device");
        encryption::add_shares(ctx, hub, row.id, (house.users[0], owner.id), (&page.key_id, &shares)).await.unwrap();
        let opened = encryption::shares_for(ctx, &row, (house.users[1], joined.id)).await.unwrap();
        let kept = &opened.shares[0];
        let about = info(&row, &kept.key_id, &kept.recipient.to_string());
        assert_eq!(open(&pair, &raw(&kept.enc), about.as_bytes(), &raw(&kept.ciphertext)).unwrap(), page.key);
        let stranger = WrappedKey { recipient: DeviceId([9; 16]).to_string(), ..shares[0].clone() };
        let kept = encryption::by_visitor(&house.person, hub, visitor, (&page.key_id, &[stranger])).await;
        assert_eq!(code(kept), Code::InvalidInput);
        // A revoked device is served no more, and the key it had is to be changed.
        encryption::revoke(ctx, hub, joined.id, (house.users[0], true)).await.unwrap();
        assert_eq!(code(encryption::shares_for(ctx, &row, (house.users[1], joined.id)).await), Code::Forbidden);
        assert!(encryption::status(ctx, &row).await.unwrap().rotate);
        let fresh = Side::new(9, "visitor");
        share(&house, &row, &fresh, visitor).await;
        let status = encryption::status(ctx, &row).await.unwrap();
        assert_eq!((status.rotate, status.key_id), (false, Some(fresh.key_id.clone())));
        // With the conversation go its keys.
        rows::erase(ctx, hub, row.id).await.unwrap();
        assert_eq!(code(encryption::by_visitor(&house.person, hub, visitor, (&fresh.key_id, &[])).await), Code::Conflict);
    }

    async fn a_key_that_a_revoked_device_has_seals_nothing_more(t: Fixture) {
        let mut house = House::build(t).await;
        widget(&mut house).await;
        let (owner, pair) = first(&house).await;
        let (lost, _) = device(&house, 1, 2).await;
        approve(&house, lost.id, 0, Some(owner.id), true).await.unwrap();
        let visitor: VisitorId = house.ctx.id();
        let row = begins(&house, visitor, None).await.unwrap();
        let (ctx, hub) = (&house.ctx, &house.hub);
        let mut page = Side::new(7, "visitor");
        share(&house, &row, &page, visitor).await;
        let before = page.seals(&row, "before");
        let said = says(&house, visitor, "m1", before.clone()).await.unwrap();
        encryption::revoke(ctx, hub, lost.id, (house.users[0], true)).await.unwrap();
        assert_eq!(code(says(&house, visitor, "m2", page.seals(&row, CANARY)).await), Code::KeyWithdrawn);
        assert!(says(&house, visitor, "m1", before).await.unwrap().repeated, "what was taken before is still there");
        // A member cannot make a key that the visitor has: until there is a newer one, theirs is the newest.
        let by = Author::agent(house.users[0]);
        let answers = |key: &Side| Side { role: house.users[0].to_string(), sender: [key.key[0] ^ 0x66; 16], counter: 0, key: key.key, key_id: key.key_id.clone() };
        let answer = |sealed: Sealed| {
            let body = events::EventBody { encrypted: Some(sealed.checked(by).unwrap()), ..events::EventBody::default() };
            let event = NewEvent { kind: Kind::Encrypted, visibility: Visibility::All, author: by, client: None, body };
            rows::send(ctx, hub, row.id, Said { event, resume: false })
        };
        let mut old = answers(&page);
        answer(old.seals(&row, "an answer")).await.unwrap();
        let mut fresh = Side::new(9, "visitor");
        share(&house, &row, &fresh, visitor).await;
        says(&house, visitor, "m2", fresh.seals(&row, "after")).await.unwrap();
        assert_eq!(code(answer(old.seals(&row, "late")).await), Code::KeyWithdrawn);
        answer(answers(&fresh).seals(&row, "a better answer")).await.unwrap();
        // What was said under the old key is still read by whoever may read.
        let opened = encryption::shares_for(ctx, &row, (house.users[0], owner.id)).await.unwrap();
        let kept = opened.shares.iter().find(|share| share.key_id == page.key_id).unwrap();
        let about = info(&row, &kept.key_id, &kept.recipient.to_string());
        assert_eq!(open(&pair, &raw(&kept.enc), about.as_bytes(), &raw(&kept.ciphertext)).unwrap(), page.key);
        let event = events::one(ctx, row.id, said.event.seq).await.unwrap().unwrap();
        let envelope = event.body.encrypted.unwrap();
        let about = aad(&row, "visitor", &envelope.sender, envelope.counter, "all");
        let key = message_key(&page.key, &envelope.key_id, &envelope.sender);
        let plain = unlock(&key, &nonce(envelope.counter), about.as_bytes(), &raw(&envelope.ciphertext)).unwrap();
        assert!(String::from_utf8(plain).unwrap().contains("before"));
    }

    async fn a_group_receives_for_whoever_comes_later(t: Fixture) {
        let mut house = House::build(t).await;
        widget(&mut house).await;
        let (owner, _) = first(&house).await;
        let (ctx, hub) = (&house.ctx, &house.hub);
        let reception = Pair::new([0x21; 32]);
        let id = encryption::create_reception(ctx, None, &b64(&reception.public)).await.unwrap();
        let visitor: VisitorId = ctx.id();
        let row = begins(&house, visitor, None).await.unwrap();
        assert!(encryption::status(ctx, &row).await.unwrap().reception.is_empty(), "nobody could open it yet");
        let half = |device: &Device| {
            let about = format!("barid-reception-1\n{id}\n{}", device.id);
            let (enc, sealed) = seal(&Pair::new([0x44; 32]), &device.public_key, about.as_bytes(), &[0x21; 32]);
            WrappedKey { recipient: device.id.to_string(), enc: b64(&enc), ciphertext: b64(&sealed) }
        };
        encryption::share_reception(ctx, id, owner.id, &[half(&owner)]).await.unwrap();
        let status = encryption::status(ctx, &row).await.unwrap();
        assert_eq!(status.reception.len(), 1);
        let page = Side::new(7, "visitor");
        let shares = page.wraps(&row, &[(id.to_string(), reception.public.clone())]);
        encryption::by_visitor(&house.person, hub, visitor, (&page.key_id, &shares)).await.unwrap();
        // A device that is approved afterwards gets the reception's private half, and with it the chat's key.
        let (late, pair) = device(&house, 1, 2).await;
        approve(&house, late.id, 0, Some(owner.id), true).await.unwrap();
        let denied = encryption::share_reception(ctx, id, late.id, &[half(&late)]).await;
        assert_eq!(code(denied), Code::Forbidden, "it has no share itself");
        encryption::share_reception(ctx, id, owner.id, &[half(&late)]).await.unwrap();
        let devices = encryption::list(ctx).await.unwrap();
        let known = encryption::receptions(ctx, &devices).await.unwrap();
        let own = known[0].shares.iter().find(|share| share.device == late.id).unwrap();
        let about = format!("barid-reception-1\n{id}\n{}", late.id);
        let private = open(&pair, &own.enc, about.as_bytes(), &own.ciphertext).unwrap();
        let opened = encryption::shares_for(ctx, &row, (house.users[1], late.id)).await.unwrap();
        let kept = opened.shares.iter().find(|share| share.recipient == Recipient::Reception(id)).unwrap();
        let half = Pair::new(private.try_into().unwrap());
        let about = info(&row, &kept.key_id, &id.to_string());
        assert_eq!(open(&half, &raw(&kept.enc), about.as_bytes(), &raw(&kept.ciphertext)).unwrap(), page.key);
        // Once one of its devices is revoked it receives no more, and what was sealed to it is to be changed.
        encryption::revoke(ctx, hub, late.id, (house.users[0], true)).await.unwrap();
        let status = encryption::status(ctx, &row).await.unwrap();
        assert!(status.rotate && status.reception.is_empty());
    }

    async fn settings_say_what_cannot_be_had(t: Fixture) {
        let house = House::build(t).await;
        let base = serde_json::json!({ "encryption": "end_to_end", "features": { "transcript": false } });
        let field = serde_json::json!({ "key": "q", "kind": "textarea", "purpose": "service", "label": { "en": "Q" } });
        let form = serde_json::json!({ "enabled": true, "fields": [field] });
        for (field, change) in [
            ("features.transcript", serde_json::json!({ "features": { "transcript": true } })),
            ("features.sneak_peek", serde_json::json!({ "features": { "transcript": false, "sneak_peek": true } })),
            ("forms.offline.enabled", serde_json::json!({ "forms": { "offline": { "enabled": true, "fields": [
                { "key": "e", "kind": "email", "required": true, "purpose": "service", "label": { "en": "E" } }] } } })),
            ("forms.pre_chat.fields[0].kind", serde_json::json!({ "forms": { "pre_chat": form } })),
        ] {
            let mut wanted = base.clone();
            wanted.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let settings: Settings = serde_json::from_value(wanted).unwrap();
            let problem = widgets::create(&house.ctx, "W", &settings).await.unwrap_err().problem();
            assert_eq!(problem.fields[0].field, field);
        }
        widgets::create(&house.ctx, "W", &serde_json::from_value(base).unwrap()).await.unwrap();
    }
}
