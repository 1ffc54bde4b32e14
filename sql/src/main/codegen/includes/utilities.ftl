<#-- SET, EXPLAIN, CALL, maintenance, and what wraps a query. -->

SqlNode PandoSet() :
{
    final Span s;
    final Statement statement;
    final TransactionStatement.Modes modes;
    final SqlIdentifier schema;
    final String text;
}
{
    <SET> { s = span(); }
    (
        LOOKAHEAD(<TRANSACTION> ( <READ> | <ISOLATION> ))
        <TRANSACTION> modes = PandoModes() { statement = new TransactionStatement.SetModes(false, modes); }
    |
        LOOKAHEAD(<SESSION> <CHARACTERISTICS>)
        <SESSION> <CHARACTERISTICS> <AS> <TRANSACTION> modes = PandoModes()
        { statement = new TransactionStatement.SetModes(true, modes); }
    |
        LOOKAHEAD(<SCHEMA> ( StringLiteral() | SimpleIdentifier() ))
        <SCHEMA>
        (
            text = PandoText()
            { statement = new UtilityStatement.SetSchema(new SqlIdentifier(text, getPos())); }
        |
            schema = SimpleIdentifier() { statement = new UtilityStatement.SetSchema(schema); }
        )
    |
        statement = PandoSetting(false)
    )
    { return new StatementNode(s.end(this), statement); }
}

Statement PandoSetting(boolean system) :
{
    final SqlIdentifier name;
    final String value;
}
{
    name = SimpleIdentifier() ( <EQ> | <TO> ) value = PandoSettingValue()
    { return new UtilityStatement.SetSetting(system, name, value); }
}

String PandoSettingValue() :
{
    final String text;
    final SqlIdentifier word;
}
{
    text = PandoText() { return text; }
|
    ( <TRUE> | <FALSE> | <ON> ) { return token.image.toLowerCase(Locale.ROOT); }
|
    <DEFAULT_> { return null; }
|
    ( <UNSIGNED_INTEGER_LITERAL> | <DECIMAL_NUMERIC_LITERAL> ) { return token.image; }
|
    <MINUS> ( <UNSIGNED_INTEGER_LITERAL> | <DECIMAL_NUMERIC_LITERAL> ) { return "-" + token.image; }
|
    word = SimpleIdentifier() { return word.getSimple(); }
}

SqlNode PandoCheckDatabase() :
{
    final Span s;
}
{
    <CHECK> { s = span(); } <DATABASE>
    { return new StatementNode(s.end(this), new UtilityStatement.CheckDatabase()); }
}

SqlNode PandoCompactDatabase() :
{
    final Span s;
}
{
    <COMPACT> { s = span(); } <DATABASE>
    { return new StatementNode(s.end(this), new UtilityStatement.CompactDatabase()); }
}

SqlNode PandoBackup() :
{
    final Span s;
    final String path;
}
{
    <BACKUP> { s = span(); } <TO> path = PandoText()
    { return new StatementNode(s.end(this), new UtilityStatement.Backup(path)); }
}

SqlNode PandoExplain() :
{
    final Span s;
    final SqlNode statement;
}
{
    <EXPLAIN> { s = span(); } [ <PLAN> <FOR> ]
    (
        statement = PandoInsert()
    |
        statement = SqlDelete()
    |
        statement = SqlUpdate()
    |
        statement = SqlMerge()
    |
        statement = PandoQuery()
    )
    { return new StatementNode(s.end(this), new UtilityStatement.Explain(statement)); }
}

SqlNode PandoCall() :
{
    final Span s;
    final SqlIdentifier procedure;
    final SqlIdentifier sequence;
    final List<UtilityStatement.Argument> arguments = new ArrayList<UtilityStatement.Argument>();
}
{
    <CALL> { s = span(); }
    <#-- As HSQLDB and H2 have it; object-relational mappers ask for keys that way. -->
    (
        LOOKAHEAD(3) <NEXT> <VALUE> <FOR> sequence = CompoundIdentifier()
        {
            final SqlNodeList value = SqlNodeList.of(SqlStdOperatorTable.NEXT_VALUE.createCall(s.end(this), sequence));
            return new SqlSelect(
                s.end(this), null, value, null, null, null, null, null, null, null, null, null, null);
        }
    |
    procedure = CompoundIdentifier()
    [
        <LPAREN>
        [ PandoArgument(arguments) ( <COMMA> PandoArgument(arguments) )* ]
        <RPAREN>
    ]
    { return new StatementNode(s.end(this), new UtilityStatement.Call(procedure, arguments)); }
    )
}

void PandoArgument(List<UtilityStatement.Argument> arguments) :
{
    SqlIdentifier name = null;
    final SqlNode value;
}
{
    [ LOOKAHEAD(SimpleIdentifier() <NAMED_ARGUMENT_ASSIGNMENT>) name = SimpleIdentifier() <NAMED_ARGUMENT_ASSIGNMENT> ]
    value = Expression(ExprContext.ACCEPT_NON_QUERY)
    { arguments.add(new UtilityStatement.Argument(name, value)); }
}

SqlNode PandoInsert() :
{
    final Span s;
    final List<SqlLiteral> keywords = new ArrayList<SqlLiteral>();
    final SqlIdentifier table;
    List<SqlIdentifier> names = null;
    final SqlNode source;
}
{
    ( <INSERT> | <UPSERT> { keywords.add(SqlInsertKeyword.UPSERT.symbol(getPos())); } )
    { s = span(); }
    <INTO> table = CompoundTableIdentifier()
    (
        <DEFAULT_> <VALUES> {
            return new StatementNode(s.end(this), new UtilityStatement.InsertDefaults(table));
        }
    |
        [ LOOKAHEAD(<LPAREN> SimpleIdentifier() ( <COMMA> | <RPAREN> )) names = PandoNames() ]
        source = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) {
            return new SqlInsert(
                s.end(source),
                new SqlNodeList(keywords, SqlParserPos.ZERO),
                table,
                source,
                names == null ? null : new SqlNodeList(names, SqlParserPos.ZERO));
        }
    )
}

SqlNode PandoQuery() :
{
    final SqlNode query;
    boolean noWait = false;
}
{
    query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    (
        <FOR> <UPDATE> [ <NOWAIT> { noWait = true; } ] {
            return new StatementNode(
                Span.of(query).end(this), new UtilityStatement.ForUpdate(query, noWait));
        }
    |
        { return query; }
    )
}
