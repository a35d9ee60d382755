//! Every command can run on a server's worker threads: its future is `Send`.

use people::contacts::{self, Change, Draft};
use people::subscribe::{Leave, Proof, Subscribe};
use people::topics::TopicDraft;
use people::{events, export, fields, forms, import, subscribe, tags, topics};
use store::Ctx;

fn send<T: Send>(_: T) {}

/// Never called: that it compiles is the test.
#[expect(dead_code, reason = "only its types are checked")]
fn all(ctx: &Ctx, gate: &privacy::gate::Gate, form: &forms::Form, command: Subscribe, settings: import::Settings) {
    let (contact, topic, tag, id) = (ctx.id(), ctx.id(), ctx.id(), ctx.id());
    let origin = &crate::origin();
    let (email, proof) = (&"a@example.com".parse().unwrap(), &Proof::default());
    send(contacts::create(ctx, Draft::default(), origin));
    send(contacts::update(ctx, contact, Change::default(), origin));
    send(contacts::get(ctx, people::ReadFor::Work, contact));
    send(contacts::list(ctx, people::ReadFor::Work, &kernel::PageRequest::default()));
    send(contacts::by_email(ctx, email));
    send(contacts::find(ctx, ""));
    send(contacts::merge(ctx, contact, contact));
    send(contacts::archive(ctx, contact, true));
    send(contacts::remove_address(ctx, contact, ""));
    send(contacts::erase(ctx, gate, contact));
    send(subscribe::subscribe(ctx, command));
    send(subscribe::confirm(&ctx.core, "", proof));
    send(subscribe::unsubscribe(ctx, gate, contact, Leave::Everything, serde_json::Value::Null));
    send(topics::create(ctx, TopicDraft::default()));
    send(topics::update(ctx, topic, TopicDraft::default()));
    send(topics::find(ctx, ""));
    send(tags::ensure(ctx, &[]));
    send(tags::set(ctx, tag, &[contact], true));
    send(fields::define(ctx, "", fields::FieldKind::Text, ""));
    send(forms::submit(ctx, form, forms::Submission::default(), Proof::default()));
    send(events::of(ctx, contact, 1));
    send(export::csv(ctx, Vec::new(), export::CsvOptions::default()));
    send(export::json_lines(ctx, Vec::new()));
    send(import::job::write_rejects(ctx, id, Vec::new()));
    send(import::job::cancel(ctx, id));
    send(async move {
        let mut upload = import::Upload::begin(ctx).await?;
        upload.write(b"").await?;
        import::start(ctx, upload.finish().await?, settings).await
    });
}
