//! In which order routes are tried for a number: pure.

use super::model::{Route, RouteState, Rules};

/// A route that may take a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The route.
    pub route: &'a Route,
    /// How well it fits: a network that it names, then the length of the prefix.
    fit: (bool, usize),
}

/// How well rules fit a number, `None` when they do not.
fn fit(rules: &Rules, digits: &str, network: &str) -> Option<(bool, usize)> {
    if !rules.networks.is_empty() && !rules.networks.iter().any(|known| known == network) {
        return None;
    }
    let longest = rules.prefixes.iter().filter(|prefix| digits.starts_with(prefix.as_str())).map(String::len).max();
    let prefix = match longest {
        Some(length) => length,
        None if rules.prefixes.is_empty() => 0,
        None => return None,
    };
    Some((!rules.networks.is_empty(), prefix))
}

/// The active routes that take this number, the one to be tried first in front: the better fit, then the
/// lower priority, then by weight at random (`dice`), the cheaper first among the rest.
pub fn order<'a>(routes: &'a [Route], digits: &str, network: &str, dice: u64) -> Vec<Candidate<'a>> {
    let active = routes.iter().filter(|route| route.state == RouteState::Active);
    let mut all: Vec<Candidate<'a>> =
        active.filter_map(|route| Some(Candidate { route, fit: fit(&route.rules, digits, network)? })).collect();
    let rank = |one: &Candidate<'_>| (std::cmp::Reverse(one.fit), one.route.rules.priority);
    all.sort_by_key(|one| (rank(one), one.route.rules.cost, one.route.id.0));
    let Some(first) = all.first().map(&rank) else { return all };
    let equals = all.iter().take_while(|one| rank(one) == first).count();
    let total: u64 = all[..equals].iter().map(|one| u64::from(one.route.rules.weight)).sum();
    let mut left = dice.checked_rem(total).unwrap_or(0);
    for at in 0..equals {
        let weight = u64::from(all[at].route.rules.weight);
        if left < weight {
            all[..=at].rotate_right(1);
            break;
        }
        left -= weight;
    }
    all
}

#[cfg(test)]
mod tests {
    use billing::Micros;
    use kernel::{RouteId, Timestamp};

    use super::{Route, RouteState, Rules, order};

    fn route(name: &str, rules: Rules) -> Route {
        Route {
            id: RouteId([name.as_bytes()[0]; 16]),
            name: name.into(),
            state: RouteState::Active,
            rules,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        }
    }

    fn names(routes: &[Route], digits: &str, network: &str, dice: u64) -> Vec<String> {
        order(routes, digits, network, dice).iter().map(|one| one.route.name.clone()).collect()
    }

    #[test]
    fn longest_prefix_then_priority_then_cost() {
        let prefixes = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let mut paused = route("paused", Rules { prefixes: prefixes(&["96650"]), ..Rules::default() });
        paused.state = RouteState::Paused;
        let routes = [
            route("any", Rules::default()),
            route("sa", Rules { prefixes: prefixes(&["966", "971"]), ..Rules::default() }),
            route("stc", Rules { prefixes: prefixes(&["96650"]), priority: 20, cost: Micros(5), ..Rules::default() }),
            route("stc2", Rules { prefixes: prefixes(&["96650"]), priority: 10, ..Rules::default() }),
            route("net", Rules { networks: prefixes(&["42001"]), ..Rules::default() }),
            paused,
        ];
        assert_eq!(names(&routes, "966501234567", "", 0), ["stc2", "stc", "sa", "any"]);
        assert_eq!(names(&routes, "966501234567", "42001", 0), ["net", "stc2", "stc", "sa", "any"]);
        assert_eq!(names(&routes, "971501234567", "", 0), ["sa", "any"]);
        assert_eq!(names(&routes, "491701234567", "", 0), ["any"]);
    }

    #[test]
    fn weights_share_and_the_others_are_for_failover() {
        let weighed = |name: &str, weight| route(name, Rules { weight, ..Rules::default() });
        let routes = [weighed("a", 1), weighed("b", 3), weighed("c", 1)];
        let first: Vec<_> = (0..5).map(|dice| names(&routes, "1", "", dice)[0].clone()).collect();
        assert_eq!(first, ["a", "b", "b", "b", "c"]);
        assert_eq!(names(&routes, "1", "", 4), ["c", "a", "b"]);
    }
}
