use std::collections::{BTreeSet, HashMap};

use kernel::{TagId, TopicId};
use store::Ctx;

use crate::segments::SegmentError;
use crate::segments::conditions::{Field, LabelKey, LabelKind, Node, Path, Where};
use crate::{Result, fields, tags, topics};

/// The names a workspace's conditions may use. The index knows tags and topics by id, so that
/// giving one another name changes nothing in it.
#[derive(Default)]
pub(super) struct Catalog {
    /// Folded name → id.
    tags: HashMap<LabelKey, LabelKey>,
    topics: HashMap<LabelKey, LabelKey>,
    /// Keys of the custom fields.
    fields: BTreeSet<String>,
}

/// The key under which the index knows a tag.
pub(super) fn tag_key(id: TagId) -> LabelKey {
    LabelKey::new(&id.to_string())
}

/// The key under which the index knows a topic.
pub(super) fn topic_key(id: TopicId) -> LabelKey {
    LabelKey::new(&id.to_string())
}

impl Catalog {
    pub(super) async fn load(ctx: &Ctx) -> Result<Self> {
        let tags = tags::list(ctx).await?.into_iter().map(|tag| (LabelKey::new(&tag.name), tag_key(tag.id)));
        let topics =
            topics::list(ctx).await?.into_iter().map(|topic| (LabelKey::new(&topic.name), topic_key(topic.id)));
        Ok(Self {
            tags: tags.collect(),
            topics: topics.collect(),
            fields: fields::list(ctx).await?.into_keys().collect(),
        })
    }

    /// The condition with every name replaced by its id. A name that nobody knows is an error: a
    /// misspelled tag below `not` would mean everyone.
    pub(super) fn resolve(&self, condition: &Where) -> Result<Where, SegmentError> {
        self.check(condition.root(), &Path::Root("where"))?;
        Ok(condition.with_keys(&|kind, key| self.names(kind).get(key).cloned()))
    }

    const fn names(&self, kind: LabelKind) -> &HashMap<LabelKey, LabelKey> {
        match kind {
            LabelKind::Tag => &self.tags,
            LabelKind::Topic => &self.topics,
        }
    }

    fn knows(&self, kind: LabelKind, key: &LabelKey) -> bool {
        let names = self.names(kind);
        names.contains_key(key) || names.values().any(|id| id == key)
    }

    fn check(&self, node: &Node, path: &Path<'_>) -> Result<(), SegmentError> {
        let all = |parts: &[Node], path: Path<'_>| {
            parts.iter().enumerate().try_for_each(|(i, part)| self.check(part, &path.index(i)))
        };
        match node {
            Node::And(parts) => all(parts, path.key("and")),
            Node::Or(parts) => all(parts, path.key("or")),
            Node::Not(part) => self.check(part, &path.key("not")),
            Node::Tag(tag) if !self.knows(LabelKind::Tag, &tag.key) => {
                Err(path.key("tag").error("there is no tag of this name or id"))
            }
            Node::Topic(topic) if !self.knows(LabelKind::Topic, &topic.topic.key) => {
                Err(path.key("topic").error("there is no topic of this name or id"))
            }
            Node::Field(condition) => match &condition.field {
                Field::Attribute(name) if !self.fields.contains(&**name) => {
                    Err(path.key("field").error("there is no such custom field; define it first"))
                }
                _ => Ok(()),
            },
            Node::Everyone | Node::Tag(_) | Node::Topic(_) | Node::Event(_) => Ok(()),
        }
    }
}
