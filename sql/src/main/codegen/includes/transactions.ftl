<#-- Transactions. -->

SqlNode PandoCommit() :
{
    final Span s;
}
{
    <COMMIT> { s = span(); } [ <WORK> | <TRANSACTION> ]
    { return new StatementNode(s.end(this), new TransactionStatement.Commit()); }
}

SqlNode PandoRollback() :
{
    final Span s;
    SqlIdentifier savepoint = null;
}
{
    <ROLLBACK> { s = span(); } [ <WORK> | <TRANSACTION> ]
    [ <TO> [ <SAVEPOINT> ] savepoint = SimpleIdentifier() ]
    { return new StatementNode(s.end(this), new TransactionStatement.Rollback(savepoint)); }
}

SqlNode PandoSavepoint() :
{
    final Span s;
    final SqlIdentifier name;
}
{
    <SAVEPOINT> { s = span(); } name = SimpleIdentifier()
    { return new StatementNode(s.end(this), new TransactionStatement.Savepoint(name)); }
}

SqlNode PandoRelease() :
{
    final Span s;
    final SqlIdentifier name;
}
{
    <RELEASE> { s = span(); } [ <SAVEPOINT> ] name = SimpleIdentifier()
    { return new StatementNode(s.end(this), new TransactionStatement.Release(name)); }
}

SqlNode PandoStart() :
{
    final Span s;
    TransactionStatement.Modes modes = new TransactionStatement.Modes(null, null);
}
{
    (
        <START> { s = span(); } <TRANSACTION> [ modes = PandoModes() ]
    |
        <BEGIN> { s = span(); } [ <WORK> | <TRANSACTION> ] [ modes = PandoModes() ]
    )
    { return new StatementNode(s.end(this), new TransactionStatement.Start(modes)); }
}

TransactionStatement.Modes PandoModes() :
{
    TransactionStatement.Modes modes = new TransactionStatement.Modes(null, null);
}
{
    modes = PandoMode(modes) ( [ <COMMA> ] modes = PandoMode(modes) )*
    { return modes; }
}

TransactionStatement.Modes PandoMode(TransactionStatement.Modes modes) :
{
    final TransactionStatement.Level level;
}
{
    LOOKAHEAD(2)
    <READ> <ONLY> { return new TransactionStatement.Modes(modes.level(), true); }
|
    <READ> <WRITE> { return new TransactionStatement.Modes(modes.level(), false); }
|
    <ISOLATION> <LEVEL> level = PandoLevel() { return new TransactionStatement.Modes(level, modes.readOnly()); }
}

TransactionStatement.Level PandoLevel() :
{
}
{
    LOOKAHEAD(2)
    <READ> <UNCOMMITTED> { return TransactionStatement.Level.READ_UNCOMMITTED; }
|
    <READ> <COMMITTED> { return TransactionStatement.Level.READ_COMMITTED; }
|
    <REPEATABLE> <READ> { return TransactionStatement.Level.REPEATABLE_READ; }
|
    <SERIALIZABLE> { return TransactionStatement.Level.SERIALIZABLE; }
}
