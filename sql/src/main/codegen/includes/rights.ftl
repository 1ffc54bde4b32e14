<#-- Users, GRANT, REVOKE. -->

SqlNode PandoGrant() :
{
    final Span s;
    final Set<RightsStatement.Privilege> privileges;
    final List<SqlIdentifier> tables;
    final RightsStatement.Grantee grantee;
    final Role role;
    final SqlIdentifier user;
}
{
    <GRANT> { s = span(); }
    [
        LOOKAHEAD(SimpleIdentifier() <TO>)
        role = PandoRole() <TO> user = SimpleIdentifier()
        { return new StatementNode(s.end(this), new RightsStatement.GrantRole(false, role, user)); }
    ]
    privileges = PandoPrivileges() <ON> tables = PandoGrantTables() <TO> grantee = PandoGrantee()
    { return new StatementNode(s.end(this), new RightsStatement.Grant(false, privileges, tables, grantee)); }
}

SqlNode PandoRevoke() :
{
    final Span s;
    final Set<RightsStatement.Privilege> privileges;
    final List<SqlIdentifier> tables;
    final RightsStatement.Grantee grantee;
    final Role role;
    final SqlIdentifier user;
}
{
    <REVOKE> { s = span(); }
    [
        LOOKAHEAD(SimpleIdentifier() <FROM>)
        role = PandoRole() <FROM> user = SimpleIdentifier()
        { return new StatementNode(s.end(this), new RightsStatement.GrantRole(true, role, user)); }
    ]
    privileges = PandoPrivileges() <ON> tables = PandoGrantTables() <FROM> grantee = PandoGrantee()
    { return new StatementNode(s.end(this), new RightsStatement.Grant(true, privileges, tables, grantee)); }
}

Set<RightsStatement.Privilege> PandoPrivileges() :
{
    final Set<RightsStatement.Privilege> privileges = EnumSet.noneOf(RightsStatement.Privilege.class);
}
{
    (
        <ALL> [ <PRIVILEGES> ] { privileges.addAll(EnumSet.allOf(RightsStatement.Privilege.class)); }
    |
        PandoPrivilege(privileges) ( <COMMA> PandoPrivilege(privileges) )*
    )
    { return privileges; }
}

void PandoPrivilege(Set<RightsStatement.Privilege> privileges) :
{
}
{
    <SELECT> { privileges.add(RightsStatement.Privilege.SELECT); }
|
    <INSERT> { privileges.add(RightsStatement.Privilege.INSERT); }
|
    <UPDATE> { privileges.add(RightsStatement.Privilege.UPDATE); }
|
    <DELETE> { privileges.add(RightsStatement.Privilege.DELETE); }
|
    <ALTER> { privileges.add(RightsStatement.Privilege.ALTER); }
}

List<SqlIdentifier> PandoGrantTables() :
{
    final List<SqlIdentifier> tables = new ArrayList<SqlIdentifier>();
    SqlIdentifier name;
}
{
    (
        <STAR>
    |
        [ LOOKAHEAD(2) <TABLE> ]
        name = CompoundIdentifier() { tables.add(name); }
        ( <COMMA> name = CompoundIdentifier() { tables.add(name); } )*
    )
    { return tables; }
}

RightsStatement.Grantee PandoGrantee() :
{
    final String peer;
    final SqlIdentifier user;
}
{
    LOOKAHEAD(<PEER> <ANY>)
    <PEER> <ANY> { return new RightsStatement.AnyPeer(); }
|
    LOOKAHEAD(<PEER> StringLiteral())
    <PEER> peer = PandoText() { return new RightsStatement.Peer(peer); }
|
    user = SimpleIdentifier() { return new RightsStatement.User(user); }
}

Statement PandoCreateUser() :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final String password;
    Role role = Role.WRITER;
}
{
    ifNotExists = PandoIfNotExists()
    name = SimpleIdentifier()
    <PASSWORD> password = PandoText()
    [ <ROLE> role = PandoRole() ]
    { return new RightsStatement.CreateUser(name, ifNotExists, password, role); }
}

Statement PandoAlterUser() :
{
    final SqlIdentifier name;
    String password = null;
    Role role = null;
}
{
    name = SimpleIdentifier()
    (
        <PASSWORD> password = PandoText() [ <ROLE> role = PandoRole() ]
    |
        <ROLE> role = PandoRole()
    )
    { return new RightsStatement.AlterUser(name, password, role); }
}

Role PandoRole() :
{
    final SqlIdentifier name;
}
{
    name = SimpleIdentifier() {
        for (Role role : Role.values()) {
            if (role.name().equalsIgnoreCase(name.getSimple())) {
                return role;
            }
        }
        throw new GrammarException("a role is expected: ADMIN, WRITER, READER or GUEST", getPos());
    }
}
