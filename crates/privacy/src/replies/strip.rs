//! The words of the one who answers: without quotes, attribution lines and signatures.

/// Verbs of attribution lines such as "On Monday Ana wrote:", after folding.
const WROTE: &[&str] = &[
    "wrote",
    "schrieb",
    "a ecrit",
    "كتب",
    "كتبت",
    "escribio",
    "schreef",
    "пишет",
    "написал",
    "написала",
    "yazdi",
    "sunu yazdi",
    "ha scritto",
];

/// Lines after which everything is quoted, after folding and without dashes and underscores around them.
const QUOTED_FROM_HERE: &[&str] = &[
    "original message",
    "forwarded message",
    "begin forwarded message",
    "ursprungliche nachricht",
    "originalnachricht",
    "weitergeleitete nachricht",
    "message d'origine",
    "message original",
    "message transfere",
    "الرساله الاصليه",
    "رساله اصليه",
    "رساله معاد توجيهها",
    "mensaje original",
    "mensaje reenviado",
    "oorspronkelijk bericht",
    "doorgestuurd bericht",
    "исходное сообщение",
    "пересылаемое сообщение",
    "orijinal ileti",
    "orijinal mesaj",
    "iletilen mesaj",
];

/// First lines of a block of quoted headers (Outlook), after folding, and the fields one of which follows.
const FROM: &[&str] = &["from:", "von:", "de:", "de :", "من:", "van:", "от:", "kimden:", "gonderen:"];
const SENT: &[&str] = &[
    "sent:",
    "date:",
    "to:",
    "gesendet:",
    "datum:",
    "an:",
    "envoye:",
    "envoye :",
    "date :",
    "a:",
    "a :",
    "ارسلت:",
    "تم الارسال:",
    "تاريخ الارسال:",
    "التاريخ:",
    "الي:",
    "enviado:",
    "enviado el:",
    "fecha:",
    "para:",
    "verzonden:",
    "aan:",
    "отправлено:",
    "дата:",
    "кому:",
    "gonderildi:",
    "gonderme tarihi:",
    "tarih:",
    "kime:",
];

/// Beginnings of lines that telephones add, after folding.
const DEVICES: &[&str] = &[
    "sent from my",
    "sent from mail",
    "get outlook for",
    "sent via",
    "von meinem",
    "gesendet von",
    "envoye de mon",
    "envoye depuis",
    "ارسل من",
    "مرسل من",
    "ارسلت من",
    "enviado desde",
    "verzonden vanaf",
    "verstuurd vanaf",
    "отправлено с",
    "iphone'umdan",
    "iphone'dan",
];

/// Beginnings of subjects that answer or forward, after folding.
const ANSWERS: &[&str] = &[
    "re:",
    "aw:",
    "sv:",
    "antw:",
    "fw:",
    "fwd:",
    "wg:",
    "tr:",
    "rv:",
    "ynt:",
    "ilt:",
    "رد:",
    "الرد:",
    "res:",
    "re :",
    "отв:",
    "enc:",
];

/// What the sender of the reply wrote.
pub fn own_words(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let folded: Vec<String> = lines.iter().map(|line| kernel::fold(line)).collect();
    let mut own: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        if is_quote(lines[at]) {
            at += 1;
        } else if let Some(next) = attribution(&folded, at) {
            // Answers below the quote survive, answers above a quote without marks end here.
            match folded[next..].iter().position(|line| !line.is_empty()) {
                Some(first) if is_quote(&folded[next + first]) => at = next + first,
                _ => break,
            }
        } else if is_end(&lines, &folded, at) {
            break;
        } else {
            own.push(lines[at]);
            at += 1;
        }
    }
    own.join("\n").trim().to_owned()
}

/// The text without what stands between quotation marks: cited words are not a wish. A reply that is little
/// more than its citation is left as it is.
pub(super) fn without_citations(text: &str) -> String {
    const MARKS: &[(char, char)] = &[('"', '"'), ('“', '”'), ('„', '“'), ('«', '»')];
    let mut rest = String::with_capacity(text.len());
    let mut tail = text;
    while let Some(start) = tail.find(|c| MARKS.iter().any(|(open, _)| *open == c)) {
        let (before, cited) = tail.split_at(start);
        let open = cited.chars().next().unwrap_or('"');
        let inside = &cited[open.len_utf8()..];
        let end = inside.char_indices().find(|(_, c)| *c == '\n' || MARKS.contains(&(open, *c)));
        rest.push_str(before);
        tail = match end {
            Some((end, close)) if close != '\n' => &inside[end + close.len_utf8()..],
            _ => {
                rest.push(open);
                inside
            }
        };
        rest.push(' ');
    }
    rest.push_str(tail);
    if rest.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count() >= 3 {
        rest
    } else {
        text.to_owned()
    }
}

/// The subject, when the message is not an answer.
pub(super) fn fresh_subject(subject: &str) -> Option<&str> {
    let folded = kernel::fold(subject);
    (!folded.is_empty() && !ANSWERS.iter().any(|prefix| folded.starts_with(prefix))).then(|| subject.trim())
}

fn is_quote(line: &str) -> bool {
    line.trim_start().starts_with(['>', '|'])
}

/// An attribution of one to three lines that begins here; the index after it.
fn attribution(folded: &[String], at: usize) -> Option<usize> {
    let mut joined = String::new();
    for (after, line) in folded.iter().enumerate().skip(at).take(3) {
        if line.is_empty() {
            return None;
        }
        joined.push(' ');
        joined.push_str(line);
        let ends = joined.ends_with([':', '：']);
        let dated = joined.contains('@') || joined.contains(|c: char| c.is_ascii_digit());
        let begins = ["on ", "am ", "le ", "el ", "op ", "في ", "بتاريخ ", "il ", "كتب ", "كتبت "]
            .iter()
            .any(|word| joined[1..].starts_with(word));
        let wrote = WROTE.iter().any(|verb| {
            joined.match_indices(verb).any(|(start, _)| {
                let (before, rest) = (&joined[..start], &joined[start + verb.len()..]);
                !before.ends_with(char::is_alphanumeric) && !rest.starts_with(char::is_alphanumeric)
            })
        });
        if ends && wrote && (dated || begins) {
            return Some(after + 1);
        }
        // Only a line that could go on is joined with the next.
        if ends || !(begins || dated) {
            return None;
        }
    }
    None
}

fn is_end(lines: &[&str], folded: &[String], at: usize) -> bool {
    let line = lines[at].trim_end();
    if (lines[at] == "-- " || line == "--") && at > 0 {
        return true;
    }
    let bare = folded[at].trim_matches(|c: char| matches!(c, '-' | '_' | '*' | '=' | ':' | ' '));
    if bare.is_empty() && line.len() >= 20 && line.starts_with('_') {
        return true;
    }
    if QUOTED_FROM_HERE.contains(&bare) || DEVICES.iter().any(|device| folded[at].starts_with(device)) {
        return true;
    }
    let field = |line: &str, names: &[&str]| {
        let line = line.trim_start_matches('*');
        names.iter().any(|name| line.starts_with(name) || line.replace('*', "").starts_with(name))
    };
    field(&folded[at], FROM) && folded[at + 1..].iter().take(3).any(|next| field(next, SENT))
}
