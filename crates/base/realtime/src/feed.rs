//! Which events leave, under which name, and who may hear them.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;

use rampart_access::{Ctx, Permission, Rule};
use rampart_store::Event;
use rampart_web::ApiError;

/// Who may hear an event.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Audience {
    /// Whoever passes the rule in the workspace in which it happened.
    Workspace(Rule),
    /// The user whom its `userId` names.
    User,
    /// Who administers the installation.
    Admins,
}

/// How an event is told.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub name: String,
    pub audience: Audience,
}

type Checked = Pin<Box<dyn Future<Output = Result<(), ApiError>> + Send>>;

/// A kind of thing whose events can be subscribed to by its id.
#[derive(Clone)]
pub(crate) struct Room {
    /// The field of events that holds the id.
    pub field: &'static str,
    /// Whether the caller may know that it exists.
    pub check: Arc<dyn Fn(Ctx, String) -> Checked + Send + Sync>,
}

/// Takes note that a user has seen the notifications of these ids.
pub(crate) type Acknowledge = Arc<dyn Fn(Ctx, Vec<String>) -> Checked + Send + Sync>;

/// What the modules let out.
#[derive(Clone, Default)]
pub struct Feed {
    lines: HashMap<&'static str, Line>,
    doubts: Vec<&'static str>,
    rooms: HashMap<&'static str, Room>,
    acknowledge: Option<Acknowledge>,
}

impl Feed {
    pub fn new() -> Feed {
        Feed::default()
    }

    /// `E` is told to whoever holds `P` in the workspace in which it happened.
    #[must_use]
    pub fn to_workspace<E: Event, P: Permission>(self) -> Feed {
        self.tell(E::NAME, Audience::Workspace(Rule::of::<P>()))
    }

    /// `E` is told to the user whom its `userId` names, wherever that user is.
    #[must_use]
    pub fn to_user<E: Event>(self) -> Feed {
        self.tell(E::NAME, Audience::User)
    }

    /// `E` is told to who administers the installation.
    #[must_use]
    pub fn to_admins<E: Event>(self) -> Feed {
        self.tell(E::NAME, Audience::Admins)
    }

    /// `E`, which was declared before, under another name than its own with a colon for its first dot.
    ///
    /// # Panics
    /// When it was not: a mistake in the program.
    #[must_use]
    pub fn under<E: Event>(mut self, name: &str) -> Feed {
        let line = self.lines.get_mut(E::NAME).unwrap_or_else(|| panic!("{} is told to nobody", E::NAME));
        line.name = name.to_owned();
        self
    }

    /// After `E`, whoever its `userId` names may no longer be who they were, or have the part they had; without that field, all of
    /// its workspace. Their sockets are looked at again.
    #[must_use]
    pub fn doubts<E: Event>(mut self) -> Feed {
        self.doubts.push(E::NAME);
        self
    }

    /// `<kind>:<id>` can be subscribed to: events whose `field` is the id. `check` refuses what the caller may not know of.
    #[must_use]
    pub fn room<F, T>(mut self, kind: &'static str, field: &'static str, check: F) -> Feed
    where
        F: Fn(Ctx, String) -> T + Send + Sync + 'static,
        T: Future<Output = Result<(), ApiError>> + Send + 'static,
    {
        self.rooms.insert(kind, Room { field, check: Arc::new(move |ctx, id| Box::pin(check(ctx, id))) });
        self
    }

    /// What is done when somebody says on `/ws/notifications` that they have seen some.
    #[must_use]
    pub fn acknowledged<F, T>(mut self, note: F) -> Feed
    where
        F: Fn(Ctx, Vec<String>) -> T + Send + Sync + 'static,
        T: Future<Output = Result<(), ApiError>> + Send + 'static,
    {
        self.acknowledge = Some(Arc::new(move |ctx, ids| Box::pin(note(ctx, ids))));
        self
    }

    /// With what another module lets out.
    #[must_use]
    pub fn and(mut self, other: Feed) -> Feed {
        self.lines.extend(other.lines);
        self.doubts.extend(other.doubts);
        self.rooms.extend(other.rooms);
        self.acknowledge = self.acknowledge.or(other.acknowledge);
        self
    }

    /// # Panics
    /// When the event is told twice: a mistake in the program.
    fn tell(mut self, event: &'static str, audience: Audience) -> Feed {
        let line = Line { name: event.replacen('.', ":", 1), audience };
        assert!(self.lines.insert(event, line).is_none(), "{event} is told twice");
        self
    }

    pub(crate) fn line(&self, event: &str) -> Option<&Line> {
        self.lines.get(event)
    }

    pub(crate) fn is_doubt(&self, event: &str) -> bool {
        self.doubts.contains(&event)
    }

    pub(crate) fn find_room(&self, kind: &str) -> Option<&Room> {
        self.rooms.get(kind)
    }

    pub(crate) fn rooms(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.rooms.iter().map(|(kind, room)| (*kind, room.field))
    }

    pub(crate) fn acknowledge(&self) -> Option<&Acknowledge> {
        self.acknowledge.as_ref()
    }

    /// The bus names of what a workspace may be told, for those who look back.
    pub(crate) fn of_workspaces(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self
            .lines
            .iter()
            .filter(|(_, line)| matches!(line.audience, Audience::Workspace(_)))
            .map(|(name, _)| *name)
            .collect();
        names.sort_unstable();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Serialize)]
    struct Decided {}
    impl Event for Decided {
        const NAME: &'static str = "approval.approved";
    }

    #[test]
    fn an_event_is_told_under_its_name_with_a_colon_or_under_another() {
        let feed = Feed::new().to_admins::<Decided>();
        assert_eq!(feed.line("approval.approved").unwrap().name, "approval:approved");
        let feed = feed.under::<Decided>("approval:decided");
        assert_eq!(feed.line("approval.approved").unwrap().name, "approval:decided");
        assert!(feed.line("approval.rejected").is_none(), "what nobody declared does not leave");
    }
}
