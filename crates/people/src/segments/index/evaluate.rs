use kernel::Timestamp;
use roaring::RoaringBitmap;

use super::Index;
use super::column::Column;
use crate::segments::conditions::{Field, FieldCondition, Node, Scalar, StandardField, Test, Where};

impl Index {
    /// The contacts in the segment, seen from `now`: the answer of
    /// [`matches`](crate::segments::reference::matches) for everyone at once.
    pub fn evaluate(&self, condition: &Where, now: Timestamp) -> RoaringBitmap {
        self.select(condition.root(), &self.all, now)
    }

    /// How many contacts are in the segment.
    pub fn count(&self, condition: &Where, now: Timestamp) -> u64 {
        self.evaluate(condition, now).len()
    }

    /// The contacts of `within` for which the node holds. Narrowing as we go lets the costly parts
    /// of a group look at few contacts.
    fn select(&self, node: &Node, within: &RoaringBitmap, now: Timestamp) -> RoaringBitmap {
        if within.is_empty() {
            return RoaringBitmap::new();
        }
        match node {
            Node::Everyone => within.clone(),
            Node::And(parts) => {
                let mut left = within.clone();
                for part in self.cheapest_first(parts) {
                    left = self.select(part, &left, now);
                }
                left
            }
            Node::Or(parts) => {
                let (mut open, mut found) = (within.clone(), RoaringBitmap::new());
                for part in self.cheapest_first(parts) {
                    let hits = self.select(part, &open, now);
                    open -= &hits;
                    found |= hits;
                }
                found
            }
            Node::Not(part) => within - self.select(part, within, now),
            Node::Field(condition) => self.select_field(condition, within, now),
            Node::Tag(tag) => self.tags.get(&tag.key).map_or_else(RoaringBitmap::new, |who| who & within),
            Node::Topic(topic) => {
                let who = self.topics.get(&(topic.topic.key.clone(), topic.state));
                who.map_or_else(RoaringBitmap::new, |who| who & within)
            }
            Node::Event(condition) => self.events.select(condition, within, self.ids.len(), now),
        }
    }

    fn select_field(&self, condition: &FieldCondition, within: &RoaringBitmap, now: Timestamp) -> RoaringBitmap {
        let FieldCondition { field, test } = condition;
        let holds = |value: Scalar<'_>| test.holds(Some(value), now);
        let instants = match field {
            Field::Standard(StandardField::CreatedAt) => Some(&self.created),
            Field::Standard(StandardField::UpdatedAt) => Some(&self.updated),
            _ => None,
        };
        let column = self.column(field);
        match (test, instants) {
            (Test::Exists, Some(instants)) => instants.present(within),
            (Test::Missing, Some(instants)) => within - instants.present(within),
            (_, Some(instants)) => instants.select(within, &holds),
            (Test::Exists, None) => column.map_or_else(RoaringBitmap::new, |column| column.present(within)),
            (Test::Missing, None) => column.map_or_else(|| within.clone(), |column| within - column.present(within)),
            (_, None) => column.map_or_else(RoaringBitmap::new, |column| column.select(within, &holds)),
        }
    }

    fn cheapest_first<'a>(&self, parts: &'a [Node]) -> Vec<&'a Node> {
        let mut parts: Vec<_> = parts.iter().collect();
        parts.sort_by_key(|part| self.cost(part));
        parts
    }

    fn cost(&self, node: &Node) -> u8 {
        match node {
            Node::Everyone | Node::Tag(_) | Node::Topic(_) => 0,
            Node::Field(condition) if self.column(&condition.field).is_some_and(Column::is_scanned) => 3,
            Node::Field(_) => 1,
            Node::Event(_) => 2,
            Node::Not(part) => self.cost(part),
            Node::And(parts) | Node::Or(parts) => parts.iter().map(|part| self.cost(part)).max().unwrap_or(0),
        }
    }
}
