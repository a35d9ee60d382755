//! Conditionals as jumps.

use super::{Lower, Place};
use crate::render::Op;
use crate::tags::Condition;

/// A conditional that is open.
pub(super) struct Block {
    pub place: Place,
    pub tag: usize,
    pub unless: Option<usize>,
    pub jumps: Vec<usize>,
    pub has_else: bool,
}

impl Lower<'_, '_> {
    pub(super) fn unless(&mut self, condition: Condition) -> usize {
        self.conditions.push(condition);
        self.ops.push(Op::Unless { condition: self.conditions.len() as u32 - 1, to: 0 });
        self.ops.len() - 1
    }

    /// Ends a branch before an `elsif` or `else`.
    pub(super) fn branch(&mut self, index: usize, place: Place, is_else: bool) -> bool {
        let word = if is_else { "else" } else { "elsif" };
        let Some(block) = self.blocks.last_mut() else {
            self.scan.tag_problem(index, format!("{word} without an if before it: add the if, or remove it"));
            return false;
        };
        if block.place != place {
            self.scan.tag_problem(index, ELSEWHERE);
            return false;
        }
        if block.has_else {
            self.scan.tag_problem(index, format!("{word} after else: only endif may follow"));
            return false;
        }
        block.has_else = is_else;
        block.jumps.push(self.ops.len());
        let unless = block.unless.take();
        self.ops.push(Op::Jump { to: 0 });
        self.land(unless);
        true
    }

    pub(super) fn end_if(&mut self, index: usize, place: Place) {
        let Some(block) = self.blocks.pop() else {
            self.scan.tag_problem(index, "end of an if that never began: add the if, or remove the end");
            return;
        };
        if block.place != place {
            self.scan.tag_problem(index, ELSEWHERE);
        }
        for jump in block.jumps.into_iter().chain(block.unless) {
            self.land(Some(jump));
        }
    }

    /// Lets a jump lead to what comes next.
    pub(super) fn land(&mut self, jump: Option<usize>) {
        let here = self.ops.len() as u32;
        self.landing = here;
        if let Some(Op::Jump { to } | Op::Unless { to, .. }) = jump.and_then(|jump| self.ops.get_mut(jump)) {
            *to = here;
        }
    }
}

const ELSEWHERE: &str = "an if must end where it began: in the same text or the same attribute value";
