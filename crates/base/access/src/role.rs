//! Roles, and which of them counts.

rampart_kernel::named! {
    /// What somebody is on the whole installation.
    pub enum PlatformRole {
        /// Reads only, wherever a member.
        Viewer = "viewer",
        User = "user",
        /// Counts at least as operator wherever a member.
        Operator = "operator",
        /// Has an owner's rights everywhere, and administers the installation.
        Admin = "admin",
    }
}

rampart_kernel::named! {
    /// What somebody is in a workspace; each may what those before may.
    pub enum WorkspaceRole {
        Viewer = "viewer",
        Member = "member",
        Operator = "operator",
        Admin = "admin",
        Owner = "owner",
    }
}

rampart_kernel::named! {
    /// What an API token is made for. It never may more than its user.
    pub enum Scope {
        Read = "read",
        Write = "write",
        Scan = "scan",
        Mission = "mission",
        Admin = "admin",
    }
}

impl WorkspaceRole {
    /// The role that counts: the one of the membership, as the role on the platform raises or narrows it.
    /// Nothing when there is neither membership nor administration.
    pub fn effective(platform: PlatformRole, membership: Option<WorkspaceRole>) -> Option<WorkspaceRole> {
        match (platform, membership) {
            (PlatformRole::Admin, _) => Some(WorkspaceRole::Owner),
            (_, None) => None,
            (PlatformRole::Viewer, Some(_)) => Some(WorkspaceRole::Viewer),
            (PlatformRole::Operator, Some(role)) if role >= WorkspaceRole::Member => {
                Some(role.max(WorkspaceRole::Operator))
            }
            (_, Some(role)) => Some(role),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_that_counts() {
        use PlatformRole as P;
        use WorkspaceRole as W;
        let check = |platform, membership, expected| {
            assert_eq!(WorkspaceRole::effective(platform, membership), expected, "{platform} {membership:?}");
        };
        check(P::Admin, None, Some(W::Owner));
        check(P::User, None, None);
        check(P::Operator, None, None);
        check(P::Viewer, Some(W::Owner), Some(W::Viewer));
        check(P::Operator, Some(W::Viewer), Some(W::Viewer));
        check(P::Operator, Some(W::Member), Some(W::Operator));
        check(P::Operator, Some(W::Admin), Some(W::Admin));
        for role in W::ALL {
            check(P::User, Some(*role), Some(*role));
        }
    }
}
