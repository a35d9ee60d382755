//! Sample data: a widget, a group, an article, prepared answers and a few conversations in Arabic and English.

use std::collections::BTreeMap;

use kernel::{UserId, VisitorId, WidgetId};
use serde_json::json;
use store::Ctx;

use crate::articles::{self, ArticleState};
use crate::chat::{self, Start, Words};
use crate::conversations::{self as rows, Said};
use crate::events::NewEvent;
use crate::groups::{self, Priority};
use crate::hub::Hub;
use crate::model::{Author, EndedBy};
use crate::visitors::Profile;
use crate::widgets::{self, Settings, Widget};
use crate::{Error, Result, agents, canned};

/// Who says it.
#[derive(Clone, Copy)]
enum By {
    Visitor,
    Member,
    Note,
}

/// A conversation: name, language, and what was said.
type Talk = (&'static str, &'static str, &'static [(By, &'static str)], bool);

const TALKS: [Talk; 4] = [
    (
        "سارة العتيبي",
        "ar",
        &[
            (By::Visitor, "السلام عليكم، متى يصل طلبي رقم A-1042؟"),
            (By::Member, "وعليكم السلام ورحمة الله، غادر طلبك المستودع صباح اليوم ويصلك غدًا إن شاء الله."),
            (By::Note, "طلبت سابقًا التوصيل إلى العمل، لنتأكد من العنوان."),
            (By::Visitor, "ممتاز، شكرًا جزيلًا!"),
        ],
        true,
    ),
    (
        "Omar Haddad",
        "en",
        &[
            (By::Visitor, "Hello, can I change the delivery address of an order I placed an hour ago?"),
            (By::Member, "Hello Omar, yes. Which address should it be?"),
            (By::Visitor, "12 Harbour Street, second floor, please."),
        ],
        false,
    ),
    ("Lina", "en", &[(By::Visitor, "Do you ship to Morocco?")], false),
    (
        "خالد",
        "ar",
        &[(By::Visitor, "هل يمكن الدفع عند الاستلام؟"), (By::Visitor, "وكم تبلغ رسوم التوصيل إلى جدة؟")],
        false,
    ),
];

fn settings(origin: &str, group: kernel::GroupId) -> Result<Settings> {
    let wanted = json!({
        "origins": [origin],
        "group": group,
        "forms": {
            "ask_mail": { "enabled": true, "intro": { "en": "Where may we answer you?", "ar": "إلى أي عنوان نرسل الرد؟" }, "fields": [
                { "key": "email", "kind": "email", "required": true, "purpose": "service",
                  "label": { "en": "E-mail", "ar": "البريد الإلكتروني" } } ] },
            "offline": { "enabled": true, "intro": { "en": "Nobody is here now. Write to us and we answer by e-mail.",
                                                     "ar": "لا يوجد أحد من الفريق الآن. اكتب إلينا وسنرد عليك بالبريد." }, "fields": [
                { "key": "email", "kind": "email", "required": true, "purpose": "service",
                  "label": { "en": "E-mail", "ar": "البريد الإلكتروني" } },
                { "key": "subject", "kind": "text", "purpose": "service", "label": { "en": "Subject", "ar": "الموضوع" } },
                { "key": "message", "kind": "textarea", "required": true, "purpose": "service",
                  "label": { "en": "Message", "ar": "الرسالة" } } ] }
        }
    });
    serde_json::from_value(wanted).map_err(|_| Error::Corrupt("sample"))
}

/// Loads the samples; answers the widget.
///
/// # Errors
/// When the store fails.
pub async fn load(ctx: &Ctx, hub: &Hub, origin: &str) -> Result<WidgetId> {
    let member = accounts::members::list(ctx, None, 1).await?.pop().ok_or(Error::NotFound("member"))?.user;
    let draft = groups::Draft {
        name: "Support · الدعم".to_owned(),
        settings: groups::Settings::default(),
        members: BTreeMap::from([(member, Priority::Normal)]),
    };
    let group = groups::create(ctx, draft).await?;
    let change =
        agents::Change { status: Some(agents::Status::Accepting), limit: Some(2), ..agents::Change::default() };
    agents::update(ctx, hub, member, change).await?;
    knowledge(ctx).await?;
    let widget = widgets::create(ctx, "Sample site · موقع تجريبي", &settings(origin, group.id)?).await?;
    for talk in TALKS {
        tell(ctx, hub, (&widget, member), talk).await?;
    }
    Ok(widget.id)
}

async fn knowledge(ctx: &Ctx) -> Result<()> {
    let words = |en: &str, ar: &str| widgets::Words { en: en.to_owned(), ar: ar.to_owned() };
    let article = articles::Draft {
        state: ArticleState::Published,
        title: words("Delivery times", "مدة التوصيل"),
        text: words(
            "Orders leave our warehouse within one working day and arrive two to four days later.",
            "تغادر الطلبات مستودعنا خلال يوم عمل واحد وتصل بعد يومين إلى أربعة أيام.",
        ),
        keywords: vec!["shipping".to_owned(), "شحن".to_owned()],
    };
    articles::put(ctx, None, &article).await?;
    for (shortcut, language, text) in [
        ("hello", "en", "Hello, and thank you for writing. How can we help?"),
        ("سلام", "ar", "السلام عليكم، شكرًا لتواصلك معنا. كيف نستطيع مساعدتك؟"),
    ] {
        let draft = canned::Draft {
            shortcut: shortcut.to_owned(),
            text: text.to_owned(),
            language: Some(language.to_owned()),
            group: None,
            tags: Vec::new(),
        };
        canned::put(ctx, None, &draft).await?;
    }
    Ok(())
}

async fn tell(ctx: &Ctx, hub: &Hub, (widget, member): (&Widget, UserId), talk: Talk) -> Result<()> {
    let (name, language, lines, closed) = talk;
    let visitor: VisitorId = ctx.id();
    let mut row: Option<rows::Conversation> = None;
    for (number, (by, text)) in lines.iter().enumerate() {
        let client = format!("sample-{number}");
        row = Some(match (by, row) {
            (By::Visitor, None) => {
                let profile =
                    Profile { name: Some(name.to_owned()), language: Some(language.to_owned()), ..Profile::default() };
                let start =
                    Start { client, filled: None, text: Some((*text).to_owned()), profile, page: None, group: None };
                chat::start(ctx, hub, widget, visitor, start).await?.0
            }
            (By::Visitor, Some(_)) => chat::say(ctx, hub, visitor, &client, Words::Text((*text).to_owned())).await?.row,
            (By::Member | By::Note, Some(row)) => {
                let by_member = Author::agent(member);
                let event = match by {
                    By::Note => NewEvent::note(by_member, (*text).to_owned()),
                    _ => NewEvent::message(by_member, (*text).to_owned()),
                };
                rows::send(ctx, hub, row.id, Said { event, resume: false }).await?.row
            }
            (By::Member | By::Note, None) => return Err(Error::Corrupt("sample")),
        });
    }
    if let (true, Some(row)) = (closed, row) {
        rows::set_tags(ctx, hub, row.id, &["delivery · توصيل".to_owned()]).await?;
        chat::rate(ctx, hub, visitor, Some(1), None).await?;
        rows::close(ctx, hub, row.id, EndedBy::Agent).await?;
    }
    Ok(())
}
