use kernel::{Email, Locale, fold};
use privacy::requests::{self, Authentication, Authenticity, Content, Intake, NOTICE_QUEUE, RequestKind, Via};
use serde_json::json;
use store::{Ctx, NewJob};

use crate::Result;

const MOST_MEMBERS: u32 = 500;
const MOST_TEXT: usize = 4000;

/// What words say which right is meant, in the languages that people write in; what nothing says is
/// a question about what is held. Nothing happens by these words alone: the link shows what was
/// understood and asks.
const WORDS: [(RequestKind, &[&str]); 5] = [
    (
        RequestKind::Erasure,
        &[
            "erase",
            "delete",
            "forget me",
            "remove my",
            "losch",
            "lösch",
            "effac",
            "supprim",
            "удал",
            "حذف",
            "محو",
            "امسح",
        ],
    ),
    (RequestKind::Portability, &["portab", "ubertragbar", "übertragbar", "نقل بيانات"]),
    (RequestKind::Restriction, &["restrict", "einschrank", "einschränk", "limitation", "تقييد"]),
    (RequestKind::Rectification, &["correct", "rectif", "berichtig", "corrig", "تصحيح"]),
    (RequestKind::Objection, &["object", "widerspr", "oppos", "اعتراض", "اعترض"]),
];

/// What a mail asks for.
fn kind_of(text: &str) -> RequestKind {
    let folded = fold(text);
    let means = |words: &[&str]| words.iter().any(|word| folded.contains(&fold(word)));
    WORDS.iter().find(|(_, words)| means(words)).map_or(RequestKind::Access, |(kind, _)| *kind)
}

/// Takes a mail that came to the privacy mailbox. A `From` proves nothing: whoever is known under it
/// gets a link at the address on file, and nothing happens before it is followed. A member's mail
/// opens no request; they are told where members do that. What strangers write, and what is not from whom it
/// says, waits for a human. Answers whether something came in.
///
/// # Errors
/// When the store fails.
pub async fn by_mail(ctx: &Ctx, writer: &Email, text: &str, proof: Authentication) -> Result<bool> {
    let refused = |error: accounts::Error| store::Error::Refused(error.problem());
    let members = accounts::members::list(ctx, None, MOST_MEMBERS).await.map_err(refused)?;
    let is_forged = proof.result == Authenticity::Fail;
    let member = members.iter().find(|member| member.email.expose().normal() == writer.normal());
    // Whoever forges a member's address shall not make us write to the member.
    if let Some(member) = member.filter(|_| !is_forged) {
        let payload = json!({ "kind": "request.pointer", "member": member.user });
        let mut batch = ctx.batch();
        batch.job(NewJob::now(NOTICE_QUEUE, payload).key(format!("pointer:{}", member.user)));
        ctx.db.apply(batch).await?;
        return Ok(false);
    }
    let text: String = text.chars().take(MOST_TEXT).collect();
    let arabic = text.chars().filter(|c| ('\u{600}'..='\u{6ff}').contains(c)).count() * 2 > text.chars().count();
    let content = Content {
        requester: Some(writer.wire()),
        language: arabic.then(Locale::ar),
        text: text.clone(),
        authentication: Some(proof),
        ..Content::default()
    };
    let came = Intake { kind: kind_of(&text), via: Via::Mail, child: false, received_at: ctx.now(), content };
    requests::intake(ctx, &came).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_which_right_is_meant() {
        for (text, kind) in [
            ("Please delete everything you have about me", RequestKind::Erasure),
            ("أرجو حذف بياناتي", RequestKind::Erasure),
            ("Bitte löschen Sie meine Daten", RequestKind::Erasure),
            ("I object to your newsletter", RequestKind::Objection),
            ("أريد تصحيح اسمي", RequestKind::Rectification),
            ("What do you know about me?", RequestKind::Access),
            ("", RequestKind::Access),
        ] {
            assert_eq!(kind_of(text), kind, "{text}");
        }
    }
}
