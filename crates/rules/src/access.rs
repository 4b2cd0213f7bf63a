//! Who may do what: role × action × unit subtree × register, decided by a pure function over grants.
//!
//! A grant on a unit covers its subtree and the units that flowed whole into it (the ward answers for the dossiers of the wards
//! that it was made of). A grant on a former unit does not grow into its successor: after a merger somebody grants anew.

use serde::{Deserialize, Serialize};

use crate::{
    Refusal,
    units::{UnitKey, UnitTree},
};

/// What a person is there for. A person may hold several roles over several units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the system: accounts, packs, settings. Has no say over figures.
    Admin,
    /// Chairs: assigns, approves, decides between contradicting figures, closes a period.
    Leader,
    /// The steering committee's working group: keeps programme and figures together.
    Coordinator,
    /// Reports for a unit.
    WardOfficer,
    /// Keeps registers, imports.
    DataOfficer,
    /// Sees everything including the ledger, changes nothing.
    Auditor,
    Viewer,
}

impl Role {
    pub const ALL: [Self; 7] =
        [Self::Admin, Self::Leader, Self::Coordinator, Self::WardOfficer, Self::DataOfficer, Self::Auditor, Self::Viewer];

    /// The reviewed table; the test below is its snapshot.
    #[must_use]
    pub fn allows(self, action: Action) -> bool {
        use Action::{Approve, Assign, Audit, Configure, Decide, Edit, Freeze, Import, ManageAccounts, Submit, View};
        match self {
            Self::Admin => matches!(action, View | Configure | Import | Audit | ManageAccounts),
            Self::Leader => matches!(action, View | Approve | Assign | Decide | Freeze | Audit),
            Self::Coordinator => matches!(action, View | Edit | Submit | Approve | Assign | Freeze | Import),
            Self::WardOfficer => matches!(action, View | Edit | Submit),
            Self::DataOfficer => matches!(action, View | Edit | Submit | Import),
            Self::Auditor => matches!(action, View | Audit),
            Self::Viewer => matches!(action, View),
        }
    }

    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Leader => "leader",
            Self::Coordinator => "coordinator",
            Self::WardOfficer => "ward_officer",
            Self::DataOfficer => "data_officer",
            Self::Auditor => "auditor",
            Self::Viewer => "viewer",
        }
    }
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    View,
    Edit,
    /// Hand in for approval.
    Submit,
    /// Approve or return what the level below handed in.
    Approve,
    /// Give work to units.
    Assign,
    /// Choose between contradicting figures or deadlines, with a reason; take decisions on dossiers.
    Decide,
    /// Close a period.
    Freeze,
    Import,
    /// Packs, definitions, units.
    Configure,
    /// Read the ledger and who did what.
    Audit,
    ManageAccounts,
}

impl Action {
    pub const ALL: [Self; 11] = [
        Self::View,
        Self::Edit,
        Self::Submit,
        Self::Approve,
        Self::Assign,
        Self::Decide,
        Self::Freeze,
        Self::Import,
        Self::Configure,
        Self::Audit,
        Self::ManageAccounts,
    ];

    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Edit => "edit",
            Self::Submit => "submit",
            Self::Approve => "approve",
            Self::Assign => "assign",
            Self::Decide => "decide",
            Self::Freeze => "freeze",
            Self::Import => "import",
            Self::Configure => "configure",
            Self::Audit => "audit",
            Self::ManageAccounts => "manage_accounts",
        }
    }
}

macro_rules! from_id {
    ($($t:ident, $code:literal);*) => {$(
        impl std::str::FromStr for $t {
            type Err = Refusal;
            fn from_str(s: &str) -> Result<Self, Refusal> {
                Self::ALL.into_iter().find(|x| x.id() == s).ok_or_else(|| {
                    Refusal::new($code).with("text", s).with("known", Self::ALL.map(Self::id).join(", "))
                })
            }
        }
        impl std::fmt::Display for $t {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.id())
            }
        }
    )*};
}
from_id!(Role, "access.unknown_role"; Action, "access.unknown_action");

/// One role over one unit, in all registers or in one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub role: Role,
    pub unit: UnitKey,
    #[serde(default)]
    pub register: Option<String>,
}

/// Who acts. Not deserialisable: an actor comes from a session or from the program itself, never from a request's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Account id as the ledger records it.
    pub account: String,
    /// Name for people.
    pub name: String,
    pub grants: Vec<Grant>,
    kind: ActorKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ActorKind {
    Person,
    /// The program itself, on behalf of a command line or a schedule.
    System,
    /// The public.
    Anonymous,
}

impl Actor {
    /// A signed-in person or service account.
    #[must_use]
    pub fn new(account: impl Into<String>, name: impl Into<String>, grants: Vec<Grant>) -> Self {
        Self { account: account.into(), name: name.into(), grants, kind: ActorKind::Person }
    }

    /// The program itself: imports and simulation started on the command line, schedules. May do everything; the ledger names it.
    #[must_use]
    pub fn system() -> Self {
        Self { account: "system".into(), name: "Hải Đăng".into(), grants: Vec::new(), kind: ActorKind::System }
    }

    /// The public: no grants.
    #[must_use]
    pub fn anonymous() -> Self {
        Self { account: "anonymous".into(), name: String::new(), grants: Vec::new(), kind: ActorKind::Anonymous }
    }

    #[must_use]
    pub fn is_system(&self) -> bool {
        self.kind == ActorKind::System
    }
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.kind == ActorKind::Anonymous
    }
    /// Whether any grant holds this role, wherever.
    #[must_use]
    pub fn has_role(&self, role: Role) -> bool {
        self.grants.iter().any(|g| g.role == role)
    }
}

/// Decides one action on one unit's data. `register` is `None` for what belongs to no register (settings, accounts, reports over
/// all); such an action needs a grant without a register. `unit` is the index of the unit concerned; `None` means everything,
/// for which the grant must be on a unit without a parent. (Where the tenant is a city inside a larger tree, ask for the city's unit.)
///
/// # Errors
/// `access.sign_in` for the public; `access.role` (action, roles) when no role of the actor allows the action;
/// `access.register` (action, register) and `access.unit` (action, unit, name) when one does, but not there.
pub fn decide(actor: &Actor, action: Action, register: Option<&str>, unit: Option<u32>, tree: &UnitTree) -> Result<(), Refusal> {
    check(actor, action, register, unit, tree, |top, idx| tree.covers(top, idx))
}

/// Like [`decide`], but the grant must be on a unit of a higher level: what a unit hands in is approved by the level above, not by
/// itself and not by the ward that it became.
///
/// # Errors
/// As [`decide`].
pub fn decide_from_above(actor: &Actor, action: Action, register: Option<&str>, unit: u32, tree: &UnitTree) -> Result<(), Refusal> {
    check(actor, action, register, Some(unit), tree, |top, idx| tree.unit(top).level < tree.unit(idx).level && tree.covers(top, idx))
}

/// Nobody approves their own work, whatever their roles.
///
/// # Errors
/// `access.own_work` (action, account) when the actor is the one who did it.
pub fn decide_second_person(actor: &Actor, action: Action, done_by: &str) -> Result<(), Refusal> {
    if actor.account == done_by && !actor.is_system() {
        return Err(Refusal::new("access.own_work").with("action", action).with("account", done_by));
    }
    Ok(())
}

fn check(
    actor: &Actor,
    action: Action,
    register: Option<&str>,
    unit: Option<u32>,
    tree: &UnitTree,
    reaches: impl Fn(u32, u32) -> bool,
) -> Result<(), Refusal> {
    match actor.kind {
        ActorKind::System => return Ok(()),
        ActorKind::Anonymous => return Err(Refusal::new("access.sign_in").with("action", action)),
        ActorKind::Person => {}
    }
    let mut by_role = actor.grants.iter().filter(|g| g.role.allows(action)).peekable();
    if by_role.peek().is_none() {
        let roles: Vec<_> = actor.grants.iter().map(|g| g.role.id()).collect();
        return Err(Refusal::new("access.role").with("action", action).with("roles", roles.join(", ")));
    }
    let mut by_register = by_role.filter(|g| grant_reaches_register(g, register)).peekable();
    if by_register.peek().is_none() {
        return Err(Refusal::new("access.register").with("action", action).with("register", register.unwrap_or_default()));
    }
    let allowed = by_register.any(|g| match (tree.idx(&g.unit), unit) {
        (Some(top), Some(idx)) => reaches(top, idx),
        (Some(top), None) => tree.parent(top).is_none(),
        (None, _) => false,
    });
    if allowed {
        return Ok(());
    }
    let (key, name) = unit.map_or_else(Default::default, |i| (tree.key(i).to_string(), tree.unit(i).name.vi.clone()));
    Err(Refusal::new("access.unit").with("action", action).with("unit", key).with("name", name))
}

fn grant_reaches_register(grant: &Grant, register: Option<&str>) -> bool {
    grant.register.is_none() || grant.register.as_deref() == register
}

/// Where an actor may do an action: for lists and drill-down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    Everywhere,
    /// Indices in ascending order; may be empty.
    Units(Vec<u32>),
}

impl Scope {
    #[must_use]
    pub fn contains(&self, idx: u32) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Units(list) => list.binary_search(&idx).is_ok(),
        }
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Units(list) if list.is_empty())
    }
}

/// All units on whose data the actor may do an action. Agrees with [`decide`] unit by unit.
#[must_use]
pub fn scope(actor: &Actor, action: Action, register: Option<&str>, tree: &UnitTree) -> Scope {
    match actor.kind {
        ActorKind::System => return Scope::Everywhere,
        ActorKind::Anonymous => return Scope::Units(Vec::new()),
        ActorKind::Person => {}
    }
    let mut tops: Vec<u32> = actor
        .grants
        .iter()
        .filter(|g| g.role.allows(action) && grant_reaches_register(g, register))
        .filter_map(|g| tree.idx(&g.unit))
        .collect();
    tops.sort_unstable();
    tops.dedup();
    Scope::Units((0..tree.len()).filter(|i| tops.iter().any(|top| tree.covers(*top, *i))).collect())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use rstest::rstest;

    use super::*;
    use crate::{
        Localized,
        units::{Succession, Unit, UnitKind},
    };

    fn key(text: &str) -> UnitKey {
        text.parse().unwrap()
    }

    /// A city of two old wards that became one ward of a province.
    fn tree() -> UnitTree {
        let day = date(2025, 7, 1);
        let unit = |k: &str, ends: bool, kind, parent: Option<&str>| Unit {
            key: key(k),
            valid_to: ends.then_some(day),
            name: Localized::new(k, k),
            short: None,
            kind,
            level: 0,
            parent: parent.map(key),
            org_code: None,
            aliases: Vec::new(),
        };
        let units = vec![
            unit("79@2000-01-01", false, UnitKind::Province, None),
            unit("747@2000-01-01", true, UnitKind::District, Some("79@2000-01-01")),
            unit("1@2000-01-01", true, UnitKind::Ward, Some("747@2000-01-01")),
            unit("2@2000-01-01", true, UnitKind::Ward, Some("747@2000-01-01")),
            unit("1@2025-07-01", false, UnitKind::Ward, Some("79@2000-01-01")),
            unit("3@2025-07-01", false, UnitKind::Ward, Some("79@2000-01-01")),
        ];
        let whole = |from: &str| Succession {
            from: key(from),
            to: key("1@2025-07-01"),
            on: day,
            whole: true,
            share: None,
            legal_basis: "test".into(),
        };
        UnitTree::build(units, vec![whole("1@2000-01-01"), whole("2@2000-01-01")]).unwrap()
    }

    fn person(grants: &[(Role, &str, Option<&str>)]) -> Actor {
        let grants = grants.iter().map(|(role, unit, r)| Grant { role: *role, unit: key(unit), register: r.map(str::to_owned) });
        Actor::new("a1", "Nguyễn Văn A", grants.collect())
    }

    #[test]
    fn reviewed_table() {
        let mut table = String::new();
        for role in Role::ALL {
            let actions: Vec<_> = Action::ALL.into_iter().filter(|a| role.allows(*a)).map(Action::id).collect();
            table += &format!("{:12} {}\n", role.id(), actions.join(" "));
        }
        insta::assert_snapshot!(table, @r"
        admin        view import configure audit manage_accounts
        leader       view approve assign decide freeze audit
        coordinator  view edit submit approve assign freeze import
        ward_officer view edit submit
        data_officer view edit submit import
        auditor      view audit
        viewer       view
        ");
    }

    #[rstest]
    #[case("1@2025-07-01", true)] // her ward
    #[case("1@2000-01-01", true)] // a ward that went whole into hers
    #[case("2@2000-01-01", true)]
    #[case("3@2025-07-01", false)]
    #[case("747@2000-01-01", false)]
    #[case("79@2000-01-01", false)]
    fn a_ward_officer_reaches_the_ward_and_what_it_was_made_of(#[case] unit: &str, #[case] allowed: bool) {
        let tree = tree();
        let officer = person(&[(Role::WardOfficer, "1@2025-07-01", None)]);
        let answer = decide(&officer, Action::Edit, Some("dossier"), tree.idx(&key(unit)), &tree);
        assert_eq!(answer.is_ok(), allowed);
        if let Err(refusal) = answer {
            assert_eq!(refusal.code, "access.unit");
        }
    }

    #[test]
    fn refusals_say_which_of_role_register_and_unit_is_missing() {
        let tree = tree();
        let ward = tree.idx(&key("1@2025-07-01"));
        let code = |actor: &Actor, action, register, unit| decide(actor, action, register, unit, &tree).unwrap_err().code;
        assert_eq!(code(&Actor::anonymous(), Action::View, Some("dossier"), ward), "access.sign_in");
        assert_eq!(code(&person(&[]), Action::View, Some("dossier"), ward), "access.role");
        let officer = person(&[(Role::DataOfficer, "79@2000-01-01", Some("dossier")), (Role::Viewer, "3@2025-07-01", None)]);
        assert!(decide(&officer, Action::Import, Some("dossier"), ward, &tree).is_ok());
        assert_eq!(code(&officer, Action::Decide, Some("dossier"), ward), "access.role");
        assert_eq!(code(&officer, Action::Import, Some("camera"), ward), "access.register");
        assert_eq!(code(&officer, Action::Import, None, ward), "access.register", "a grant on one register is none on the whole");
        assert_eq!(code(&officer, Action::View, Some("camera"), ward), "access.unit");
        let ghost = person(&[(Role::Leader, "99@2025-07-01", None)]);
        assert_eq!(code(&ghost, Action::View, None, ward), "access.unit", "a grant on an unknown unit gives nothing");
    }

    #[test]
    fn the_whole_tenant_needs_a_grant_at_the_top() {
        let tree = tree();
        assert!(decide(&person(&[(Role::Admin, "79@2000-01-01", None)]), Action::ManageAccounts, None, None, &tree).is_ok());
        let refusal = decide(&person(&[(Role::Admin, "1@2025-07-01", None)]), Action::ManageAccounts, None, None, &tree).unwrap_err();
        assert_eq!(refusal.code, "access.unit");
        assert!(decide(&Actor::system(), Action::Import, None, None, &tree).is_ok());
    }

    #[test]
    fn approval_comes_from_above_and_from_another_person() {
        let tree = tree();
        let ward = tree.idx(&key("1@2025-07-01")).unwrap();
        let old_ward = tree.idx(&key("2@2000-01-01")).unwrap();
        let chair = person(&[(Role::Leader, "1@2025-07-01", None)]);
        assert!(decide(&chair, Action::Approve, None, Some(ward), &tree).is_ok());
        assert_eq!(decide_from_above(&chair, Action::Approve, None, ward, &tree).unwrap_err().code, "access.unit");
        assert_eq!(decide_from_above(&chair, Action::Approve, None, old_ward, &tree).unwrap_err().code, "access.unit");
        let province = person(&[(Role::Leader, "79@2000-01-01", None)]);
        assert!(decide_from_above(&province, Action::Approve, None, ward, &tree).is_ok());
        assert!(decide_from_above(&province, Action::Approve, None, old_ward, &tree).is_ok());
        assert_eq!(decide_second_person(&province, Action::Approve, "a1").unwrap_err().code, "access.own_work");
        assert!(decide_second_person(&province, Action::Approve, "a2").is_ok());
    }

    #[test]
    fn scope_agrees_with_decide() {
        let tree = tree();
        let actors = [
            Actor::anonymous(),
            Actor::system(),
            person(&[(Role::WardOfficer, "1@2025-07-01", None), (Role::Viewer, "3@2025-07-01", Some("dossier"))]),
            person(&[(Role::Coordinator, "747@2000-01-01", None)]),
            person(&[(Role::Admin, "79@2000-01-01", None), (Role::DataOfficer, "2@2000-01-01", Some("camera"))]),
        ];
        for actor in &actors {
            for action in Action::ALL {
                for register in [None, Some("dossier"), Some("camera")] {
                    let scope = scope(actor, action, register, &tree);
                    for i in 0..tree.len() {
                        assert_eq!(scope.contains(i), decide(actor, action, register, Some(i), &tree).is_ok());
                    }
                }
            }
        }
    }

    #[test]
    fn ids_read_back() {
        for role in Role::ALL {
            assert_eq!(role.id().parse::<Role>().unwrap(), role);
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{role}\""));
        }
        for action in Action::ALL {
            assert_eq!(action.id().parse::<Action>().unwrap(), action);
            assert_eq!(serde_json::to_string(&action).unwrap(), format!("\"{action}\""));
        }
        assert_eq!("boss".parse::<Role>().unwrap_err().code, "access.unknown_role");
    }
}
