//! What the end of a hand-over means to outbound.

use outbound::Sent;

use crate::bounce::Class;
use crate::smtp::{Failure, Outcome, Phase, Reply};

/// Nothing was handed over, and nothing will change that by itself.
pub(super) const fn impossible(reason: &'static str) -> Sent {
    Sent::NotStarted { reason, permanent: true }
}

/// Nothing was handed over; later may be better.
pub(super) const fn later(reason: &'static str) -> Sent {
    Sent::NotStarted { reason, permanent: false }
}

pub(super) fn sent(outcome: Outcome) -> Sent {
    match outcome {
        Outcome::Accepted { reply } => Sent::Accepted { status: status(&reply) },
        Outcome::Refused { permanent, phase, reply } => refused(permanent, phase, &reply),
        Outcome::Lost => Sent::PermitLost,
        Outcome::NotStarted { cause } => later(code(&cause)),
        Outcome::InDoubt { cause } => Sent::InDoubt { reason: code(&cause) },
    }
}

fn refused(permanent: bool, phase: Phase, reply: &Reply) -> Sent {
    let class = match Class::from(reply) {
        // What is said before RCPT TO is about us, whatever the words are.
        Class::HardAddress if !matches!(phase, Phase::Recipient | Phase::Data | Phase::Final) => Class::Policy,
        class => class,
    };
    Sent::Refused {
        // A full mailbox is tried again even when its server says 5xx.
        permanent: permanent && !class.is_retried(),
        class: class.as_str(),
        suppress: class.suppresses(),
        status: status(reply),
    }
}

fn status(reply: &Reply) -> String {
    reply.enhanced.map_or_else(|| reply.code.to_string(), |enhanced| enhanced.to_string())
}

const fn code(cause: &Failure) -> &'static str {
    match cause {
        Failure::Connect(_) => "connect",
        Failure::Timeout(_) => "timeout",
        Failure::Closed(_) => "connection_lost",
        Failure::Protocol(_) => "protocol",
        Failure::Session { .. } => "session_refused",
        Failure::Handshake(_) => "tls",
        Failure::NoTls => "tls_not_offered",
        Failure::NoLogin => "login_not_offered",
        Failure::Names => "dns",
        Failure::Stopped => "stopped",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(permanent: bool, phase: Phase, reply: Reply) -> (bool, &'static str, bool) {
        match sent(Outcome::Refused { permanent, phase, reply }) {
            Sent::Refused { permanent, class, suppress, .. } => (permanent, class, suppress),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_dead_address_is_suppressed_and_a_refused_sender_is_not() {
        let unknown = || Reply::local(550, "5.1.1", "no such user");
        assert_eq!(of(true, Phase::Recipient, unknown()), (true, "hard_address", true));
        assert_eq!(of(true, Phase::Mail, unknown()), (true, "policy", false));
        assert_eq!(of(true, Phase::Recipient, Reply::local(552, "5.2.2", "full")), (false, "full", false));
        assert_eq!(of(true, Phase::Mail, Reply::local(550, "5.6.7", "no utf8")), (true, "eai", false));
        assert_eq!(of(false, Phase::Final, Reply::local(451, "4.7.1", "greylisted")), (false, "policy", false));
    }

    #[test]
    fn what_may_have_arrived_is_in_doubt() {
        let closed = || Failure::Closed(Phase::Final);
        assert_eq!(sent(Outcome::InDoubt { cause: closed() }), Sent::InDoubt { reason: "connection_lost" });
        assert_eq!(sent(Outcome::NotStarted { cause: closed() }), later("connection_lost"));
        let accepted = sent(Outcome::Accepted { reply: Reply::local(250, "", "ok") });
        assert_eq!(accepted, Sent::Accepted { status: "250".into() });
    }
}
