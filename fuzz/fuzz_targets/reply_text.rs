//! What people write, for the classifier of intents.
#![no_main]

use libfuzzer_sys::fuzz_target;
use privacy::replies::{ReplyInput, classify, is_message};
use privacy::vocabulary::Channel;

fuzz_target!(|input: (&str, &str)| {
    let (subject, text) = input;
    for channel in [Channel::Email, Channel::Sms] {
        let _ = classify(&ReplyInput { subject, ..ReplyInput::plain(channel, text) });
    }
    let _ = is_message(text);
});
